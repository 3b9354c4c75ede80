"""Who sees what of a record: Alice, Amir who represents her, Dr Chen, and not Bob or Dr Evans."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Clinician, Patient, Representative, User
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.records.queries import charted, one_of, released, visible

from .conftest import Keep, weight

NOON = datetime(2021, 6, 3, 16, tzinfo=UTC)


def test_alice_and_amir_see_what_was_released(
    alice: Patient, amir: Representative, kept: Keep
) -> None:
    row = kept(alice, weight())
    assert amir.user is not None and alice.user is not None
    assert list(visible(alice, alice.user)) == list(visible(alice, amir.user)) == [row]


def test_dr_chen_has_a_result_before_alice_does(
    alice: Patient, dr_chen: Clinician, kept: Keep
) -> None:
    with clock.held_at(NOON):
        row = kept(alice, weight(), available_to_patient_at=NOON + timedelta(hours=1))
        assert not visible(alice, alice.user).exists()
        assert list(visible(alice, dr_chen.user)) == [row]
    with clock.held_at(NOON + timedelta(hours=1)):
        assert list(visible(alice, alice.user)) == [row]


def test_one_who_works_there_sees_her_own_record_as_a_patient(
    alice: Patient, dr_chen: Clinician, kept: Keep
) -> None:
    alice.user = dr_chen.user
    alice.save()
    with clock.held_at(NOON):
        kept(alice, weight(), available_to_patient_at=NOON + timedelta(hours=1))
        assert not visible(alice, dr_chen.user).exists()
        assert charted(alice, dr_chen.user).exists()


def test_what_was_withdrawn_is_seen_by_nobody(
    alice: Patient, dr_chen: Clinician, kept: Keep
) -> None:
    kept(alice, weight() | {"status": "entered-in-error"})
    assert not visible(alice, alice.user).exists()
    assert not visible(alice, dr_chen.user).exists()


def test_outsiders_learn_nothing(
    alice: Patient, bob: Patient, dr_evans: Clinician, rita_reporter: User, ada_admin: User
) -> None:
    for outsider in (bob.user, dr_evans.user, rita_reporter, ada_admin):
        with pytest.raises(NotAllowed):
            visible(alice, outsider)


def test_who_may_only_message_sees_no_record(alice: Patient, amir: Representative) -> None:
    amir.may_see_record = False
    amir.save()
    with pytest.raises(NotAllowed):
        released(alice, amir.user)


def test_days_are_those_of_the_practice_both_ends_included(alice: Patient, kept: Keep) -> None:
    late = kept(alice, weight(on="2021-06-03T23:30:00-04:00"))  # the fourth in UTC
    undated = kept(alice, {"resourceType": "AllergyIntolerance"})
    on = date(2021, 6, 3)
    assert list(visible(alice, alice.user, start=on, end=on)) == [late, undated]
    assert list(visible(alice, alice.user, end=date(2021, 6, 2))) == [undated]
    assert list(visible(alice, alice.user, start=date.min, end=date.max)) == [late, undated]


def test_kinds_and_merged_records(alice: Patient, carol: Patient, kept: Keep) -> None:
    carol.merged_into = alice
    carol.save()
    of_carol = kept(carol, weight())
    kept(alice, {"resourceType": "AllergyIntolerance"})
    assert list(visible(alice, alice.user, kinds=["Observation"])) == [of_carol]


def test_an_entry_of_somebody_else_is_none(alice: Patient, bob: Patient, kept: Keep) -> None:
    of_bob = kept(bob, weight())
    with pytest.raises(NotAllowed):
        one_of(visible(alice, alice.user), of_bob.pk)
