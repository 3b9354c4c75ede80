"""Addresses of the inbox, and of how messages are answered; part of the clinic's."""

from __future__ import annotations

from django.urls import path

from . import (
    answering,
    coverage,
    drafts,
    inbox,
    mailings,
    pools,
    replacing,
    saved_views,
    thread,
    thread_deeds,
    topics,
    wordings,
    writing,
)

THREAD = "threads/<uuid:thread_id>/"
MESSAGE = f"{THREAD}messages/<uuid:message_id>/"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("unread/", inbox.unread, name="unread"),
    path("views/", saved_views.save, name="save_view"),
    path("views/<uuid:view_id>/delete/", saved_views.delete, name="delete_view"),
    path("keyboard/", saved_views.keyboard, name="keyboard"),
    path("write/", writing.write, name="write"),
    path("write/<uuid:patient_id>/draft/", drafts.to_patient, name="write_draft"),
    path(THREAD, thread.thread, name="thread"),
    path(f"{THREAD}draft/", drafts.in_thread, name="thread_draft"),
    path(f"{THREAD}resolve/", thread_deeds.resolve, name="resolve"),
    path(f"{THREAD}reopen/", thread_deeds.reopen, name="reopen"),
    path(f"{THREAD}lock/", thread_deeds.lock, name="lock"),
    path(f"{THREAD}claim/", thread_deeds.claim, name="claim"),
    path(f"{THREAD}release/", thread_deeds.release, name="release"),
    path(f"{THREAD}pass-on/", thread_deeds.reassign, name="reassign"),
    path(f"{THREAD}arrange/", thread_deeds.arrange, name="arrange"),
    path(f"{THREAD}notes/", thread_deeds.note, name="note"),
    path(f"{THREAD}forward/", thread_deeds.forward, name="forward"),
    path(f"{THREAD}participants/", thread_deeds.add_participant, name="participants"),
    path(f"{MESSAGE}retract/", thread_deeds.retract, name="retract"),
    path(f"{MESSAGE}replace/", replacing.replace, name="replace"),
    path("away/", coverage.away, name="away"),
    path("away/<uuid:coverage_id>/end/", coverage.end, name="end_away"),
    path("templates/", wordings.wordings, name="wordings"),
    path("templates/add/", wordings.add, name="add_wording"),
    path("templates/<uuid:wording_id>/", wordings.change, name="change_wording"),
    path("templates/<uuid:wording_id>/delete/", wordings.remove, name="remove_wording"),
    path("lists/", mailings.mailings, name="mailings"),
    path("lists/new/", mailings.new, name="new_mailing"),
    path("lists/<uuid:mailing_id>/", mailings.mailing, name="mailing"),
    path("lists/<uuid:mailing_id>/progress/", mailings.progress, name="mailing_progress"),
    path("answering/", answering.answering, name="answering"),
    path("answering/closed/<int:closed_id>/open/", answering.open_again, name="open_again"),
    path("answering/topics/", topics.topics, name="topics"),
    path("answering/topics/add/", topics.add, name="add_topic"),
    path("answering/topics/<uuid:reason_id>/", topics.change, name="change_topic"),
    path("answering/pools/", pools.pools, name="pools"),
    path("answering/pools/<uuid:pool_id>/", pools.pool, name="pool"),
    path("answering/pools/<uuid:pool_id>/close/", pools.close, name="close_pool"),
    path(
        "answering/pools/<uuid:pool_id>/members/<int:pool_member_id>/end/",
        pools.leave,
        name="leave_pool",
    ),
]
