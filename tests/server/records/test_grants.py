"""From when a visit could be read: told by releases, accounts and invitations, to the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from wellpost.server.clock import time as clock
from wellpost.server.people.actions import (
    accept_invitation,
    end_representative,
    invite_patient,
    invite_representative,
    merge_patients,
)
from wellpost.server.people.models import Clinician, Patient, Representative, User
from wellpost.server.records.business_days import between
from wellpost.server.records.calendar import close_days, hold_back, open_day
from wellpost.server.records.models import AccessGrant, Encounter

from .conftest import Keep, weight

THURSDAY = datetime(2021, 6, 3, 16, tzinfo=UTC)


def visit(patient: Patient, clinician: Clinician) -> Encounter:
    return Encounter.objects.create(
        practice=patient.practice,
        patient=patient,
        clinician=clinician,
        seen_on=THURSDAY.date(),
        kind="office_visit",
    )


def grant_of(encounter: Encounter) -> tuple[date, date | None, date | None]:
    held = AccessGrant.objects.get(encounter=encounter)
    return held.available_on, held.vdt_on, held.api_on


@pytest.mark.parametrize(
    ("start", "end", "closed", "days"),
    [
        ("2021-06-03", "2021-06-09", [], 3),  # Friday, Monday, Tuesday
        ("2021-06-03", "2021-06-10", [], 4),
        ("2021-06-03", "2021-06-10", ["2021-06-07", "2021-06-05", "2021-06-03"], 3),
        ("2021-06-03", "2021-06-03", [], 0),
        ("2021-06-03", "2021-05-01", [], 0),
    ],
)
def test_business_days_between(start: str, end: str, closed: list[str], days: int) -> None:
    shut = [date.fromisoformat(each) for each in closed]
    assert between(date.fromisoformat(start), date.fromisoformat(end), shut) == days


def test_what_is_released_at_once_to_one_with_an_account_is_there_that_day(
    alice: Patient, dr_chen: Clinician, kept: Keep
) -> None:
    seen = visit(alice, dr_chen)
    with clock.held_at(THURSDAY):
        kept(alice, weight(on="2021-06-03"), encounter=seen)
    assert grant_of(seen) == (date(2021, 6, 3), date(2021, 6, 3), date(2021, 6, 3))


def test_the_entry_that_waited_longest_speaks_for_the_visit(
    alice: Patient, dr_chen: Clinician, kept: Keep
) -> None:
    seen = visit(alice, dr_chen)
    with clock.held_at(THURSDAY + timedelta(days=7)):
        kept(alice, weight(on="2021-06-09"), encounter=seen)
        kept(alice, weight(on="2021-06-03"), encounter=seen)
    assert grant_of(seen)[:2] == (date(2021, 6, 3), date(2021, 6, 10))


def test_without_any_way_in_nothing_is_reached_until_an_invitation_is_made(
    carol: Patient, dr_chen: Clinician, kept: Keep
) -> None:
    seen = visit(carol, dr_chen)
    with clock.held_at(THURSDAY):
        kept(carol, weight(on="2021-06-03"), encounter=seen)
        assert grant_of(seen) == (date(2021, 6, 3), None, None)
    with clock.held_at(THURSDAY + timedelta(days=4)):
        invite_patient(patient=carol, by=None)
    assert grant_of(seen)[1:] == (date(2021, 6, 7), date(2021, 6, 7))


def test_an_invitation_that_has_run_out_opens_nothing_until_the_account(
    carol: Patient, dr_chen: Clinician, kept: Keep
) -> None:
    with clock.held_at(THURSDAY - timedelta(days=400)):
        invite_patient(patient=carol, by=None)
    seen = visit(carol, dr_chen)
    with clock.held_at(THURSDAY):
        kept(carol, weight(on="2021-06-03"), encounter=seen)
        assert grant_of(seen)[1] is None
    with clock.held_at(THURSDAY + timedelta(days=20)):
        _, code = invite_patient(patient=carol, by=None)
    with clock.held_at(THURSDAY + timedelta(days=21)):
        accept_invitation(
            code=code,
            birth_on=date(1980, 2, 3),
            email="carol@example.org",
            name="Carol Cove",
            password="a long enough password",
        )
    assert grant_of(seen)[1] == date(2021, 6, 23)


def test_a_representative_counts_only_for_the_record_and_in_their_days(
    carol: Patient, dr_chen: Clinician, kept: Keep
) -> None:
    helper = Representative.objects.create(
        patient=carol,
        name="Cyd Cove",
        email="cyd@example.org",
        relationship="child",
        starts_on=date(2021, 6, 8),
        may_see_record=False,
    )
    seen = visit(carol, dr_chen)
    with clock.held_at(THURSDAY):
        kept(carol, weight(on="2021-06-03"), encounter=seen)
        invite_representative(representative=helper, by=None)
        assert grant_of(seen)[1] is None
        helper.may_see_record = True
        helper.save()
        invite_representative(representative=helper, by=None)
        assert grant_of(seen)[1] == date(2021, 6, 8)
        end_representative(representative=helper, by=None, on=date(2021, 6, 5))
        assert grant_of(seen)[1] is None


def test_what_is_held_back_is_reached_when_the_hold_is_over(
    alice: Patient, dr_chen: Clinician, ada_admin: User, kept: Keep
) -> None:
    practice, seen = alice.practice, visit(alice, dr_chen)
    with clock.held_at(THURSDAY):
        hold_back(practice=practice, by=ada_admin, days={"vitals": 10})
        row = kept(alice, weight(on="2021-06-03"), encounter=seen)
        assert grant_of(seen)[1] == date(2021, 6, 13)
    with clock.held_at(THURSDAY + timedelta(days=1)):
        hold_back(practice=practice, by=ada_admin, days={"vitals": 0})
    row.refresh_from_db()
    assert row.available_to_patient_at == THURSDAY + timedelta(days=1)
    assert grant_of(seen)[1] == date(2021, 6, 4)


def test_what_was_withdrawn_grants_nothing(alice: Patient, dr_chen: Clinician, kept: Keep) -> None:
    seen = visit(alice, dr_chen)
    source = {"source_system": "feed", "source_id": "1", "encounter": seen}
    kept(alice, weight(), **source)
    kept(alice, weight() | {"status": "entered-in-error"}, **source)
    assert not AccessGrant.objects.exists()


def test_two_records_of_one_person_share_the_account(
    alice: Patient, carol: Patient, dr_chen: Clinician, ada_admin: User, kept: Keep
) -> None:
    seen = visit(carol, dr_chen)
    with clock.held_at(THURSDAY):
        kept(carol, weight(on="2021-06-03"), encounter=seen)
        merge_patients(keep=alice, merge=carol, by=ada_admin)
    assert grant_of(seen)[1] == date(2021, 6, 3)


def test_a_closed_day_changes_which_entry_waited_longest(
    alice: Patient, dr_chen: Clinician, ada_admin: User, kept: Keep
) -> None:
    seen = visit(alice, dr_chen)
    with clock.held_at(datetime(2021, 6, 8, 16, tzinfo=UTC)):
        kept(alice, weight(on="2021-06-03"), encounter=seen)  # over a weekend, to Tuesday
    with clock.held_at(datetime(2021, 6, 11, 16, tzinfo=UTC)):
        kept(alice, weight("71", on="2021-06-08"), encounter=seen)  # two days between
    assert grant_of(seen)[0] == date(2021, 6, 3)
    day = date(2021, 6, 7)
    close_days(practice=alice.practice, by=ada_admin, days={day: "Flood"})
    assert grant_of(seen)[0] == date(2021, 6, 8)
    open_day(practice=alice.practice, by=ada_admin, on=day)
    assert grant_of(seen)[0] == date(2021, 6, 3)
