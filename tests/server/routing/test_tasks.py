"""Who looks after a conversation, whom it waits for, where it goes."""

from __future__ import annotations

from datetime import date

import pytest

from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock
from wellpost.server.messaging import actions
from wellpost.server.messaging.errors import MessageRefusedError
from wellpost.server.messaging.models import Message, Thread
from wellpost.server.messaging.retracting import retract_message
from wellpost.server.messaging.states import reopen_thread, resolve_thread
from wellpost.server.notices.models import Notice
from wellpost.server.notices.wishing import mute
from wellpost.server.people.models import Practice
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.routing import forwarding, tasks
from wellpost.server.routing.models import Note, Pool, Priority, Reason, Task, Waiting
from wellpost.server.routing.notes import add_note, notes_on
from wellpost.server.routing.pools import add_pool, close_pool, join_pool
from wellpost.server.routing.reasons import keep_reason
from wellpost.server.routing.signals import about

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def task_of(thread: Thread) -> Task:
    return Task.objects.get(thread=thread)


def test_every_practice_begins_with_six_reasons(practice: Practice):
    names = list(practice.reasons.values_list("kind", flat=True))
    assert names == ["refill", "results", "scheduling", "referral", "billing", "other"]


def test_it_waits_for_the_practice_since_the_first_word_nobody_answered(ask, say, alice, dr_chen):
    thread = ask()
    since = task_of(thread).waiting_since
    say(thread, alice.user, "Are you there?")
    assert (task_of(thread).waiting, task_of(thread).waiting_since) == (Waiting.PRACTICE, since)
    answer = say(thread, dr_chen.user)
    assert task_of(thread).waiting == Waiting.PATIENT
    assert task_of(thread).waiting_since == answer.sent_at


def test_a_word_to_a_colleague_and_an_automatic_one_answer_no_patient(
    ask, say, dr_chen, dr_diaz, member
):
    thread = ask()
    say(thread, dr_chen.user, to_colleague=member(dr_diaz))
    actions.send_automatically(thread=thread, body="We are closed.", client_key="closed")
    assert task_of(thread).waiting == Waiting.PRACTICE


def test_what_is_resolved_waits_for_nobody_and_begins_anew(ask, say, alice, sam_staff):
    thread = ask()
    before = task_of(thread).waiting_since
    actions.resolve_thread(thread=thread, by=sam_staff)
    assert task_of(thread).waiting == Waiting.NOBODY
    say(thread, alice.user, "One thing more.")
    assert task_of(thread).waiting_since > before


def test_what_is_taken_up_again_waits_as_its_messages_say(ask, say, dr_chen, sam_staff):
    asked, answered = ask(), ask("My elbow")
    say(answered, dr_chen.user)
    for thread, whom in ((asked, Waiting.PRACTICE), (answered, Waiting.PATIENT)):
        resolve_thread(thread=thread, by=sam_staff)
        reopened_at = clock.now()
        reopen_thread(thread=thread, by=sam_staff)
        assert task_of(thread).waiting == whom
    assert task_of(asked).waiting_since >= Message.objects.get(thread=asked).sent_at
    assert task_of(answered).waiting_since < reopened_at


def test_an_answer_taken_back_is_no_answer(ask, say, alice, dr_chen):
    thread = ask()
    say(thread, alice.user, "And my foot.")
    since = task_of(thread).waiting_since
    answer = say(thread, dr_chen.user, "This was meant for somebody else.")
    retract_message(message=answer, by=dr_chen.user)
    assert (task_of(thread).waiting, task_of(thread).waiting_since) == (Waiting.PRACTICE, since)


def test_of_two_answers_the_one_that_stands_is_waited_upon(ask, say, dr_chen):
    thread = ask()
    first = say(thread, dr_chen.user)
    second = say(thread, dr_chen.user, "Sorry, wrong chart.")
    retract_message(message=second, by=dr_chen.user)
    held = task_of(thread)
    assert (held.waiting, held.waiting_since) == (Waiting.PATIENT, first.sent_at)


def test_what_is_taken_back_in_a_settled_matter_waits_for_nobody(ask, say, dr_chen, sam_staff):
    thread = ask()
    answer = say(thread, dr_chen.user)
    resolve_thread(thread=thread, by=sam_staff)
    retract_message(message=answer, by=dr_chen.user)
    assert task_of(thread).waiting == Waiting.NOBODY


def test_what_the_patient_takes_back_is_still_to_be_looked_at(ask, alice):
    thread = ask()
    retract_message(message=thread.messages.get(), by=alice.user)
    assert task_of(thread).waiting == Waiting.PRACTICE


def test_a_topic_sends_it_to_its_pool(ask, practice, ada_admin):
    pool = add_pool(practice=practice, by=ada_admin, name="Refills")
    refill = practice.reasons.get(kind="refill")
    keep_reason(
        practice=practice, by=ada_admin, name=refill.name, pool=pool, answer_within_days=1,
        is_offered=True, reason=refill,
    )  # fmt: skip
    with about(practice.reasons.get(kind="refill")):
        thread = ask()
    assert (task_of(thread).reason, task_of(thread).pool) == (refill, pool)


def test_one_claims_and_gives_back_and_another_cannot_take_it(
    ask, sam_staff, dr_chen, member, deeds
):
    thread = ask()
    tasks.claim(thread=thread, by=sam_staff)
    tasks.claim(thread=thread, by=sam_staff)
    assert deeds().count("task_claimed") == 1
    with pytest.raises(MessageRefusedError, match="Sam Stone took this on already"):
        tasks.claim(thread=thread, by=dr_chen.user)
    tasks.release(thread=thread, by=dr_chen.user)
    assert tasks.claim(thread=thread, by=dr_chen.user).owner == member(dr_chen)


def test_passing_on_keeps_the_reason_where_the_patient_never_looks(
    ask, sam_staff, dr_diaz, member, alice, mailoutbox, django_capture_on_commit_callbacks
):
    thread = ask()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.reassign(thread=thread, by=sam_staff, why="Needs a knee", to=member(dr_diaz))
    assert task_of(thread).owner == member(dr_diaz)
    assert [each.text for each in notes_on(thread, dr_diaz.user)] == ["Needs a knee"]
    assert mailoutbox[-1].to == ["dr.diaz@example.org"]
    assert "nee" not in mailoutbox[-1].body.replace("need", "")
    assert "knee" not in str(AuditRow.objects.get(deed="task_reassigned").details)


def test_what_is_passed_to_somebody_who_muted_it_is_passed_without_a_notice(
    ask, sam_staff, dr_diaz, member, practice, alice
):
    thread = ask()
    mute(by=dr_diaz.user, thread=thread.pk, patient_id=alice.pk, practice_id=practice.pk)
    tasks.reassign(thread=thread, by=sam_staff, why="Needs a knee", to=member(dr_diaz))
    assert task_of(thread).owner == member(dr_diaz)
    assert not Notice.objects.filter(user=dr_diaz.user).exists()


def test_it_is_passed_to_one_of_the_two(ask, sam_staff):
    with pytest.raises(MessageRefusedError, match="a colleague, or a pool"):
        tasks.reassign(thread=ask(), by=sam_staff, why="For you")


def test_outsiders_change_nothing(ask, dr_diaz, dr_evans, bob, alice, ada_admin, practice):
    thread = ask()
    for by in (dr_diaz.user, dr_evans.user, bob.user, alice.user, ada_admin):
        for deed in (
            lambda by=by: tasks.claim(thread=thread, by=by),
            lambda by=by: tasks.release(thread=thread, by=by),
            lambda by=by: add_note(thread=thread, by=by, text="Hello"),
            lambda by=by: notes_on(thread, by),
        ):
            with pytest.raises(NotAllowed):
                deed()
    assert task_of(thread).owner is None


def test_priority_day_and_topic_are_arranged_once(ask, sam_staff, practice, deeds):
    thread, results = ask(), practice.reasons.get(kind="results")
    for _ in range(2):
        tasks.arrange(
            thread=thread, by=sam_staff, priority=Priority.URGENT,
            follow_up_on=date(2030, 1, 2), reason=results,
        )  # fmt: skip
    held = task_of(thread)
    assert (held.priority, held.follow_up_on, held.reason) == (0, date(2030, 1, 2), results)
    assert deeds().count("task_arranged") == 1


def test_a_topic_of_another_practice_is_refused(ask, sam_staff, other_practice):
    theirs = Reason.objects.filter(practice=other_practice).first()
    with pytest.raises(MessageRefusedError, match="topic of this practice"):
        tasks.arrange(thread=ask(), by=sam_staff, priority=2, follow_up_on=None, reason=theirs)


def test_a_clinician_sees_what_lies_in_their_pool_while_they_are_in_it(
    ask, say, practice, ada_admin, dr_diaz, member, sam_staff
):
    pool = add_pool(practice=practice, by=ada_admin, name="Knees")
    thread = ask()
    tasks.reassign(thread=thread, by=sam_staff, why="A knee", pool=pool)
    with pytest.raises(NotAllowed):
        say(thread, dr_diaz.user)
    joined = {"membership": member(dr_diaz), "by": ada_admin}
    joined |= {"starts_on": date(2020, 1, 1), "ends_on": None}
    join_pool(pool=pool, **joined)
    assert say(thread, dr_diaz.user).clinician == dr_diaz
    close_pool(pool=Pool.objects.get(pk=pool.pk), by=ada_admin)
    assert task_of(thread).pool is None


def test_forwarding_says_who_reads_it(ask, dr_chen, dr_diaz, member):
    thread = ask()
    to = {"thread": thread, "by": dr_chen.user, "to": member(dr_diaz)}
    forwarding.forward(**to, text="Among us.", with_patient=False, client_key="one")
    assert Message.objects.filter(thread=thread).count() == 1
    forwarding.forward(**to, text="With her.", with_patient=True, client_key="two")
    message = Message.objects.get(thread=thread, sequence=2)
    assert message.addressed_to == member(dr_diaz)
    assert Note.objects.get().to == member(dr_diaz)


def test_notes_are_sealed_and_a_changed_one_is_an_alarm(ask, sam_staff, dr_chen, deeds):
    thread = ask()
    note = add_note(thread=thread, by=sam_staff, text="She sounded worried.")
    assert b"worried" not in bytes(note.sealed)
    Note.objects.filter(pk=note.pk).update(author=dr_chen.user)
    assert "ALARM" in notes_on(thread, sam_staff)[0].text
    assert "seal_broken" in deeds()


def test_no_key_of_the_patients_side_opens_a_note(ask, sam_staff, alice, amir):
    note = add_note(thread=ask(), by=sam_staff, text="Between us.")
    assert note.party_key.party_kind == "practice"
    assert note.party_key.party_id == alice.practice_id
