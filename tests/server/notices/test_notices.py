"""Notices: that something waits, never what; sent after the commit, and again until it worked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.worlds.waiting import HUNG
from wellpost.server.clock import time as clock
from wellpost.server.messaging import actions, queries
from wellpost.server.notices import actions as making
from wellpost.server.notices import delivery
from wellpost.server.notices.actions import Kind, acted, tell
from wellpost.server.notices.models import Notice
from wellpost.server.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def write(alice, dr_chen):
    def write(key="first", by=None, **more):
        return actions.start_thread(
            practice=alice.practice, patient=alice, by=by or dr_chen.user,
            subject="Xylophone", body="Quicksilver zeppelin.", client_key=key, **more,
        )  # fmt: skip

    return write


def told():
    return {each.user.name for each in Notice.objects.select_related("user")}


def test_alice_and_amir_are_told_of_dr_chens_message(write, alice, amir, mailoutbox, committed):
    with committed():
        write()
        assert mailoutbox == []
    assert {each.to[0] for each in mailoutbox} == {"alice.arden@example.org", amir.user.email}
    assert Notice.objects.filter(sent_at__isnull=False).count() == 2


def test_the_e_mail_holds_nothing_of_the_message(write, amir, mailoutbox, committed):
    with committed():
        write()
    for mail in mailoutbox:
        shown = (mail.subject + mail.body).lower()
        for word in (
            "xylophone", "quicksilver", "zeppelin", "alice", "arden", "amir", "chen", "harbor",
        ):  # fmt: skip
            assert word not in shown
    assert len({(each.subject, each.body) for each in mailoutbox}) == 1


def test_dr_chen_is_told_of_alices_answer_and_sam_is_not(write, alice, dr_chen, sam_staff):
    message = write()
    Notice.objects.all().delete()
    actions.send_message(thread=message.thread, by=alice.user, body="Hi", client_key="two")
    assert told() == {"Dr Chen"}


def test_amirs_message_is_told_to_alice_as_well(write, alice, amir, dr_chen):
    message = write()
    Notice.objects.all().delete()
    actions.send_message(thread=message.thread, by=amir.user, body="Hi", client_key="two")
    assert told() == {"Dr Chen", "Alice Arden"}


def test_the_pool_is_told_where_nobody_takes_part(alice, dr_chen, sam_staff, write):
    write(by=alice.user)
    assert told() == {"Sam Stone"}


def test_a_clinician_whose_membership_ended_is_not_told_but_the_pool_is(
    write, alice, dr_chen, sam_staff
):
    message = write()
    Notice.objects.all().delete()
    dr_chen.memberships.update(ends_on="2021-01-01")
    actions.send_message(thread=message.thread, by=alice.user, body="Hi", client_key="two")
    assert told() == {"Sam Stone"}


def test_a_colleague_addressed_is_told(write, dr_diaz, alice):
    write(to_colleague=dr_diaz.memberships.get())
    assert told() == {"Dr Diaz", "Alice Arden"}


def test_a_burst_is_one_notice_until_alice_comes_to_look(write, alice, dr_chen):
    message = write()
    for number in range(3):
        actions.send_message(
            thread=message.thread, by=dr_chen.user, body="More", client_key=f"more {number}"
        )
    assert Notice.objects.count() == 1
    queries.open_thread(message.thread_id, alice.user)
    actions.send_message(thread=message.thread, by=dr_chen.user, body="New", client_key="new")
    assert Notice.objects.count() == 2


def test_a_day_later_one_is_told_again(alice):
    tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)
    assert tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING) == []
    with clock.held_at(clock.now() + timedelta(days=1, minutes=1)):
        assert len(tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)) == 1


def test_a_closed_account_is_not_told(alice):
    User.objects.filter(pk=alice.user.pk).update(is_active=False)
    assert tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING) == []


def test_acting_is_ones_own(alice, bob):
    for user in (alice.user, bob.user):
        tell(users=[user.pk], kind=Kind.MESSAGE_WAITING)
    acted(alice.user)
    assert Notice.objects.get(acted_at=None).user == bob.user


def test_a_message_that_is_not_kept_is_not_told(write, monkeypatch, mailoutbox):
    from wellpost.server.messaging import sending

    def refuse(*_, **__):
        raise RuntimeError("not kept")

    monkeypatch.setattr(sending.message_written, "send", refuse)  # what follows the telling
    with pytest.raises(RuntimeError):
        write()
    assert not Notice.objects.exists()
    assert mailoutbox == []


@pytest.mark.django_db(transaction=True)
def test_in_the_background_the_request_does_not_wait(write, alice, settings, mailoutbox):
    settings.NOTICES_AT_ONCE = False
    write()
    delivery._postman.submit(lambda: None).result(HUNG)
    assert len(mailoutbox) == 1


def test_a_server_that_stops_meanwhile_keeps_the_message_and_its_notice(
    write, committed, alice, monkeypatch
):
    """The thread that would send takes nothing more; the next start sends what waits."""

    def stopped(_):
        raise RuntimeError("cannot schedule new futures after shutdown")

    with monkeypatch.context() as patch:
        patch.setattr(making, "deliver_soon", stopped)
        with committed():
            message = write()
    assert message.pk and Notice.objects.get().sent_at is None
    assert delivery.deliver() == 1
