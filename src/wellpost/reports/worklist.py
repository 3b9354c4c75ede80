"""The worklist: patients of a denominator who are not yet in the numerator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from wellpost.engine.ahead import next_visits
from wellpost.engine.membership import membership
from wellpost.facts.sources import Source
from wellpost.reports.request import Request
from wellpost.reports.scorecard import reporter_json
from wellpost.rules.model import MeasureRule
from wellpost.terms import Reporter, spoken


@dataclass(frozen=True)
class Waiting:
    """A patient who was seen and not reached yet."""

    rule: MeasureRule
    reporter: Reporter
    patient_id: str
    first_seen_on: date
    last_seen_on: date
    next_visit_on: date | None = None

    def as_json(self) -> dict[str, object]:
        """Measure, reporter, patient, when the patient was seen, and will be next."""
        return {
            "measure": spoken(self.rule.measure),
            **reporter_json(self.reporter),
            "patient_id": self.patient_id,
            "first_seen_on": str(self.first_seen_on),
            "last_seen_on": str(self.last_seen_on),
            "next_visit_on": str(self.next_visit_on) if self.next_visit_on else None,
        }


def worklist(source: Source, request: Request, as_of: date | None = None) -> Iterator[Waiting]:
    """Patients not yet in the numerator, ordered by measure, level, tin, npi, patient.

    The next visit is the first on `as_of` or later (None: today), where the facts know of one.
    """
    ahead = next_visits(source, as_of or today())
    for rule in request.measures:
        for level in request.levels:
            for member in membership(source, request.question(rule, level)):
                if not member.in_numerator:
                    yield Waiting(
                        rule,
                        member.reporter,
                        member.patient_id,
                        member.first_seen_on,
                        member.last_seen_on,
                        ahead.of(member.reporter, member.patient_id),
                    )


def today() -> date:
    """The day it is, in UTC."""
    return datetime.now(UTC).date()
