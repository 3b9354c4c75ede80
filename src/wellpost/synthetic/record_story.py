"""The hand that writes a made-up record: ids, values that wander, elements all entries have."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from .record_terms import (
    LOINC,
    US_CORE,
    Test,
    amount,
    coded,
    term,
    usual,
)

Resource = dict[str, Any]


@dataclass
class Story:
    """Whose record, who writes it, and what has been made so far."""

    seed: str
    patient: str
    practitioner: dict[str, str]
    chance: Random
    made: int = 0
    now: dict[str, float] = field(default_factory=dict)

    def resource(self, kind: str, profile: str = "", **elements: Any) -> Resource:
        """A resource of the patient with an id of its own."""
        self.made += 1
        made: Resource = {"resourceType": kind, "id": str(self.id_of(kind, self.made))}
        if profile:
            made["meta"] = {"profile": [f"{US_CORE}/us-core-{profile}"]}
        whose = "patient" if kind in ("AllergyIntolerance", "Immunization", "Device") else "subject"
        return {**made, whose: {"reference": self.patient}, **elements}

    def id_of(self, kind: str, number: int) -> UUID:
        """The same for one seed, whenever it is asked."""
        return uuid5(NAMESPACE_URL, f"wellpost {self.seed} {kind} {number}")

    def number(self, test: Test) -> Decimal:
        """The next value of something measured: near the last one, and drawn back to the middle."""
        last = self.now.setdefault(test.code, test.start + self.chance.gauss(0, test.spread))
        value = last + 0.3 * (test.start - last) + self.chance.gauss(0, test.spread * 0.6)
        self.now[test.code] = value
        return Decimal(str(value)).quantize(Decimal(test.step))


def at(day: date, minutes: int = 0) -> str:
    moment = datetime.combine(day, time(14, 30), UTC) + timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def measure(
    story: Story, test: Test, day: date, of: dict[str, Any], category: str, profile: str
) -> Resource:
    value = story.number(test)
    ranged = {"referenceRange": usual(test)} if usual(test) else {}
    return story.resource(
        "Observation",
        profile,
        status="final",
        category=[term("observation-category", category)],
        code=coded(LOINC, test.code, test.name),
        effectiveDateTime=at(day, 5),
        issued=at(day, 10),
        performer=[story.practitioner],
        valueQuantity=amount(value, test.unit),
        **ranged,
        **_judged(test, value),
        **of,
    )


def _judged(test: Test, value: Decimal) -> dict[str, Any]:
    """High or low, where it is."""
    code = "L" if test.low and value < Decimal(test.low) else ""
    code = "H" if test.high and value > Decimal(test.high) else code
    return {"interpretation": [term("v3-ObservationInterpretation", code)]} if code else {}
