"""Submissions that the tests of every format write and read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.reports.submission import ENTITIES, Measurement, Proportion, Submission
from wellpost.rules.mips_measures import mips_year
from wellpost.terms import Period, Reporter

YEARS = range(2017, 2027)
NPI, TIN, VIRTUAL_GROUP = make_npi("dr chen"), make_tin("the practice"), "x12345"
CERTIFICATION = "0015EJR3MPX3HHA"


def entity(kind: str) -> Reporter:
    """An individual, a group or a virtual group."""
    fields = {
        "individual": {"tin": TIN, "npi": NPI},
        "group": {"tin": TIN},
        "virtual-group": {"virtual_group": VIRTUAL_GROUP},
    }
    return Reporter(ENTITIES[kind], **fields[kind])


def every_measure(year: int) -> tuple[Measurement, ...]:
    """An answer to every measure there is in a year."""
    return tuple(
        Measurement(each.identifier, each.kind == "boolean" or Proportion(600, 800))
        for each in mips_year(year).measures.values()
    )


def submission(
    year: int = 2017,
    kind: str = "individual",
    measurements: Sequence[Measurement] | None = None,
    certification: str | None = CERTIFICATION,
) -> Submission:
    """A submission of half a year, of every measure unless told otherwise."""
    period = Period(date(year, 3, 1), date(year, 9, 30))
    answered = every_measure(year) if measurements is None else tuple(measurements)
    return Submission(year, entity(kind), period, answered, certification)
