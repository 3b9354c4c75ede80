"""Every possible period of one reporter for one viewer, and what the best still needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from wellpost.reports.best_period import (
    PeriodResult,
    Ranked,
    ask_days,
    best_periods,
    in_order_of_days,
)
from wellpost.reports.request import Request
from wellpost.reports.what_if import WhatIf, what_if
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.terms import Measure, Period

from .actions import choose_period
from .answered import before
from .periods import Asked
from .requests import Found, request_of, said_of
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
    shown = request_of(practice, npi, asked, measure=measure)
    ranked = _one(
        best_periods(shown.source, _of_days(practice, npi, shown, asked, days), None), npi
    )
    _record(by, practice, npi, measure, asked, days)
    ranked = _as_answered(practice, npi, asked, ranked)
    needs = [
        _needs(practice, asked, ranked, period)
        for period in (asked.period, ranked.results[0].period)
    ]
    return Periods(ranked.results, in_order_of_days(ranked), *needs)


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


def _of_days(practice: Practice, npi: str | None, shown: Found, asked: Asked, days: int) -> Request:
    """Every period of so many days; the state holds all the year, a capability as answered."""
    kept, request = before(practice, npi, asked), shown.request
    of_days = ask_days(
        asked.program,
        asked.year,
        days,
        measures=[each.measure for each in request.measures],
        levels=request.levels,
        npi=npi,
        tin=request.tin,
        state=kept.state or None if kept else None,
    )
    return replace(of_days, attested=request.attested)


def _as_answered(practice: Practice, npi: str | None, asked: Asked, ranked: Ranked) -> Ranked:
    """Periods of which something was answered or changed by hand, as their reports have them.

    An exclusion is claimed for one period; it says nothing of the others.
    """
    said = said_of(practice, npi, asked)
    results = [
        _reported(practice, asked, each) if each.period in said else each for each in ranked.results
    ]
    return replace(ranked, results=results)


def _reported(practice: Practice, asked: Asked, each: PeriodResult) -> PeriodResult:
    npi, measure = each.count.reporter.npi, each.rule.measure
    card = request_of(practice, npi, replace(asked, period=each.period), measure=measure).card()
    (found,) = card.results
    return replace(each, count=found.count, verdict=found.judgement.verdict)


def _needs(practice: Practice, asked: Asked, ranked: Ranked, period: Period) -> WhatIf:
    whose = replace(asked, period=period)
    found = request_of(practice, ranked.reporter.npi, whose, measure=ranked.rule.measure)
    every = what_if(found.source, found.request)
    return next(each for each in every if each.result.reporter == ranked.reporter)


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
