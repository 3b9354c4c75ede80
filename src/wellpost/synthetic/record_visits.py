"""What came of the visits of a made-up record: measurements, results, vaccinations, notes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .record_story import Resource, Story, at, measure
from .record_terms import (
    CVX,
    LOINC,
    PANELS,
    PRESSURES,
    PROCEDURES,
    SNOMED,
    SUGAR,
    TERMINOLOGY,
    US_CORE_CODES,
    VACCINES,
    VITALS,
    amount,
    coded,
    term,
)

NOTE = """Reason for the visit: {reason}.

{says} Blood pressure {pressure}. Heart and lungs without findings.

Plan: go on as before; come back in {months} months, or earlier if anything changes.
"""
SAYS = ("Feels well.", "Sleeps well and walks every day.", "A little tired lately.")


@dataclass(frozen=True)
class Visit:
    """A visit to make entries for: its day, and the id of its Encounter where there is one."""

    on: date
    encounter_id: str = ""


def visit(story: Story, visit: Visit, first: date, number: int) -> Iterator[Resource]:
    """The visit itself if nobody else tells of it, what was measured, and a note."""
    of: dict[str, Any] = {}
    encounter_id = visit.encounter_id
    if not encounter_id:
        encounter = _encounter(story, visit.on)
        encounter_id = encounter["id"]
        yield encounter
    of["encounter"] = {"reference": f"Encounter/{encounter_id}"}
    pressure = _pressure(story, visit.on, of)
    yield pressure
    for test in VITALS:
        yield measure(story, test, visit.on, of, "vital-signs", "vital-signs")
    if number % 2 == 0:
        yield from _laboratory(story, visit.on, of)
    yield from _given(story, visit.on, first, of)
    yield _note(story, visit.on, encounter_id, pressure)


def _encounter(story: Story, day: date) -> Resource:
    return story.resource(
        "Encounter",
        "encounter",
        status="finished",
        **{"class": {"system": f"{TERMINOLOGY}/v3-ActCode", "code": "AMB"}},
        type=[coded(SNOMED, "185349003", "Check-up")],
        participant=[{"individual": story.practitioner}],
        period={"start": at(day), "end": at(day, 25)},
    )


def _pressure(story: Story, day: date, of: dict[str, Any]) -> Resource:
    parts = [
        {
            "code": coded(LOINC, test.code, test.name),
            "valueQuantity": amount(story.number(test), test.unit),
        }
        for test in PRESSURES
    ]
    return story.resource(
        "Observation",
        "blood-pressure",
        status="final",
        category=[term("observation-category", "vital-signs")],
        code=coded(LOINC, "85354-9", "Blood pressure"),
        effectiveDateTime=at(day, 5),
        issued=at(day, 10),
        performer=[story.practitioner],
        component=parts,
        **of,
    )


def _laboratory(story: Story, day: date, of: dict[str, Any]) -> Iterator[Resource]:
    """Every panel with its report, and the long-term sugar."""
    drawn = day + timedelta(days=1)
    yield measure(story, SUGAR, drawn, of, "laboratory", "observation-lab")
    for (code, name), tests in PANELS.items():
        results = [
            measure(story, test, drawn, of, "laboratory", "observation-lab") for test in tests
        ]
        yield from results
        yield story.resource(
            "DiagnosticReport",
            "diagnosticreport-lab",
            status="final",
            category=[coded(f"{TERMINOLOGY}/v2-0074", "LAB", "Laboratory")],
            code=coded(LOINC, code, name),
            effectiveDateTime=at(drawn, 5),
            issued=at(drawn, 60),
            result=[
                {"reference": f"Observation/{each['id']}", "display": each["code"]["text"]}
                for each in results
            ],
            **of,
        )


def _given(story: Story, day: date, first: date, of: dict[str, Any]) -> Iterator[Resource]:
    """Vaccinations and procedures that are due, each at its first visit of the year."""
    for code, name, every in VACCINES:
        if _due(story, f"vaccine {code}", day, first, every):
            yield story.resource(
                "Immunization",
                "immunization",
                status="completed",
                vaccineCode=coded(CVX, code, name),
                occurrenceDateTime=at(day, 15),
                primarySource=True,
                **of,
            )
    for code, name, every in PROCEDURES:
        if _due(story, f"procedure {code}", day, first, every):
            yield story.resource(
                "Procedure",
                "procedure",
                status="completed",
                code=coded(SNOMED, code, name),
                performedDateTime=at(day, 15),
                **of,
            )


def _due(story: Story, what: str, day: date, first: date, every: int) -> bool:
    """Whether it was last done that many years ago; the first time a year after the start."""
    last = story.now.get(what, float(first.year + 1 - every))
    if day.year - last < every:
        return False
    story.now[what] = float(day.year)
    return True


def _note(story: Story, day: date, encounter_id: str, pressure: Resource) -> Resource:
    upper, lower = (str(part["valueQuantity"]["value"]) for part in pressure["component"])
    text = NOTE.format(
        reason="check-up",
        says=story.chance.choice(SAYS),
        pressure=f"{upper}/{lower}",
        months=story.chance.randrange(3, 7),
    )
    data = base64.b64encode(text.encode()).decode()
    return story.resource(
        "DocumentReference",
        "documentreference",
        status="current",
        type=coded(LOINC, "11506-3", "Progress note"),
        category=[
            coded(
                f"{US_CORE_CODES}/us-core-documentreference-category",
                "clinical-note",
                "Clinical Note",
            )
        ],
        date=at(day, 30),
        author=[story.practitioner],
        content=[{"attachment": {"contentType": "text/plain; charset=utf-8", "data": data}}],
        context={"encounter": [{"reference": f"Encounter/{encounter_id}"}]},
    )
