"""Resolved, reopened, closed; taken back and replaced."""

from __future__ import annotations

import pytest

from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.errors import MessageRefusedError
from wellpost.server.people.permissions import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def state(thread):
    thread.refresh_from_db()
    return thread.state


def test_resolved_and_opened_again_by_the_practice(first, sam_staff, dr_chen):
    actions.resolve_thread(thread=first.thread, by=sam_staff)
    assert state(first.thread) == "resolved"
    actions.reopen_thread(thread=first.thread, by=dr_chen.user)
    assert state(first.thread) == "open"
    assert set(AuditRow.objects.values_list("deed", flat=True)) >= {
        "thread_resolved",
        "thread_reopened",
    }


def test_alices_message_opens_a_resolved_thread(first, alice, sam_staff, fresh_key):
    actions.resolve_thread(thread=first.thread, by=sam_staff)
    actions.send_message(thread=first.thread, by=alice.user, body="But", client_key=fresh_key())
    assert state(first.thread) == "open"


@pytest.mark.parametrize("deed", ["resolve_thread", "reopen_thread", "lock_thread"])
@pytest.mark.parametrize("person", ["alice", "amir", "bob", "dr_evans", "dr_diaz", "ada_admin"])
def test_only_those_who_carry_it_say_how_a_thread_stands(first, deed, person, request):
    who = request.getfixturevalue(person)
    with pytest.raises(NotAllowed):
        getattr(actions, deed)(thread=first.thread, by=getattr(who, "user", who))
    assert state(first.thread) == "open"


def test_a_closed_thread_says_so(first, alice, dr_chen, sam_staff, fresh_key):
    actions.lock_thread(thread=first.thread, by=sam_staff)
    for user in (alice.user, dr_chen.user):
        with pytest.raises(MessageRefusedError, match="This conversation is closed"):
            actions.send_message(thread=first.thread, by=user, body="But", client_key=fresh_key())
    with pytest.raises(MessageRefusedError, match="This conversation is closed"):
        actions.reopen_thread(thread=first.thread, by=sam_staff)
    assert not queries.open_thread(first.thread_id, alice.user).may_write


def test_what_was_sent_before_the_closing_is_known_after_it(first, alice, sam_staff):
    asked = {"thread": first.thread, "by": alice.user, "body": "Yes", "client_key": "before"}
    sent = actions.send_message(**asked)
    actions.lock_thread(thread=first.thread, by=sam_staff)
    assert actions.send_message(**asked) == sent


def test_dr_chen_takes_a_message_back_and_it_stays_visible(first, alice, dr_chen):
    actions.retract_message(message=first, by=dr_chen.user)
    message = queries.open_thread(first.thread_id, alice.user).messages[0]
    assert message.retracted_at is not None
    assert message.text == "All values are as they should be."
    with pytest.raises(MessageRefusedError, match="taken back already"):
        actions.retract_message(message=first, by=dr_chen.user)


def test_a_correction_stands_beside_what_it_replaces(first, alice, dr_chen):
    asked = {"message": first, "by": dr_chen.user, "body": "One is low.", "client_key": "better"}
    better = actions.replace_message(**asked)
    assert actions.replace_message(**asked) == better
    opened = queries.open_thread(first.thread_id, alice.user).messages
    assert [each.text for each in opened] == ["All values are as they should be.", "One is low."]
    assert opened[1].replaces == opened[0].id
    assert (opened[0].retracted_at is not None, opened[1].retracted_at) == (True, None)


@pytest.mark.parametrize("person", ["alice", "sam_staff", "bob", "dr_evans"])
def test_nobody_takes_back_what_another_wrote(first, person, request):
    who = request.getfixturevalue(person)
    with pytest.raises(NotAllowed):
        actions.retract_message(message=first, by=getattr(who, "user", who))
