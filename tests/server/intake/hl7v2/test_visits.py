"""Visits as registration tells them: counted at once, taken out at once, in whatever order."""

from __future__ import annotations

from datetime import date

import pytest

from tests.made_messages import CHEN, adt
from tests.server.intake.hl7v2.conftest import denominator, sent
from tests.server.intake.world import World, signed_in
from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.server.audit.models import AuditRow
from wellpost.server.intake.hl7v2.feed import Feed
from wellpost.server.intake.hl7v2.models import ReceivedMessage
from wellpost.server.people.models import Patient
from wellpost.server.records.models import Encounter

pytestmark = pytest.mark.postgresql
ALICE = "1^^^NORTH^MR"
EARLY, LATE = "20210830080000-0400", "20210830140000-0400"


def test_who_registers_is_known_in_the_clinic_and_counts_at_once(world: World) -> None:
    assert denominator(world) == 0
    assert sent(adt("A04")) == "AA"
    assert denominator(world) == 1
    seen = Encounter.objects.get()
    assert (seen.clinician, seen.seen_on, seen.kind) == (
        world.chen,
        date(2021, 8, 30),
        "office_visit",
    )
    assert "Cora Cole" in signed_in(world.sam).get("/clinic/patients/").content.decode()
    assert "Cora Cole" in signed_in(world.sam).get("/clinic/intake/").content.decode()
    row = AuditRow.objects.get(deed="registration_received")
    assert (row.actor_kind, row.practice_id, row.target_id) == (
        "machine", str(world.north.pk), str(seen.pk)
    )  # fmt: skip


def test_alice_who_is_known_keeps_her_record(alice_known: World) -> None:
    assert sent(adt("A01", patient=ALICE, name="Adams^Alicia")) == "AA"
    alice_known.alice.refresh_from_db()
    assert str(alice_known.alice) == "Alicia Adams"
    assert Encounter.objects.get().patient == alice_known.alice
    assert Patient.objects.filter(practice=alice_known.north).count() == 1


def test_a_cancelled_visit_counts_no_longer(world: World) -> None:
    sent(adt("A04"))
    assert sent(adt("A11", at=LATE)) == "AA"
    assert denominator(world) == 0
    assert sent(adt("A08", at="20210830150000-0400")) == "AA"
    assert denominator(world) == 0, "an update does not bring it back"
    assert sent(adt("A04", at="20210830160000-0400")) == "AA"
    assert denominator(world) == 1


def test_a_visit_is_changed(world: World) -> None:
    sent(adt("A04"))
    assert sent(adt("A08", at=LATE, kind="VR", admitted="20210829100000-0400")) == "AA"
    assert sent(adt("A03", at=LATE, kind="VR", admitted="", clinician="")) == "AA"
    seen = Encounter.objects.get()
    assert (seen.kind, seen.seen_on, seen.clinician) == (
        "telehealth",
        date(2021, 8, 29),
        world.chen,
    )


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_what_comes_out_of_order_ends_the_same(world: World, order: tuple[int, ...]) -> None:
    said = [
        adt("A04", at=EARLY, name="Cold^Cora"),
        adt("A08", at="20210830100000-0400", name="Cole^Cora"),
        adt("A11", at=LATE),
    ]
    for each in order:
        assert sent(said[each]) == "AA"
    assert denominator(world) == 0
    assert Patient.objects.get(given_name="Cora").family_name == "Cole"


def test_a_cancellation_comes_before_its_visit(world: World) -> None:
    assert sent(adt("A11", at=LATE)) == "AA"
    assert not Patient.objects.filter(given_name="Cora").exists(), "nobody is made by it"
    assert sent(adt("A04", at=EARLY)) == "AA"
    assert denominator(world) == 0


def test_an_update_makes_a_visit_that_was_missed_and_a_person_nobody_saw_is_not_made(
    world: World,
) -> None:
    assert sent(adt("A31", visit=None)) == "AA"
    assert Patient.objects.filter(practice=world.north).count() == 1
    assert sent(adt("A08")) == "AA"
    assert denominator(world) == 1
    assert sent(adt("A31", visit=None, at=LATE, name="Cole-Moss^Cora")) == "AA"
    assert Patient.objects.get(given_name="Cora").family_name == "Cole-Moss"


def test_the_same_message_again_changes_nothing(world: World) -> None:
    message = adt("A04", number="7")
    assert [sent(message), sent(message)] == ["AA", "AA"]
    assert Encounter.objects.count() == 1
    assert AuditRow.objects.filter(deed="registration_received").count() == 1
    assert ReceivedMessage.objects.get().times == 2
    assert sent(adt("A04", number="7", visit="V2")).startswith("AE MSH-10: number 7 came before")
    assert Encounter.objects.count() == 1
    assert ReceivedMessage.objects.get().answer == "AA"


def test_two_visits_of_a_patient_count_her_once(world: World) -> None:
    sent(adt("A04"))
    sent(adt("A04", visit="V2^^^NORTH"))
    assert (Encounter.objects.count(), denominator(world)) == (2, 1)


def test_the_practice_is_the_facilitys_by_its_tin_or_by_the_name_given(world: World) -> None:
    evans = f"{make_npi('evans')}^Evans^^^^^^^^^^^NPI"
    assert sent(adt("A04", place=make_tin("south"), clinician=evans)) == "AA"
    assert Encounter.objects.get().practice == world.south
    by_name = Feed(facilities={"NORTHGEN": make_tin("north")})
    assert sent(adt("A04", place="WARD"), by_name) == "AA"
    assert sent(adt("A04", visit="V2", place="WARD"), Feed(tin=make_tin("north"))) == "AA"
    assert denominator(world) == 1


@pytest.mark.parametrize(
    ("message", "feed", "says"),
    [
        (adt("A04", place="WARD"), Feed(), "AE PV1-3.4: no practice is named"),
        (adt("A04", place="900000009"), Feed(), "AE PV1-3.4: tin 900000009 is no practice"),
        (adt("A04", place=make_tin("south")), Feed(tin=make_tin("north")), "is another practice"),
        (
            adt("A04", clinician=f"{make_npi('evans')}^E"),
            Feed(),
            "is no clinician of this practice on",
        ),
        (adt("A04", clinician="17^Nobody"), Feed(), "AE PV1-7: there is no NPI"),
        (adt("A04", admitted="20190830"), Feed(), "is no clinician of this practice on 2019-08-30"),
        (adt("A04", admitted="20210901"), Feed(), "AE PV1-44: 2021-09-01 is still to come"),
        (adt("A08", admitted=""), Feed(), "AE PV1-44: give the moment of the visit"),
        (adt("A04", born="20220101"), Feed(), "AE PID-7: the day of birth is still to come"),
        (adt("A04", head="T|2.5"), Feed(), "AR MSH-11: T: a test, not taken over"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    world: World, message: bytes, feed: Feed, says: str
) -> None:
    assert says in sent(message, feed)
    assert not Encounter.objects.exists()
    assert Patient.objects.count() == 2
    assert not AuditRow.objects.exists()
    row = ReceivedMessage.objects.get()
    assert row.answer in says or row.answer == "AE"
    assert not any(each in f"{row.says} {row.sender}" for each in ("Cole", "Cora", "1990"))


def test_a_test_is_taken_over_where_one_asked_for_tests(world: World) -> None:
    assert sent(adt("A04", head="D|2.5"), Feed(test_messages=True)) == "AA"


def test_what_was_refused_is_taken_over_once_it_can_be(world: World) -> None:
    message = adt("A04", number="9", clinician=f"{make_npi('evans')}^E")
    assert sent(message).startswith("AE")
    world.evans.memberships.update(practice=world.north)
    assert sent(message) == "AA"
    row = ReceivedMessage.objects.get()
    assert (row.answer, row.says, row.times) == ("AA", "", 2)


def test_numbers_of_two_patients_in_one_message_are_refused(alice_known: World) -> None:
    sent(adt("A04"))
    both = adt("A08", patient=f"17^^^NORTH^MR~{ALICE}", at=LATE)
    assert sent(both).startswith("AE PID-3: these numbers belong to 2 records here")
    assert sent(adt("A08", patient=ALICE, at=LATE)).startswith("AE PV1-19: this visit is another")
    assert sent(adt("A11", patient="99^^^NORTH^MR", at=LATE)).startswith("AE PV1-19")
    assert denominator(alice_known) == 1


def test_a_fault_of_ours_is_answered_and_told_without_the_message(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Cora Cole")

    monkeypatch.setattr("wellpost.server.intake.hl7v2.visits.taken_over", broken)
    assert sent(adt("A04", clinician=CHEN)).startswith("AR MSH: it could not be kept")
    assert "RuntimeError" in caplog.text
    assert "Cora" not in caplog.text
    assert not Encounter.objects.exists()
