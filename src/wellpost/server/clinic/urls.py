"""Addresses of the clinic."""

from __future__ import annotations

from django.urls import path

from . import (
    activity,
    ages,
    apps_page,
    attachments,
    calendar,
    chart,
    emergency,
    emergency_review,
    inbox_urls,
    invitations,
    keeping_urls,
    merging,
    patient,
    patients,
    people,
    practice,
    practices,
    recovering,
    representatives,
    rights,
)

app_name = "clinic"
PATIENT = "patients/<uuid:patient_id>/"
MEMBER = "people/<uuid:membership_id>/"

urlpatterns = [
    *inbox_urls.urlpatterns,
    *keeping_urls.urlpatterns,
    path("attachments/<uuid:attachment_id>/", attachments.attachment, name="attachment"),
    path("patients/", patients.patients, name="patients"),
    path("patients/add/", patients.add, name="add_patient"),
    path(PATIENT, patient.patient, name="patient"),
    path(f"{PATIENT}change/", patient.change, name="change_patient"),
    path(f"{PATIENT}invite/", invitations.invite, name="invite"),
    path(f"{PATIENT}letter/", invitations.letter, name="letter"),
    path(f"{PATIENT}lost-account/", recovering.recover, name="recover"),
    path(f"{PATIENT}representatives/", representatives.add, name="add_representative"),
    path(
        f"{PATIENT}representatives/<uuid:representative_id>/end/",
        representatives.end,
        name="end_representative",
    ),
    path(
        f"{PATIENT}representatives/<uuid:representative_id>/invite/",
        representatives.invite,
        name="invite_representative",
    ),
    path(
        f"{PATIENT}representatives/<uuid:representative_id>/letter/",
        representatives.letter,
        name="representative_letter",
    ),
    path(f"{PATIENT}chart/", chart.chart, name="chart"),
    path(f"{PATIENT}chart/<slug:section>/", chart.section, name="chart_section"),
    path(f"{PATIENT}chart/<slug:section>/over-time/", chart.series, name="chart_series"),
    path(f"{PATIENT}chart/entries/<uuid:entry_id>/", chart.entry, name="chart_entry"),
    path(
        f"{PATIENT}chart/entries/<uuid:entry_id>/files/<int:number>/",
        chart.file,
        name="chart_file",
    ),
    path(f"{PATIENT}merge/", merging.choose, name="merge"),
    path(f"{PATIENT}merge/<uuid:other_id>/", merging.merge, name="merge_with"),
    path("people/", people.people, name="people"),
    path("people/clinicians/add/", people.add_clinician, name="add_clinician"),
    path("people/staff/add/", people.add_staff, name="add_staff"),
    path(f"{MEMBER}end/", people.end, name="end_membership"),
    path(f"{MEMBER}sign-ins/", people.end_sign_ins, name="end_member_sign_ins"),
    path(f"{MEMBER}invite/", people.invite, name="invite_member"),
    path("rights/", rights.rights, name="rights"),
    path("apps/", apps_page.apps, name="apps"),
    path("apps/<int:app_id>/", apps_page.app, name="app"),
    path("practice/", practice.practice, name="practice"),
    path("practice/ages/", ages.ages, name="ages"),
    path("patients/age-changes/", ages.changes, name="age_changes"),
    path("practice/closed-days/", calendar.closed, name="closed_days"),
    path("practice/closed-days/holidays/", calendar.close_holidays, name="close_holidays"),
    path("practice/closed-days/open/", calendar.reopen, name="reopen_day"),
    path("practice/holds/", calendar.holds, name="holds"),
    path("practices/", practices.practices, name="practices"),
    path("practices/<uuid:practice_id>/", practices.choose, name="choose_practice"),
    path(f"{PATIENT}emergency/", emergency.emergency, name="emergency"),
    path(f"{PATIENT}emergency/end/", emergency.end, name="end_emergency"),
    path("emergencies/", emergency_review.emergencies, name="emergencies"),
    path("emergencies/officer/", emergency_review.officer, name="privacy_officer"),
    path(
        "emergencies/<uuid:emergency_id>/review/", emergency_review.review, name="review_emergency"
    ),
    path("audit/", activity.activity, name="audit"),
    path("audit/export/<slug:kind>/", activity.export, name="export_audit"),
]
