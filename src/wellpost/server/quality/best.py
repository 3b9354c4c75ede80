"""Every possible period of one reporter for one viewer, and what the best still needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wellpost.facts.sources import Source
from wellpost.reports.best_period import (
    PeriodResult,
    Ranked,
    ask_days,
    best_periods,
    in_order_of_days,
)
from wellpost.reports.request import Request
from wellpost.reports.what_if import WhatIf, of_reporter, what_if
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.terms import Level, Measure, Period

from .actions import choose_period
from .periods import Asked
from .queries import level_of, source_of
from .viewing import viewer


@dataclass(frozen=True)
class Periods:
    """All periods of a length for one measure of one reporter.

    `best_first` and `by_day` hold the same results; `shown` and `best` say what is still needed
    in the period that the pages show and in the best one.
    """

    best_first: Sequence[PeriodResult]
    by_day: Sequence[PeriodResult]
    shown: WhatIf
    best: WhatIf


def every_period(
    by: User, practice: Practice, npi: str | None, measure: Measure, asked: Asked, days: int
) -> Periods:
    """Every period of so many days that the program allows; None for npi is the practice.

    RequestError when the program allows none of that length.
    """
    viewer(by, practice).require(npi, Permission.READ_MEASURES)
    level = level_of(asked, npi)
    here = None if level is Level.CLINICIAN else practice
    tin = here.tin if here else None
    request = ask_days(
        asked.program, asked.year, days, measures=[measure], levels=[level], npi=npi, tin=tin
    )
    source = source_of(here, asked)
    ranked = _one(best_periods(source, request, None), npi)
    _record(by, practice, npi, measure, asked, days)
    shown, best = (
        _needs(source, request, ranked, period)
        for period in (asked.period, ranked.results[0].period)
    )
    return Periods(ranked.results, in_order_of_days(ranked), shown, best)


def use_period(by: User, practice: Practice, npi: str | None, asked: Asked, days: str) -> Asked:
    """Make a period (`2021-06-01..2021-08-29`) found for one reporter the practice's own.

    RequestError for one that cannot be read or that the program refuses.
    """
    viewer(by, practice).require(npi, Permission.READ_MEASURES)
    period = Period.parse(days)
    choose_period(practice=practice, by=by, program=asked.program, year=asked.year, period=period)
    return Asked(asked.program, asked.year, period)


def _one(every: Iterable[Ranked], npi: str | None) -> Ranked:
    found = [each for each in every if each.reporter.npi == npi]
    if not found:
        raise NotAllowed("nobody has such numbers in this year.")
    return found[0]


def _needs(source: Source, request: Request, ranked: Ranked, period: Period) -> WhatIf:
    asked = of_reporter(request, ranked.rule, ranked.reporter, period)
    found = what_if(source, asked)
    return next(each for each in found if each.result.reporter == ranked.reporter)


def _record(
    by: User, practice: Practice, npi: str | None, measure: Measure, asked: Asked, days: int
) -> None:
    details = {
        "program": asked.program,
        "year": asked.year,
        "days": days,
        "npi": npi,
        "measure": measure,
    }
    record(
        by=by,
        deed=Deed.MEASURES_READ,
        practice_id=practice.pk,
        category="measures",
        details=details,
    )
