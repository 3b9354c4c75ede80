"""Two records become one when registration says so; Alice's account and Amir's right stay."""

from __future__ import annotations

from datetime import date

import pytest

from tests.made_messages import adt
from tests.server.intake.hl7v2.conftest import denominator, sent
from tests.server.intake.world import World, account
from wellpost.server.people.models import Patient, PatientIdentifier, Representative
from wellpost.server.people.queries import acting_patients

pytestmark = pytest.mark.postgresql
ALICE, OTHER = "1^^^NORTH^MR", "2^^^NORTH^MR"


def merge(**other: str) -> str:
    values = {"patient": ALICE, "prior": OTHER, "name": "Adams^Alice", "at": "20210830140000-0400"}
    return sent(adt("A40", **(values | other)))


def test_two_records_become_one_and_count_once(alice_known: World) -> None:
    amir = account("amir")
    Representative.objects.create(
        patient=alice_known.alice, user=amir, name="Amir", starts_on=date(2020, 1, 1)
    )
    sent(adt("A04", patient=ALICE, name="Adams^Alice"))
    sent(adt("A04", patient=OTHER, name="Adams^A", visit="V2"))
    assert denominator(alice_known) == 2
    assert [merge(number="1"), merge(number="1"), merge()] == ["AA", "AA", "AA"]
    assert denominator(alice_known) == 1
    assert acting_patients(amir) == acting_patients(alice_known.alices_user) == [alice_known.alice]


def test_what_comes_under_the_old_number_belongs_to_the_record_that_stays(
    alice_known: World,
) -> None:
    assert merge() == "AA", "the other record has never been heard of"
    assert sent(adt("A04", patient=OTHER, name="Adams^A", at="20210830080000-0400")) == "AA"
    assert denominator(alice_known) == 1
    assert alice_known.alice.encounters.count() == 1
    alice_known.alice.refresh_from_db()
    assert alice_known.alice.given_name == "Alice", "the older word changes nothing"


def test_a_record_that_only_had_the_old_number_gets_the_new_one(alice_known: World) -> None:
    PatientIdentifier.objects.update(value="2")
    assert merge() == "AA"
    assert set(PatientIdentifier.objects.values_list("value", "patient")) == {
        ("1", alice_known.alice.pk), ("2", alice_known.alice.pk)
    }  # fmt: skip
    assert Patient.objects.filter(practice=alice_known.north).count() == 1


def test_two_accounts_are_for_people_to_settle(alice_known: World) -> None:
    sent(adt("A04", patient=OTHER, name="Adams^A"))
    Patient.objects.filter(given_name="A").update(user=account("other"))
    assert merge().startswith("AE MRG-1: Each record has an account of its own")
    assert not Patient.objects.filter(merged_into__isnull=False).exists()


def test_bobs_record_at_another_practice_is_not_found(alice_known: World) -> None:
    PatientIdentifier.objects.create(
        patient=alice_known.bob, practice=alice_known.south, system="hl7v2:NORTH", value="2"
    )
    assert merge() == "AA"
    alice_known.bob.refresh_from_db()
    assert alice_known.bob.merged_into is None
