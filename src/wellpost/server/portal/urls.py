"""Addresses of the portal."""

from __future__ import annotations

from django.urls import path

from . import (
    apps_page,
    attachments,
    downloads,
    drafts,
    home_urls,
    inbox,
    keeping_urls,
    log,
    oversight,
    record,
    sending_on,
    thread,
    who_looked,
    writing,
)

app_name = "portal"
urlpatterns = [  # what is asked most often first
    path("threads/<uuid:thread_id>/", thread.thread, name="thread"),
    path("patients/<uuid:patient_id>/", inbox.inbox, name="patient"),
    *home_urls.urlpatterns,
    *keeping_urls.urlpatterns,
    path("", inbox.start, name="inbox"),
    path("write/", writing.start, name="write"),
    path("patients/<uuid:patient_id>/unread/", inbox.unread, name="unread"),
    path("patients/<uuid:patient_id>/write/", writing.write, name="write_for"),
    path("patients/<uuid:patient_id>/write/draft/", drafts.of_new, name="write_draft"),
    path("threads/<uuid:thread_id>/draft/", drafts.of_answer, name="thread_draft"),
    path("patients/<uuid:patient_id>/people/", oversight.representatives, name="representatives"),
    path("patients/<uuid:patient_id>/activity/", who_looked.activity, name="activity"),
    path(
        "patients/<uuid:patient_id>/activity/<uuid:event_id>/", who_looked.row, name="activity_row"
    ),
    path(
        "patients/<uuid:patient_id>/activity/<uuid:event_id>/proof/",
        who_looked.proof,
        name="activity_proof",
    ),
    path("activity/key/", who_looked.public_key, name="activity_key"),
    path("patients/<uuid:patient_id>/record/download/", downloads.start, name="download_record"),
    path("patients/<uuid:patient_id>/record/send/", sending_on.start, name="send_record"),
    path(
        "patients/<uuid:patient_id>/record/send/<uuid:sending_id>/withdraw/",
        sending_on.take_back,
        name="take_back",
    ),
    path("patients/<uuid:patient_id>/record/log/", log.log, name="record_log"),
    path("patients/<uuid:patient_id>/record/log.csv", log.file, name="record_log_file"),
    path("patients/<uuid:patient_id>/apps/", apps_page.apps, name="apps"),
    path("patients/<uuid:patient_id>/apps/<int:app_id>/end/", apps_page.end, name="end_app"),
    path("record/", record.start, name="record_start"),
    path("patients/<uuid:patient_id>/record/", record.overview, name="record"),
    path(
        "patients/<uuid:patient_id>/record/<slug:section>/", record.section, name="record_section"
    ),
    path(
        "patients/<uuid:patient_id>/record/<slug:section>/over-time/",
        record.series,
        name="record_series",
    ),
    path(
        "patients/<uuid:patient_id>/record/entries/<uuid:entry_id>/",
        record.entry,
        name="record_entry",
    ),
    path(
        "patients/<uuid:patient_id>/record/entries/<uuid:entry_id>/files/<int:number>/",
        record.file,
        name="record_file",
    ),
    path("attachments/<uuid:attachment_id>/", attachments.attachment, name="attachment"),
]
