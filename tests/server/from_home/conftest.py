"""A clock that stands, and a reading as people write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from wellpost.server.clock import time as clock
from wellpost.server.from_home.adding import Measured, add_readings
from wellpost.server.from_home.models import HomeDatum
from wellpost.server.people.models import Patient, User

NOW = datetime(2021, 6, 15, 14, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    """Half past ten in the morning at the practice."""
    with clock.held_at(NOW):
        yield NOW


def pressure(value: str = "128", second: str = "82", **changed: object) -> Measured:
    """Blood pressure, an hour ago."""
    given = {
        "kind": "blood_pressure", "value": value, "second": second, "unit": "mm[Hg]",
        "measured_at": NOW - timedelta(hours=1), **changed,
    }  # fmt: skip
    return Measured(**given)


def one(kind: str, value: str, unit: str, **changed: object) -> Measured:
    """A reading of one number, an hour ago."""
    given = {"measured_at": NOW - timedelta(hours=1), **changed}
    return Measured(kind=kind, value=value, unit=unit, **given)


@pytest.fixture
def brought(alice: Patient) -> Callable[..., HomeDatum]:
    """`brought(pressure())`: Alice enters it (or `by`)."""

    def add(reading: Measured, by: User | None = None) -> HomeDatum:
        return add_readings(by=by or alice.user, patient=alice, readings=[reading])[0]

    return add
