"""RT6: patients bring data from home, and a clinician takes some of it into the record.

Whom the deck calls "No" brings data too, and nobody takes them over: they must not count.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.server.onc.world import World
from tests.worlds.deck import Cell, Scenario, scenarios
from wellpost.server.clock import time as clock
from wellpost.server.from_home.adding import Measured, add_note, add_readings
from wellpost.server.from_home.models import HomeDatum, State
from wellpost.server.from_home.reviewing import ask_back, decline, incorporate

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

MEASURE = "patient_generated_data"


def brings(world: World, cell: Cell) -> HomeDatum:
    """Now a reading, now a note: by the patient, or by who acts for them."""
    patient = world.patient(cell.patient, cell.provider)
    by, number = world.helper_or_self(cell.patient, cell.provider), next(world.number)
    if number % 3 == 0:
        text, now = f"I walk {number} minutes a day.", clock.now()
        return add_note(by=by, patient=patient, text=text, measured_at=now)
    said = Measured("weight", "70.5", "kg", clock.now() - timedelta(minutes=number))
    return add_readings(by=by, patient=patient, readings=[said])[0]


def leaves(world: World, cell: Cell, datum: HomeDatum) -> None:
    """The clinician asks back, declines, or has not come to it yet."""
    by, practice = world.user(cell.provider), world.practice(cell.provider)
    number = next(world.number)
    if number % 3 == 0:
        decline(practice=practice, data=[datum.pk], by=by, reason="We have this already.")
    elif number % 3 == 1:
        ask_back(
            practice=practice, data=[datum.pk], by=by, subject="Your entry", body="Is it right?",
            client_key=f"key {number}",
        )  # fmt: skip


def play(world: World, scenario: Scenario) -> None:
    for cell in scenario.cells:
        if cell.is_seen:
            world.seen(cell.patient, cell.provider)
        elif not cell.is_seen_column:
            datum = brings(world, cell)
            if cell.is_yes:
                by, practice = world.user(cell.provider), world.practice(cell.provider)
                incorporate(practice=practice, data=[datum.pk], by=by)
            else:
                leaves(world, cell, datum)


def test_rt6_by_what_clinicians_take_over():
    """All of it within the reporting period, as the deck's notes ask."""
    world = World("stage-3", 2021)
    every = list(scenarios("EP_RT6_G2.json"))
    with clock.held_at(datetime(2021, 1, 4, 15, tzinfo=UTC)):
        for provider in every[0].totals:
            world.provider(provider)
    for number, scenario in enumerate(every):
        with clock.held_at(datetime(2021, 7, 5 + 6 * number, 15, tzinfo=UTC)):
            play(world, scenario)
        assert world.counted(MEASURE) == scenario.totals, scenario.title
    states = set(HomeDatum.objects.values_list("state", flat=True))
    assert states == {State.ACCEPTED, State.WAITING, State.ASKED_BACK, State.DECLINED}
    assert len(every) == 5
