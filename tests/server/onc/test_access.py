"""RT2a and RT2b: what is kept of each visit reaches the patient in time, late, or not yet.

Here a resource that is released can be viewed, downloaded, transmitted and read through the API
from the same moment (the deck's fourth note calls that automatic). So where the deck gives one of
the two ways in time and not the other, both come late: the encounter counts neither way, as the
measure of RT2a asks for both. The totals for products where access is automatic are played too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import cycle

import pytest

from tests.server.onc.world import Totals, World
from tests.worlds.deck import Cell, Scenario, scenarios
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient
from wellpost.server.records.keeping import keep
from wellpost.server.records.models import Encounter
from wellpost.terms import Level

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

NEVER = None
IN_TIME = (0, 1, 4)
"""Business days from the clinician's having it to the patient's; four is the last in time."""
LATE = (5, NEVER, 9)


def business_days(start: date, number: int) -> date:
    """So many weekdays later."""
    day = start
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 16, tzinfo=UTC)


def result(patient: Patient, encounter: Encounter) -> Mapping[str, object]:
    """What was found at the visit."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "subject": {"reference": f"Patient/{patient.pk}"},
        "encounter": {"reference": f"Encounter/{encounter.pk}"},
        "effectiveDateTime": str(encounter.seen_on),
    }


def keeps(world: World, cell: Cell, days: int | None) -> None:
    """A visit with its result, released after so many business days; None: not yet."""
    visit = world.seen(cell.patient, cell.provider)
    patient = visit.patient
    # held back until after all that is asked about; `keep` without a moment would release it now
    released = at(date(world.year + 1, 6, 1))
    if days is not None:
        released = at(business_days(visit.seen_on, days))
    keep(
        practice=visit.practice,
        patient=patient,
        resource=result(patient, visit),
        by=None,
        encounter=visit,
        available_to_clinician_at=at(visit.seen_on),
        available_to_patient_at=released,
    )


def timely(scenario: Scenario, cell: Cell) -> bool:
    """Whether every way that the deck asks for is there in time."""
    return all(
        each.is_yes
        for each in scenario.cells
        if (each.patient, each.provider) == (cell.patient, cell.provider)
        and not each.is_seen_column
    )


def totals(world: World) -> Totals:
    return world.counted("patient_access", Level.PRACTICE_CLINICIAN, Level.GROUP)


@pytest.mark.parametrize("automatic", [False, True], ids=["released_apart", "released_at_once"])
@pytest.mark.parametrize(
    ("deck", "program", "year"),
    [
        ("EP_RT2a_G2.json", "mips-pi", 2021),
        ("EP_RT2b_G2.json", "mips-aci-transition", 2018),
    ],
)
def test_rt2_by_what_is_kept_and_released(deck, program, year, automatic):
    world = World(program, year)
    every = list(scenarios(f"head-2025/{deck}"))
    in_time, late = cycle(IN_TIME), cycle(LATE)
    with clock.held_at(datetime(year, 1, 4, 15, tzinfo=UTC)):
        for provider in every[0].totals:
            if not provider.startswith("Group/"):
                world.provider(provider)
    for scenario in every:
        with clock.held_at(datetime(year, 9, 15, 15, tzinfo=UTC)):
            for cell in scenario.cells:
                if cell.is_seen:
                    well = automatic or timely(scenario, cell)
                    keeps(world, cell, 0 if automatic else next(in_time if well else late))
        assert totals(world) == (scenario.other_totals if automatic else scenario.totals), (
            scenario.title
        )
    assert len(every) == 5
