"""What the server does by itself: automatic answers, reminders, alerts. Each once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from tests.server.conftest import make_member
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock.time import held_at
from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.keys.opened import opened_keys
from wellpost.server.messaging.keys.provider import KeyProviderError
from wellpost.server.messaging.models import KeyWrap, Message
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.notices.models import Notice
from wellpost.server.notices.wishing import mute
from wellpost.server.people.models import Role
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.people.roster import end_membership
from wellpost.server.routing import escalation, tasks
from wellpost.server.routing.automatic import answer_automatically
from wellpost.server.routing.escalation import escalate
from wellpost.server.routing.hours import set_answering, set_hours
from wellpost.server.routing.mailings import prepare_mailing, progress_of, release_mailing
from wellpost.server.routing.models import Task
from wellpost.server.routing.not_read import still_not_read, tell_of_unread
from wellpost.server.routing.pools import add_pool, join_pool
from wellpost.server.routing.reasons import close_on
from wellpost.server.routing.rounds import Rounds

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

MONDAY_NOON = datetime(2021, 6, 7, 16, 0, tzinfo=UTC)
"""Noon in New York."""
MONDAY_NIGHT = MONDAY_NOON + timedelta(hours=10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def open_by_day(practice, ada_admin):
    hours = {weekday: (time(8), time(17)) for weekday in range(5)}
    set_hours(practice=practice, by=ada_admin, hours=hours)
    set_answering(
        practice=practice, by=ada_admin, automatic=True, automatic_text="We are closed.",
        escalate_after_days=2, unread_after_days=7,
    )  # fmt: skip


def automatic():
    return Message.objects.filter(sender_kind="automated")


def test_an_automatic_answer_goes_out_at_night_once_a_day(open_by_day, ask, say, alice):
    with held_at(MONDAY_NIGHT):
        thread = ask()
        assert (answer_automatically(), answer_automatically()) == (1, 0)
        say(thread, alice.user, "Hello?")
        assert answer_automatically() == 0
    with held_at(MONDAY_NIGHT + DAY):
        say(thread, alice.user, "Still there?")
        assert answer_automatically() == 1
    shown = queries.open_thread(thread.pk, alice.user).messages[1]
    assert (shown.text, shown.sender_kind) == ("We are closed.", "automated")
    assert shown.sender_name == "Harbor Family Practice"
    assert automatic().first().clinician is None


def test_none_goes_out_by_day_nor_where_it_is_switched_off(open_by_day, ask, practice, ada_admin):
    with held_at(MONDAY_NOON):
        ask()
        assert answer_automatically() == 0
    set_answering(
        practice=practice, by=ada_admin, automatic=False, automatic_text="",
        escalate_after_days=2, unread_after_days=7,
    )  # fmt: skip
    with held_at(MONDAY_NIGHT):
        ask()
        assert answer_automatically() == 0
    assert not Task.objects.filter(to_look_at=True).exists()


def test_a_closed_day_is_outside_the_hours(open_by_day, ask, practice, ada_admin):
    close_on(practice=practice, by=ada_admin, day=date(2021, 6, 7))
    with held_at(MONDAY_NOON):
        ask()
        assert answer_automatically() == 1


def test_the_automatic_answer_settles_nothing(open_by_day, ask, sam_staff, practice):
    with held_at(MONDAY_NIGHT):
        ask()
        answer_automatically()
    assert queries.inbox(sam_staff, practice=practice, unread_only=True)


def broken(thread):
    """Its keys no longer open: somebody changed them in the database."""
    KeyWrap.objects.filter(epoch__thread=thread).update(sealed=b"not what was sealed")
    opened_keys.forget()


def test_a_conversation_that_does_not_open_is_one_alarm_and_holds_no_other_up(
    open_by_day, ask, deeds
):
    with held_at(MONDAY_NIGHT):
        threads = [ask(), ask("My elbow")]
        first = min(threads, key=lambda each: each.pk)
        broken(first)
        assert [answer_automatically(), answer_automatically()] == [1, 0]
    assert [each.thread for each in automatic()] == [each for each in threads if each != first]
    assert deeds().count("seal_broken") == 1


def test_an_answer_waits_for_a_key_store_that_is_away(open_by_day, ask, monkeypatch):
    def away(*_, **__):
        raise KeyProviderError("AWS KMS cannot be asked.")

    with held_at(MONDAY_NIGHT):
        ask()
        with monkeypatch.context() as patch:
            patch.setattr("wellpost.server.routing.automatic.send_automatically", away)
            assert answer_automatically() == 0
        assert answer_automatically() == 1


def test_one_fault_ends_no_round(open_by_day, ask, say, dr_chen, sam_staff, monkeypatch, caplog):
    with held_at(MONDAY_NOON):
        asked = [ask("One"), ask("Two")]
        for each in (ask("Three"), ask("Four")):
            say(each, dr_chen.user)

    def at_fault(thread_id, **how):
        thread = thread_with_parties(thread_id, **how)
        if thread_id == asked[0].pk:
            raise RuntimeError("Alice Arden")
        return thread

    monkeypatch.setattr(escalation, "thread_with_parties", at_fault)
    with held_at(MONDAY_NOON + 8 * DAY):
        assert (escalate(), tell_of_unread()) == (1, 2)
    assert "RuntimeError" in caplog.text
    assert "Alice" not in caplog.text


def told():
    """To whom notices about waiting work went, in order."""
    kept = Notice.objects.filter(kind="work_waiting").order_by("created_at", "address")
    return [each.address.split("@")[0] for each in kept]


def test_what_stays_unanswered_goes_up_step_by_step_and_each_once(
    open_by_day, ask, sam_staff, ada_admin, dr_chen, dr_diaz, member
):
    with held_at(MONDAY_NOON):
        ask()
        days = {"starts_on": date(2021, 6, 7), "ends_on": date(2021, 6, 30)}
        to = {"membership": member(dr_chen), "covered_by": member(dr_diaz)}
        actions.cover(**to, **days, by=dr_chen.user)
    steps = {2: 0, 3: 1, 4: 0, 7: 1, 8: 0, 9: 1, 20: 0}
    for day, expected in steps.items():
        with held_at(MONDAY_NOON + day * DAY):
            assert escalate() == expected, day
            assert escalate() == 0
    assert told() == ["dr.diaz", "sam.stone", "ada.moss"]


def test_a_closed_day_is_no_working_day(open_by_day, ask, practice, ada_admin, sam_staff):
    close_on(practice=practice, by=ada_admin, day=date(2021, 6, 9))
    with held_at(MONDAY_NOON):
        ask()
    with held_at(MONDAY_NOON + 3 * DAY):
        assert escalate() == 0
    with held_at(MONDAY_NOON + 4 * DAY):
        assert escalate() == 1


def test_an_answer_ends_it(open_by_day, ask, say, dr_chen, sam_staff):
    with held_at(MONDAY_NOON):
        thread = ask()
        say(thread, dr_chen.user)
    with held_at(MONDAY_NOON + 30 * DAY):
        assert escalate() == 0


def test_the_writer_is_told_once_what_was_not_read(ask, say, dr_chen, alice):
    with held_at(MONDAY_NOON):
        thread = ask()
        say(thread, dr_chen.user)
    with held_at(MONDAY_NOON + 6 * DAY):
        assert tell_of_unread() == 0
    with held_at(MONDAY_NOON + 8 * DAY):
        assert (tell_of_unread(), tell_of_unread()) == (1, 0)
    notice = Notice.objects.get(kind="not_read")
    assert notice.address == "dr.chen@example.org"
    assert Task.objects.get(thread=thread).reading == "not_read"


def test_where_the_writer_is_away_or_gone_who_looks_after_it_is_told(
    ask, say, practice, dr_chen, dr_diaz, sam_staff, ada_admin, alice, member
):
    away, gone = ask("My knee"), ask("My leave")
    with held_at(MONDAY_NOON):
        say(away, dr_chen.user)
        say(gone, sam_staff)
        days = {"starts_on": date(2021, 6, 14), "ends_on": date(2021, 6, 30)}
        to = {"membership": member(dr_chen), "covered_by": member(dr_diaz)}
        actions.cover(**to, **days, by=dr_chen.user)
        end_membership(membership=member(sam_staff), by=ada_admin, on=date(2021, 6, 10))
    Notice.objects.all().delete()
    with held_at(MONDAY_NOON + 8 * DAY):
        assert tell_of_unread() == 2
    told = {each.user for each in Notice.objects.filter(kind="not_read").select_related("user")}
    assert told == {dr_diaz.user}


def test_who_is_away_is_passed_over_in_the_pool(
    open_by_day, ask, practice, dr_diaz, dr_chen, sam_staff, ada_admin, member
):
    pool = add_pool(practice=practice, by=ada_admin, name="Knees")
    asleep = make_member(practice, "Robin Rowe", Role.STAFF)
    days = {"starts_on": date(2021, 6, 7), "ends_on": date(2021, 6, 30)}
    for each in (dr_diaz, asleep):
        join_pool(pool=pool, membership=member(each), by=ada_admin, **days)
    with held_at(MONDAY_NOON):
        thread = ask(for_clinician=None)
        tasks.reassign(thread=thread, by=sam_staff, why="A knee", pool=pool)
        to = {"membership": member(asleep), "covered_by": member(sam_staff)}
        actions.cover(**to, **days, by=asleep)
    Notice.objects.all().delete()
    with held_at(MONDAY_NOON + 3 * DAY):
        assert escalate() == 1
    assert told() == ["dr.diaz"]


def test_what_was_resolved_once_it_was_written_is_to_be_read_as_well(
    ask, say, dr_chen, sam_staff, alice
):
    with held_at(MONDAY_NOON):
        said, answered = ask(), ask("My leave")
        say(said, dr_chen.user)
        say(answered, dr_chen.user)
        say(answered, alice.user, "I telephone you.")
        for thread in (said, answered):
            actions.resolve_thread(thread=thread, by=sam_staff)
    with held_at(MONDAY_NOON + 8 * DAY):
        assert (tell_of_unread(), tell_of_unread()) == (1, 0)
    assert Notice.objects.get(kind="not_read").user == dr_chen.user


def test_the_mark_goes_when_somebody_who_acts_for_the_patient_reads_it(
    ask, say, practice, dr_chen, dr_diaz, amir, member, as_user, django_assert_num_queries
):
    with held_at(MONDAY_NOON):
        thread = ask()
        say(thread, dr_chen.user, to_colleague=member(dr_diaz))
        say(thread, dr_chen.user)
    with held_at(MONDAY_NOON + 8 * DAY):
        assert tell_of_unread() == 1
        queries.open_thread(thread.pk, dr_diaz.user)
        task = Task.objects.get()
        assert still_not_read([task, None]) == {thread.pk}
        page = as_user(dr_chen.user).get("/clinic/?show=all").content.decode()
        assert "Not read by the patient" in page
        queries.open_thread(thread.pk, amir.user)
    assert still_not_read([task]) == set()
    page = as_user(dr_chen.user).get(f"/clinic/threads/{thread.pk}/").content.decode()
    assert "Not read by the patient" not in page
    task.reading = "read"
    with django_assert_num_queries(0):
        assert still_not_read([task, None]) == set()


def test_nobody_is_told_of_what_was_read_by_whoever_acts_for_the_patient(ask, say, dr_chen, amir):
    with held_at(MONDAY_NOON):
        thread = ask()
        say(thread, dr_chen.user)
        queries.open_thread(thread.pk, amir.user)
    with held_at(MONDAY_NOON + 8 * DAY):
        assert tell_of_unread() == 0
    assert Task.objects.get(thread=thread).reading == "read"


def test_who_muted_it_is_told_of_neither_and_the_next_step_is_taken(
    open_by_day, ask, say, practice, alice, dr_chen, sam_staff
):
    about = {"patient_id": alice.pk, "practice_id": practice.pk}
    with held_at(MONDAY_NOON):
        unanswered, unread = ask(), ask("My leave")
        say(unread, dr_chen.user)
    for thread in (unanswered, unread):
        mute(by=dr_chen.user, thread=thread.pk, **about)
    with held_at(MONDAY_NOON + 8 * DAY):
        assert (escalate(), tell_of_unread()) == (1, 1)
    assert told() == ["sam.stone"]
    assert not Notice.objects.filter(kind="not_read").exists()


def test_only_administrators_set_the_hours(practice, dr_chen, sam_staff, dr_evans, alice):
    for by in (dr_chen.user, sam_staff, dr_evans.user, alice.user):
        with pytest.raises(NotAllowed):
            set_hours(practice=practice, by=by, hours={})
    assert not AuditRow.objects.filter(deed="routing_changed").exists()


def test_a_round_does_all_of_it_and_reminds_now_and_then(
    open_by_day, ask, say, practice, alice, dr_chen, sam_staff
):
    """As the server does it beside the requests, every few seconds."""
    with held_at(MONDAY_NOON):
        ask()
        say(ask("My leave"), dr_chen.user)
    rounds = Rounds()
    with held_at(MONDAY_NIGHT + 7 * DAY):
        ask("My elbow")
        mailing = prepare_mailing(
            practice=practice, patients=[alice.pk], by=dr_chen.user, subject="Flu", body="Come.",
            client_key=uuid4(),
        )  # fmt: skip
        release_mailing(mailing=mailing, by=dr_chen.user)
        rounds()
        deeds = list(AuditRow.objects.values_list("deed", flat=True))
        done = ("answered_automatically", "task_escalated", "not_read_told")
        assert [deeds.count(each) for each in done] == [1, 1, 1]
        assert progress_of(mailing).sent == 1
    with held_at(MONDAY_NIGHT + 14 * DAY):
        rounds()
        assert AuditRow.objects.filter(deed="task_escalated").count() == 1
        Rounds()()
        assert AuditRow.objects.filter(deed="task_escalated").count() > 1
