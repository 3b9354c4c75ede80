"""Every possible period of one reporter for one viewer, and what the best still needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from wellpost.errors import RequestError
from wellpost.reports.best_period import (
    PeriodResult,
    Ranked,
    all_periods,
    ask_days,
    best_periods,
    in_order_of_days,
)
from wellpost.reports.claims import Claim
from wellpost.reports.exclusions import StandingInPeriods
from wellpost.reports.request import Request
from wellpost.reports.what_if import WhatIf, what_if
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.terms import Measure, Period

from .actions import choose_period
from .answered import before, claims_in, with_claims
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
    request = _with_claims(shown, _of_days(practice, npi, shown, asked, days))
    ranked = _one(best_periods(shown.source, request, None), npi)
    _record(by, practice, npi, measure, asked, days)
    ranked = _as_answered(practice, npi, asked, ranked)
    best = ranked.results[0].period
    needs = [_needs(practice, asked, ranked, each, shown) for each in (asked.period, best)]
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


def _with_claims(shown: Found, request: Request) -> Request:
    """The exclusions claimed for the period shown, held against every other period as well."""
    every = all_periods(request)
    claims = [
        each for each in claims_in(shown.answers) if _stands_once(shown, request, each, every)
    ]
    return replace(request, claims=tuple(claims))


def _stands_once(shown: Found, request: Request, claim: Claim, every: Sequence[Period]) -> bool:
    if claim.measure not in {rule.measure for rule in request.measures}:
        return False
    alone = replace(request, claims=(claim,))
    try:
        StandingInPeriods(shown.source, alone, every).refuse_unsupported()
    except RequestError:
        return False
    return True


def _as_answered(practice: Practice, npi: str | None, asked: Asked, ranked: Ranked) -> Ranked:
    """The period shown, and those with answers or changes by hand, as their reports have them."""
    said = {asked.period, *said_of(practice, npi, asked)}
    results = [
        _reported(practice, asked, each) if each.period in said else each for each in ranked.results
    ]
    return replace(ranked, results=results)


def _reported(practice: Practice, asked: Asked, each: PeriodResult) -> PeriodResult:
    npi, measure = each.count.reporter.npi, each.rule.measure
    card = request_of(practice, npi, replace(asked, period=each.period), measure=measure).card()
    (found,) = card.results
    return replace(each, count=found.count, verdict=found.judgement.verdict)


def _needs(
    practice: Practice, asked: Asked, ranked: Ranked, period: Period, shown: Found
) -> WhatIf:
    whose = replace(asked, period=period)
    found = request_of(practice, ranked.reporter.npi, whose, measure=ranked.rule.measure)
    claims = claims_in(found.answers or shown.answers)
    request, _ = with_claims(found.source, found.request, claims)
    every = what_if(found.source, request, clock.today(practice.time_zone))
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
