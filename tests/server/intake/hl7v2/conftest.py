"""The people of intake's tests, and a registration system that sends to their server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import hl7
import pytest

from tests.server.intake.world import World
from wellpost.reports.request import ask
from wellpost.reports.scorecard import scorecard
from wellpost.server.intake.hl7v2.feed import Feed
from wellpost.server.intake.hl7v2.receiving import receive
from wellpost.server.people.models import PatientIdentifier
from wellpost.server.quality.source import server_source
from wellpost.terms import Level, Period

SUMMER = Period(date(2021, 6, 1), date(2021, 8, 31))
Send = Callable[..., str]


def sent(message: bytes, feed: Feed | None = None) -> str:
    """The acknowledgment's code, and in words why not."""
    (given,) = receive(message, feed or Feed())
    read = hl7.parse(given).segment("MSA")
    return f"{read[1]} {read[3]}" if len(read) > 3 else str(read[1])


def denominator(world: World) -> int:
    """How many patients the measure of messages counts at North."""
    asked = ask("stage-3", 2021, SUMMER, measures=["secure_messaging"], levels=[Level.GROUP])
    [result] = scorecard(server_source(world.north, SUMMER), asked).results
    return result.count.denominator


@pytest.fixture
def alice_known(world: World) -> World:
    """Alice has a record number that registration knows."""
    PatientIdentifier.objects.create(
        patient=world.alice, practice=world.north, system="hl7v2:NORTH", value="1"
    )
    return world
