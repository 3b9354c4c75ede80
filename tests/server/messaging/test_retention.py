"""How long messages are kept: policy, legal hold, plan, and the end of the keys."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.files.base import ContentFile

from tests.server.conftest import make_patient
from wellpost.cli.main import main
from wellpost.errors import RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock
from wellpost.server.messaging import actions, opening, queries
from wellpost.server.messaging.models import (
    AttachmentChunk,
    Destruction,
    IndexedMessage,
    KeyWrap,
    LegalHold,
    Message,
    Receipt,
)
from wellpost.server.messaging.retention.destroying import apply, destroy, planned
from wellpost.server.messaging.retention.holds import lift_hold, set_hold
from wellpost.server.messaging.retention.planning import plan, years_after
from wellpost.server.messaging.retention.policy import policy_of, set_policy
from wellpost.server.messaging.sealed_words import reason_of
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.quality.source import server_source
from wellpost.server.records.models import Encounter
from wellpost.server.routing.notes import add_note

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
REASON = "The court asked for it in writing."


@pytest.fixture
def on(monkeypatch):
    """Sets today, at noon in UTC."""

    def set_to(day: str) -> None:
        at = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: at)

    return set_to


@pytest.fixture
def written(on, alice, dr_chen, sam_staff, fresh_key):
    """A conversation of 2020 with a file, an answer and a note; the policy is ten years, 21."""
    on("2020-05-03")
    first = actions.start_thread(
        practice=alice.practice, patient=alice, by=dr_chen.user, subject="Your knee",
        body="Please rest it.", client_key=fresh_key(),
        attachments=[ContentFile(b"How to rest a knee.", name="knee.txt")],
    )  # fmt: skip
    on("2020-05-04")
    actions.send_message(
        thread=first.thread, by=alice.user, body="It is better.", client_key=fresh_key()
    )
    add_note(thread=first.thread, by=sam_staff, text="She telephoned as well.")
    return first


@pytest.fixture
def policy(practice, ada_admin):
    return set_policy(practice=practice, by=ada_admin, years=10, minors_until=21)


def due(practice):
    return [(str(each.patient), each.due_on) for each in plan(practice).due]


# What is due


def test_ten_years_after_the_last_contact_and_not_a_day_earlier(written, policy, practice, on):
    on("2030-05-03")
    assert due(practice) == []
    on("2030-05-04")
    assert due(practice) == [("Alice Arden", date(2030, 5, 4))]


def test_a_visit_is_a_contact(written, policy, practice, alice, dr_chen, on):
    Encounter.objects.create(
        practice=practice, patient=alice, clinician=dr_chen, seen_on="2025-06-01",
        kind="office_visit",
    )  # fmt: skip
    on("2035-05-31")
    assert due(practice) == []
    on("2035-06-01")
    assert due(practice) == [("Alice Arden", date(2035, 6, 1))]


def test_of_a_minor_until_the_age_set(written, policy, practice, alice, on):
    alice.birth_on = date(2016, 2, 29)
    alice.save()
    on("2037-02-28")
    assert due(practice) == []
    on("2037-03-01")
    assert due(practice) == [("Alice Arden", date(2037, 3, 1))]


def test_without_a_date_of_birth_it_is_kept_and_said_so(written, policy, practice, alice, on):
    alice.birth_on = None
    alice.save()
    on("2090-01-01")
    assert due(practice) == [] and len(plan(practice).unknown) == 1


def test_records_of_one_person_count_together(
    written, policy, practice, alice, dr_chen, on, fresh_key
):
    on("2024-01-01")
    second = make_patient(practice, "Alicia Arden")
    actions.start_thread(
        practice=practice, patient=second, by=dr_chen.user, subject="Again", body="Hello.",
        client_key=fresh_key(),
    )  # fmt: skip
    second.merged_into = alice
    second.save()
    on("2033-12-31")
    assert due(practice) == []
    on("2034-01-01")
    (found,) = plan(practice).due
    assert found.patient == alice and found.threads == 2


@pytest.mark.parametrize(
    ("day", "later"), [(date(2020, 2, 29), date(2030, 3, 1)), (date(2020, 3, 1), date(2030, 3, 1))]
)
def test_years_later(day, later):
    assert years_after(day, 10) == later


# The policy


def test_nothing_is_due_before_a_policy_is_set(written, practice):
    with pytest.raises(RequestError, match="set it first"):
        plan(practice)


def test_the_latest_policy_is_in_force_and_the_older_one_stays(policy, practice, ada_admin, on):
    on("2040-01-01")
    newer = set_policy(
        practice=practice, by=ada_admin, years=12, minors_until=30, source=" Our  state's law "
    )
    assert policy_of(practice) == newer and newer.source == "Our state's law"
    assert practice.retentions.count() == 2
    assert AuditRow.objects.filter(deed="retention_set").count() == 2


@pytest.mark.parametrize(("years", "age"), [(5, 21), (101, 21), (10, 17), (10, 41)])
def test_a_policy_that_cannot_be_right_is_refused(practice, ada_admin, years, age):
    with pytest.raises(RequestError, match="is outside"):
        set_policy(practice=practice, by=ada_admin, years=years, minors_until=age)


@pytest.mark.parametrize("who", ["sam_staff", "dr_chen", "rita_reporter", "dr_evans", "alice"])
def test_only_an_administrator_may(request, policy, practice, who):
    by = request.getfixturevalue(who)
    by = getattr(by, "user", by)
    with pytest.raises(NotAllowed):
        set_policy(practice=practice, by=by, years=10, minors_until=21)
    with pytest.raises(NotAllowed):
        planned(practice=practice, by=by)
    with pytest.raises(NotAllowed):
        apply(practice=practice, by=by, code="")
    with pytest.raises(NotAllowed):
        set_hold(practice=practice, by=by, reason=REASON, starts_on=date(2030, 1, 1))


# Legal hold


@pytest.mark.parametrize("whole", [True, False])
def test_a_hold_blocks_until_it_is_lifted(written, policy, practice, alice, ada_admin, on, whole):
    on("2031-01-01")
    hold = set_hold(
        practice=practice, by=ada_admin, reason=REASON, starts_on=date(2031, 1, 1),
        patient=None if whole else alice,
    )  # fmt: skip
    assert due(practice) == [] and len(plan(practice).held) == 1
    assert destroy(alice, ada_admin) == []
    lift_hold(hold=hold, by=ada_admin)
    assert len(due(practice)) == 1


def test_a_hold_of_another_patient_or_of_other_days_blocks_nothing(
    written, policy, practice, carol, ada_admin, on
):
    on("2031-01-01")
    asked = {"practice": practice, "by": ada_admin, "reason": REASON}
    set_hold(**asked, starts_on=date(2031, 1, 1), patient=carol)
    set_hold(**asked, starts_on=date(2031, 1, 2))
    set_hold(**asked, starts_on=date(2030, 1, 1), ends_on=date(2030, 12, 31))
    assert len(due(practice)) == 1


def test_who_why_and_when_are_kept_and_the_reason_is_sealed(practice, alice, ada_admin):
    hold = set_hold(
        practice=practice, by=ada_admin, reason=REASON, starts_on=date(2031, 1, 1), patient=alice
    )
    held = LegalHold.objects.get(pk=hold.pk)
    assert b"court" not in bytes(held.reason_sealed) and reason_of(held) == REASON
    assert held.set_by == ada_admin
    assert AuditRow.objects.get(deed="legal_hold_set").patient_id == str(alice.pk)


def test_a_reason_moved_to_another_hold_is_an_alarm(practice, alice, bob, ada_admin):
    hold = set_hold(
        practice=practice, by=ada_admin, reason=REASON, starts_on=date(2031, 1, 1), patient=alice
    )
    hold.patient = bob
    assert "ALARM" in reason_of(hold)
    assert AuditRow.objects.filter(deed="seal_broken").count() == 1


@pytest.mark.parametrize(
    "wrong", [{"reason": "short"}, {"ends_on": date(2029, 1, 1)}, {"patient": "bob"}]
)
def test_a_hold_that_says_too_little_is_refused(request, practice, ada_admin, wrong):
    if "patient" in wrong:
        wrong = {"patient": request.getfixturevalue("bob")}
    asked = {"reason": REASON, "starts_on": date(2030, 1, 1), **wrong}
    with pytest.raises(RequestError):
        set_hold(practice=practice, by=ada_admin, **asked)


# The end


@pytest.fixture
def ended(written, policy, practice, ada_admin, on):
    """Everything due is destroyed, on June 1, 2030."""
    on("2030-06-01")
    (done,) = apply(
        practice=practice, by=ada_admin, code=planned(practice=practice, by=ada_admin).code
    )
    return done


def test_no_key_and_no_file_is_left_and_all_else_stays(written, ended):
    assert not KeyWrap.objects.exists() and not AttachmentChunk.objects.exists()
    assert Message.objects.count() == 2 and Receipt.objects.count() == 0
    assert (ended.threads, ended.messages, ended.keys, ended.files) == (1, 2, 2, 1)
    assert not written.thread.notes.exists() and not IndexedMessage.objects.exists()


@pytest.mark.parametrize("who", ["alice", "dr_chen", "sam_staff"])
def test_the_conversation_says_so_and_sounds_no_alarm(request, written, ended, who):
    by = request.getfixturevalue(who)
    opened = queries.open_thread(written.thread_id, getattr(by, "user", by))
    assert [each.text for each in opened.messages] == [
        "Content destroyed on June 1, 2030, under the practice's rule: kept 10 years after the "
        "last contact, and at least until age 21."
    ] * 2
    assert opened.subject == "Content destroyed on June 1, 2030"
    assert not opened.tampered and not opened.may_write
    assert not any(each.attachments for each in opened.messages)
    assert [each.sender_name for each in opened.messages] == ["Dr Chen", "Alice Arden"]
    assert not AuditRow.objects.filter(deed="seal_broken").exists()


def test_what_is_destroyed_while_it_is_opened_is_no_alarm(
    written, policy, practice, alice, ada_admin, on, monkeypatch
):
    """The thread was read before, its keys are looked for after."""
    on("2030-06-01")
    read = opening._MESSAGES

    def destroyed_just_before(**asked):
        apply(practice=practice, by=ada_admin, code=planned(practice=practice, by=ada_admin).code)
        return read(**asked)

    monkeypatch.setattr(opening, "_MESSAGES", destroyed_just_before)
    opened = queries.open_thread(written.thread_id, alice.user)
    assert opened.subject == "Content destroyed on June 1, 2030"
    assert not opened.tampered
    assert not AuditRow.objects.filter(outcome="alarm").exists()


def test_lists_say_so_too(written, ended, alice, sam_staff, practice):
    for rows in (
        queries.inbox(alice.user, patient=alice),
        queries.inbox(sam_staff, practice=practice),
    ):
        assert [each.subject for each in rows] == ["Content destroyed on June 1, 2030"]
        assert not rows[0].tampered


def test_its_file_is_not_there(written, ended, alice):
    with pytest.raises(NotAllowed):
        queries.open_attachment(written.attachments.get().pk, alice.user)


def test_a_mark_alone_hides_nothing(written, policy, practice, alice, on):
    """Whoever marks a thread in the database as destroyed has not destroyed it."""
    made = Destruction.objects.create(
        practice=practice, patient=alice, policy=policy, last_contact_on="2020-05-04",
        due_on="2030-05-04", destroyed_at=clock.now(),
    )  # fmt: skip
    written.thread.destruction = made
    written.thread.save()
    opened = queries.open_thread(written.thread_id, alice.user)
    assert opened.messages[0].text == "Please rest it."


def test_keys_taken_away_without_a_record_are_an_alarm(written, alice):
    KeyWrap.objects.all().delete()
    assert queries.open_thread(written.thread_id, alice.user).tampered


def test_somebody_let_in_later_finds_what_is_left(written, ended, alice, sam_staff, fresh_key):
    from wellpost.server.people.actions import add_representative

    add_representative(
        patient=alice, by=sam_staff, name="Amir Arden", relationship="spouse",
        starts_on=date(2020, 1, 1),
    )  # fmt: skip
    assert not AuditRow.objects.filter(deed="seal_broken").exists()


def test_it_is_on_record_for_good(written, ended, alice, ada_admin, policy):
    row = AuditRow.objects.get(deed="content_destroyed")
    assert (row.actor_id, row.patient_id) == (str(ada_admin.pk), str(alice.pk))
    assert row.details == {
        "policy": str(policy.pk), "years": 10, "minors_until": 21, "messages": 2, "keys": 2,
        "files": 1, "last_contact_on": "2020-05-04", "due_on": "2030-05-04",
        "threads": [str(written.thread_id)],
    }  # fmt: skip


def facts(practice):
    with server_source(practice) as source:
        return sorted(map(str, source.run(source.tables["messages"], {})))


def test_messages_count_as_before(written, policy, practice, ada_admin, on):
    before = facts(practice)
    on("2030-06-01")
    apply(practice=practice, by=ada_admin, code=plan(practice).code)
    assert facts(practice) == before and len(before) == 2


def test_only_what_was_seen_is_destroyed(
    written, policy, practice, carol, dr_chen, ada_admin, on, fresh_key
):
    on("2020-06-01")
    actions.start_thread(
        practice=practice, patient=carol, by=dr_chen.user, subject="Hello", body="Carol.",
        client_key=fresh_key(),
    )  # fmt: skip
    on("2030-05-20")
    seen = planned(practice=practice, by=ada_admin).code
    on("2030-06-02")
    with pytest.raises(RequestError, match="not what you saw"):
        apply(practice=practice, by=ada_admin, code=seen)
    assert not Destruction.objects.exists()


def test_who_writes_at_the_last_moment_is_kept(written, policy, practice, alice, on, fresh_key):
    on("2030-06-01")
    actions.send_message(
        thread=written.thread, by=alice.user, body="One more thing.", client_key=fresh_key()
    )
    assert destroy(alice, None) == []


def test_a_run_that_is_cut_off_leaves_each_patient_whole(
    written, policy, practice, carol, dr_chen, ada_admin, on, fresh_key
):
    on("2020-05-20")
    actions.start_thread(
        practice=practice, patient=carol, by=dr_chen.user, subject="Hello", body="Carol.",
        client_key=fresh_key(),
    )  # fmt: skip
    on("2030-06-01")

    def pulled(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(practice=practice, by=ada_admin, code=plan(practice).code, said=pulled)
    assert Destruction.objects.count() == 1 and len(due(practice)) == 1
    apply(practice=practice, by=ada_admin, code=plan(practice).code)
    assert Destruction.objects.count() == 2 and not KeyWrap.objects.exists()


# The command


def test_the_command_plans_first_and_destroys_what_it_planned(
    written, practice, on, monkeypatch, capsys
):
    from wellpost.server.config import serving

    monkeypatch.setattr(serving, "prepare_database", lambda: None)
    on("2030-06-01")
    asked = ("--practice", practice.tin)
    assert main(["retention", "plan", *asked]) == 2
    capsys.readouterr()
    assert main(["retention", "policy", *asked, "--years", "10", "--minors-until", "21"]) == 0
    assert main(["retention", "plan", *asked]) == 0
    said = capsys.readouterr().out
    assert str(written.thread.patient_id) in said and "Arden" not in said
    code = plan(practice).code
    assert f"--plan {code}" in said and KeyWrap.objects.exists()
    assert main(["retention", "apply", *asked, "--plan", "0"]) == 2
    assert main(["retention", "apply", *asked, "--plan", code]) == 0
    assert "1 patients" in capsys.readouterr().out and not KeyWrap.objects.exists()
