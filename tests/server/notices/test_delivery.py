"""Delivery: claimed, tried again with longer and longer waits, dead in the end; each sent once."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import connection

from wellpost.errors import RequestError
from wellpost.server.clock import time as clock
from wellpost.server.messaging.actions import start_thread
from wellpost.server.notices import actions as making
from wellpost.server.notices import delivery
from wellpost.server.notices.actions import Kind, acted, tell
from wellpost.server.notices.dead_letters import dead_letters, discard, try_again
from wellpost.server.notices.models import Notice, Wishes
from wellpost.server.notices.rounds import Rounds
from wellpost.server.notices.timing import LONGEST_WAIT, MOST_ATTEMPTS, wait_after
from wellpost.server.people.permissions import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


class Broken:
    """A mail server that is down."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError("alice.arden@example.org was not served")


class Refusing(Broken):
    """A mail server that knows no such person."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({"alice.arden@example.org": (550, b"no such user")})


BROKEN = "tests.server.notices.test_delivery.Broken"
REFUSING = "tests.server.notices.test_delivery.Refusing"


@pytest.fixture
def waiting(alice):
    return tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)[0]


def later(**much):
    return clock.held_at(clock.now() + timedelta(**much))


def test_a_mail_server_that_is_down_costs_no_message_and_is_tried_again(
    alice, dr_chen, settings, mailoutbox, django_capture_on_commit_callbacks
):
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, BROKEN
    with django_capture_on_commit_callbacks(execute=True):
        message = start_thread(
            practice=alice.practice, patient=alice, by=dr_chen.user,
            subject="S", body="B", client_key="1",
        )  # fmt: skip
    assert message.pk
    notice = Notice.objects.get()
    assert (notice.attempts, notice.sent_at) == (1, None)
    assert notice.last_error == "ConnectionRefusedError"
    settings.EMAIL_BACKEND = working
    assert delivery.deliver() == 0, "not due again so soon"
    with later(minutes=2):
        assert delivery.deliver() == 1
    assert [each.to for each in mailoutbox] == [["alice.arden@example.org"]]
    with later(days=1):
        assert delivery.deliver() == 0
    assert len(mailoutbox) == 1


def test_each_wait_is_twice_the_last_spread_and_has_an_end():
    for attempt in range(1, 9):
        for _ in range(20):
            assert 30 <= wait_after(attempt).total_seconds() / 2 ** (attempt - 1) <= 90
    assert len({wait_after(3) for _ in range(20)}) > 1
    assert wait_after(200) <= LONGEST_WAIT * 1.5


def test_after_ten_attempts_it_is_a_dead_letter(waiting, settings):
    settings.EMAIL_BACKEND = BROKEN
    for hours in range(0, 240, 10):
        with later(hours=hours):
            delivery.deliver()
    waiting.refresh_from_db()
    assert (waiting.attempts, waiting.stopped_as) == (MOST_ATTEMPTS, "failed")
    assert not delivery.waiting().exists()


def test_an_address_refused_for_good_is_a_dead_letter_at_once(waiting, settings):
    settings.EMAIL_BACKEND = REFUSING
    delivery.deliver()
    waiting.refresh_from_db()
    assert (waiting.attempts, waiting.stopped_as) == (1, "failed")
    assert waiting.last_error == "RefusedForGoodError"


def test_what_is_claimed_is_not_claimed_again_until_the_claim_runs_out(waiting, monkeypatch):
    assert [each.pk for each in delivery._claimed(None)] == [waiting.pk]
    assert delivery._claimed(None) == []
    past = delivery._really_now() + delivery.CLAIM + timedelta(seconds=1)
    monkeypatch.setattr(delivery, "_really_now", lambda: past)
    assert [each.pk for each in delivery._claimed(None)] == [waiting.pk]


def test_postgresql_passes_over_what_another_process_holds(waiting, django_assert_num_queries):
    with django_assert_num_queries(4) as asked:
        delivery._claimed(None)
    locking = "FOR UPDATE SKIP LOCKED" in asked.captured_queries[1]["sql"]
    assert locking == (connection.vendor == "postgresql")


def test_a_repeat_has_the_same_message_id(waiting, mailoutbox):
    delivery.deliver()
    Notice.objects.update(sent_at=None)
    delivery.deliver()
    assert len({each.extra_headers["Message-ID"] for each in mailoutbox}) == 1


@pytest.mark.parametrize(("kind", "kept"), [(Kind.MESSAGE_WAITING, 1), (Kind.EMERGENCY_ACCESS, 2)])
def test_two_processes_that_tell_in_one_instant_make_one_notice(
    alice, monkeypatch, mailoutbox, kind, kept
):
    """Each asked who is to be told before the other had written; emergencies are told each."""
    told = list(asked(alice, kind))
    monkeypatch.setattr(making, "_to_be_told", lambda *_: iter(told))
    for _ in range(2):
        tell(users=[alice.user.pk], kind=kind)
    delivery.deliver()
    assert (Notice.objects.count(), len(mailoutbox)) == (kept, kept)
    acted(alice.user)
    tell(users=[alice.user.pk], kind=kind)
    assert Notice.objects.count() == kept + 1


def asked(patient, kind):
    return making._to_be_told([patient.user.pk], kind, clock.now() - timedelta(days=1), None)


def test_the_next_days_notice_follows_the_first(waiting, alice):
    with later(days=1, minutes=1):
        (second,) = tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)
    assert (waiting.follows, second.follows) == (making.NEVER, waiting.created_at)


def test_the_days_notices_go_out_in_one_letter(alice, mailoutbox):
    Wishes.objects.create(user=alice.user, daily_at="08:00", time_zone="America/New_York")
    for kind in (Kind.MESSAGE_WAITING, Kind.NOT_READ):
        tell(users=[alice.user.pk], kind=kind)
    assert delivery.deliver() == 0
    with later(days=1):
        assert delivery.deliver() == 1
    assert [each.subject for each in mailoutbox] == ["Several things wait for you"]
    assert Notice.objects.filter(sent_at__isnull=False).count() == 2


def test_a_days_letter_is_one_wherever_a_round_ends(alice, mailoutbox, monkeypatch):
    monkeypatch.setattr(delivery, "A_ROUND", 1)
    Wishes.objects.create(user=alice.user, daily_at="08:00", time_zone="America/New_York")
    for kind in (Kind.MESSAGE_WAITING, Kind.NOT_READ, Kind.WORK_WAITING):
        tell(users=[alice.user.pk], kind=kind)
    with later(days=1):
        assert delivery.deliver() == 1
    assert [each.subject for each in mailoutbox] == ["Several things wait for you"]


def test_what_was_seen_before_its_hour_is_not_sent(alice, mailoutbox):
    Wishes.objects.create(user=alice.user, daily_at="08:00", time_zone="America/New_York")
    notice = tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)[0]
    acted(alice.user)
    with later(days=1):
        delivery.deliver()
    notice.refresh_from_db()
    assert notice.stopped_as == "seen"
    assert mailoutbox == []


def test_a_round_sends_what_is_due(waiting, mailoutbox):
    Rounds()()
    assert len(mailoutbox) == 1


@pytest.fixture
def dead(waiting, settings):
    settings.EMAIL_BACKEND = REFUSING
    delivery.deliver()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return waiting


def test_the_administrator_sees_dead_letters_of_their_practice_only(dead, practice, other_practice):
    assert [each.pk for each in dead_letters(practice)] == [dead.pk]
    assert not dead_letters(other_practice).exists()
    assert [each.pk for each in dead_letters()] == [dead.pk]


def test_ada_tries_again_and_it_goes_out(dead, practice, ada_admin, mailoutbox, deeds):
    try_again(notice=dead, practice=practice, by=ada_admin)
    delivery.deliver()
    assert len(mailoutbox) == 1
    assert "notice_handled" in deeds()
    with pytest.raises(RequestError, match="no longer among those"):
        try_again(notice=dead, practice=practice, by=ada_admin)


def test_ada_discards_and_it_never_goes_out(dead, practice, ada_admin, mailoutbox):
    discard(notice=dead, practice=practice, by=ada_admin)
    with later(days=3):
        delivery.deliver()
    assert mailoutbox == []
    assert not dead_letters(practice).exists()


@pytest.mark.parametrize("who", ["sam_staff", "rita_reporter"])
def test_nobody_else_handles_dead_letters(request, who, dead, practice):
    with pytest.raises(NotAllowed):
        discard(notice=dead, practice=practice, by=request.getfixturevalue(who))
