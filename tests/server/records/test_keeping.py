"""What is kept stays as it came; what changes is a new version; what was an error is withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient
from wellpost.server.records.keeping import keep
from wellpost.server.records.models import ReleaseHold, Resource, ResourceMoment, ResourceToken

from .conftest import Keep, weight

NOON = datetime(2021, 6, 3, 16, tzinfo=UTC)


def test_a_decimal_keeps_its_last_zero(alice: Patient, kept: Keep) -> None:
    assert '"value":70.50' in kept(alice, weight("70.50")).body


def test_it_is_found_by_its_code_and_its_day(alice: Patient, kept: Keep) -> None:
    row = kept(alice, weight())
    assert ResourceToken.objects.get(parameter="code").code == "29463-7"
    assert ResourceMoment.objects.filter(resource=row, parameter="date").exists()
    assert (row.section, row.concept) == ("vitals", "http://loinc.org|29463-7")


def test_the_same_again_changes_nothing(alice: Patient, kept: Keep) -> None:
    first = kept(alice, weight(), source_system="feed", source_id="w1")
    again = kept(alice, weight(), source_system="feed", source_id="w1")
    assert (again.pk, again.version, Resource.objects.count()) == (first.pk, 1, 1)


def test_another_value_is_a_new_version_first_available_when_it_first_was(
    alice: Patient, kept: Keep
) -> None:
    with clock.held_at(NOON):
        first = kept(alice, weight("70.5"), source_system="feed", source_id="w1")
    with clock.held_at(NOON + timedelta(days=9)):
        kept(alice, weight("71.5"), source_system="feed", source_id="w1")
    row = Resource.objects.get()
    assert (row.version, row.pk) == (2, first.pk)
    assert '"versionId":"2"' in row.body and "71.5" in row.body
    assert row.available_to_patient_at == NOON
    assert row.changed_at == NOON + timedelta(days=9)
    assert ResourceToken.objects.filter(parameter="code").count() == 1


def test_entered_in_error_is_withdrawn_and_may_come_back(alice: Patient, kept: Keep) -> None:
    wrong = weight() | {"status": "entered-in-error"}
    assert kept(alice, wrong, source_system="feed", source_id="w1").withdrawn_at
    assert kept(alice, weight(), source_system="feed", source_id="w1").withdrawn_at is None


def test_it_is_known_when_it_was_issued_and_released_at_once(alice: Patient, kept: Keep) -> None:
    with clock.held_at(NOON):
        row = kept(alice, weight(on="2021-06-03T09:00:00-04:00"))
    assert row.available_to_clinician_at == datetime(2021, 6, 3, 13, tzinfo=UTC)
    assert row.available_to_patient_at == NOON


def test_nothing_was_known_before_now_that_is_dated_later(alice: Patient, kept: Keep) -> None:
    with clock.held_at(NOON):
        assert kept(alice, weight(on="2031-01-01")).available_to_clinician_at == NOON


def test_a_practice_can_hold_a_part_of_the_record_back(alice: Patient, kept: Keep) -> None:
    ReleaseHold.objects.create(practice=alice.practice, section="vitals", days=3)
    with clock.held_at(NOON):
        row = kept(alice, weight(on="2021-06-03T09:00:00-04:00"))
    assert row.available_to_patient_at == datetime(2021, 6, 6, 13, tzinfo=UTC)


def test_an_id_of_another_patients_is_refused(alice: Patient, bob: Patient, kept: Keep) -> None:
    row = kept(alice, weight())
    with pytest.raises(RequestError, match="another Observation's already"):
        kept(bob, weight() | {"id": str(row.pk)})


def test_a_patient_of_another_practice_is_refused(alice: Patient, bob: Patient) -> None:
    with pytest.raises(RequestError, match="another practice's"):
        keep(practice=alice.practice, patient=bob, resource=weight(), by=None)


@pytest.mark.parametrize(
    ("resource", "says"),
    [
        ({}, "needs its type"),
        ({"resourceType": "No type!"}, "needs its type"),
        ({"resourceType": "Basic", "code": {"text": "a\0b"}}, "NUL"),
        ({"resourceType": "Basic", "code": {"text": "x" * 16_000_001}}, "at most 16 million"),
        ({"resourceType": "Basic", "code": object()}, "cannot be kept"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    alice: Patient, kept: Keep, resource: dict[str, object], says: str
) -> None:
    with pytest.raises(DataRefusedError, match=says):
        kept(alice, resource)
    assert not Resource.objects.exists()


def test_what_is_nested_too_deep_is_refused(alice: Patient, kept: Keep) -> None:
    deep: dict[str, object] = {}
    for _ in range(10_000):
        deep = {"extension": deep}
    with pytest.raises(DataRefusedError, match="cannot be kept"):
        kept(alice, {"resourceType": "Basic", **deep})
