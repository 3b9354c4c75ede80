"""Others write while somebody opens a conversation: what comes in between is no alarm."""

from __future__ import annotations

from datetime import date

import pytest

from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions, opening, queries
from wellpost.server.people.actions import end_representative

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def thread(alice, dr_chen, fresh_key):
    begun = actions.start_thread(
        practice=alice.practice, patient=alice, by=dr_chen.user, subject="Results",
        body="All is well.", client_key=fresh_key(),
    )  # fmt: skip
    return begun.thread


@pytest.fixture
def just_before(monkeypatch):
    """Do something just before a step of the opening."""

    def arrange(step, deed):
        taken = getattr(opening, step)

        def done_before(*args, **kwargs):
            deed()
            return taken(*args, **kwargs)

        monkeypatch.setattr(opening, step, done_before)

    return arrange


def texts_without_alarm(thread, user):
    opened = queries.open_thread(thread.pk, user)
    assert (opened.tampered, opened.missing) == (False, 0)
    assert not AuditRow.objects.filter(outcome="alarm").exists()
    return [each.text for each in opened.messages]


def test_dr_chen_writes_when_the_thread_is_read_and_its_messages_not_yet(
    thread, alice, dr_chen, fresh_key, just_before
):
    def writes():
        actions.send_message(thread=thread, by=dr_chen.user, body="Also", client_key=fresh_key())

    just_before("_MESSAGES", writes)
    assert texts_without_alarm(thread, alice.user) == ["All is well.", "Also"]


def test_dr_chen_writes_under_a_new_key(
    thread, alice, amir, sam_staff, dr_chen, fresh_key, just_before
):
    def writes():
        end_representative(representative=amir, by=sam_staff, on=date(2021, 1, 1))
        actions.send_message(thread=thread, by=dr_chen.user, body="Also", client_key=fresh_key())

    just_before("_MESSAGES", writes)
    assert texts_without_alarm(thread, alice.user) == ["All is well.", "Also"]


def test_what_is_taken_out_while_dr_chen_writes_is_an_alarm_all_the_same(
    thread, alice, dr_chen, fresh_key, just_before, monkeypatch
):
    actions.send_message(thread=thread, by=dr_chen.user, body="Two", client_key=fresh_key())

    def writes():
        actions.send_message(thread=thread, by=dr_chen.user, body="Three", client_key=fresh_key())

    just_before("_MESSAGES", writes)
    read = opening._MESSAGES
    monkeypatch.setattr(
        opening, "_MESSAGES", lambda **asked: [e for e in read(**asked) if e.sequence != 2]
    )
    opened = queries.open_thread(thread.pk, alice.user)
    assert (opened.tampered, opened.missing) == (True, 1)
