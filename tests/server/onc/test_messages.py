"""RT5, secure messaging: all five scenarios through the server's own actions.

The deck's JSON says who was seen, who wrote, who answered and who was copied, and what the
cumulative totals must then be, with and without the step of the copied patient. Everything is
read from it; the days are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.server.onc.world import World
from tests.worlds.deck import Cell, Scenario, scenarios
from wellpost.server.clock import time as clock
from wellpost.server.messaging.actions import send_message, start_thread
from wellpost.server.messaging.models import Message
from wellpost.server.people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@dataclass
class Letters:
    """What was written in the world."""

    world: World
    asked: dict[tuple[str, str], Message] = field(default_factory=dict)

    def patient_writes(self, cell: Cell) -> None:
        writer = self.world.helper_or_self(cell.patient, cell.provider)
        clinician = self.world.clinician(cell.provider)
        self.asked[cell.patient, cell.provider] = self._begin(cell, writer, for_clinician=clinician)

    def provider_replies(self, cell: Cell) -> None:
        asked = self.asked[cell.patient, cell.provider]
        send_message(
            thread=asked.thread,
            by=self.world.user(cell.provider),
            body="An answer.",
            client_key=f"key {next(self.world.number)}",
            in_reply_to=asked,
        )

    def provider_writes(self, cell: Cell) -> None:
        patient = self.world.patient(cell.patient, cell.provider)
        helper = patient.representatives.first()
        self._begin(cell, self.world.user(cell.provider), representative=helper)

    def provider_copies(self, cell: Cell) -> None:
        """To the other provider, with the patient or representative reading along."""
        other = next(name for name in self.world.providers if name != cell.provider)
        colleague = self.world.provider(other)
        self._begin(cell, self.world.user(cell.provider), to_colleague=colleague)

    def _begin(self, cell: Cell, by: User, **more: Any) -> Message:
        return start_thread(
            practice=self.world.practice(cell.provider),
            patient=self.world.patient(cell.patient, cell.provider),
            by=by,
            subject="A matter",
            body="A message.",
            client_key=f"key {next(self.world.number)}",
            **more,
        )


STEPS: Mapping[str, Callable[[Letters, Cell], None]] = {
    "Patient or Patient Representative Sends": Letters.patient_writes,
    "EP/EC Replies": Letters.provider_replies,
    "EP/EC Sends Secure Electronic Message to Patient": Letters.provider_writes,
    "EP/EC Sends Secure Message to Provider Including Patient": Letters.provider_copies,
}


def play(letters: Letters, scenario: Scenario) -> None:
    """Do what the deck says, cell by cell, in its order."""
    for cell in scenario.cells:
        if cell.is_seen:
            letters.world.seen(cell.patient, cell.provider)
        elif cell.is_yes:
            step = next(STEPS[start] for start in STEPS if cell.column.startswith(start))
            step(letters, cell)


def test_rt5_through_the_servers_own_actions():
    """Totals are cumulative: each scenario is played on top of those before it."""
    world = World("stage-3", 2021)
    letters = Letters(world)
    every = list(scenarios("EP_RT5_G2.json"))
    with clock.held_at(datetime(2021, 1, 4, 15, tzinfo=UTC)):
        for provider in every[0].totals:
            world.provider(provider)
    for number, scenario in enumerate(every):
        with clock.held_at(datetime(2021, 9 + number % 3, 10, 15, tzinfo=UTC)):
            play(letters, scenario)
        copied = world.counted("secure_messaging", copied_patients="count")
        assert copied == scenario.totals, scenario.title
        without = world.counted("secure_messaging", copied_patients="do_not_count")
        assert without == scenario.other_totals, scenario.title
    assert len(every) == 5
