"""Scorecards and members made without any facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from tests.unit.adapters.submitted import NPI, TIN, VIRTUAL_GROUP
from wellpost.adapters.fhir.measure_reports import Making
from wellpost.engine.membership import Member
from wellpost.reports.request import Request, ask
from wellpost.reports.scorecard import Result
from wellpost.scoring.verdict import judge
from wellpost.terms import Count, Level, Period, Reporter

PERIOD = Period(date(2017, 1, 1), date(2017, 12, 31))
REPORTERS = {
    Level.CLINICIAN: Reporter(Level.CLINICIAN, npi=NPI),
    Level.PRACTICE_CLINICIAN: Reporter(Level.PRACTICE_CLINICIAN, tin=TIN, npi=NPI),
    Level.GROUP: Reporter(Level.GROUP, tin=TIN),
    Level.VIRTUAL_GROUP: Reporter(Level.VIRTUAL_GROUP, virtual_group=VIRTUAL_GROUP),
}


@pytest.fixture(params=["mips-aci", "stage-3"])
def asked(request: pytest.FixtureRequest) -> Request:
    """A request to a program that CMS names measures of, and to one where it names none."""
    return ask(request.param, 2017, PERIOD)


@pytest.fixture
def making(asked: Request) -> Making:
    return Making(asked, datetime(2018, 1, 11, 6, 12, 31, tzinfo=UTC))


def members(reporter: Reporter, reached: Sequence[bool]) -> list[Member]:
    """A patient for each flag, in the numerator or not."""
    day = date(2017, 6, 3)
    return [
        Member(
            reporter,
            f"patient {number}",
            in_numerator,
            *(("message", f"m{number}", day, NPI) if in_numerator else (None,) * 4),
            day,
            day,
        )
        for number, in_numerator in enumerate(reached)
    ]


def result(asked: Request, reporter: Reporter, reached: Sequence[bool]) -> Result:
    """The result that counts those patients."""
    rule = asked.measures[0]
    count = Count(rule.measure, reporter, len(reached), sum(reached))
    return Result(rule, count, judge(count, rule.threshold, excluded=False))
