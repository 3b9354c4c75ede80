"""The best period: every reporting period that a program allows, counted and judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from heapq import nlargest

from wellpost.engine.periods import Curve, Sweep, periods
from wellpost.errors import RequestError
from wellpost.facts.sources import Source
from wellpost.reports.reporters import order, reporter_json
from wellpost.reports.request import Request, ask
from wellpost.rules.load import program_year
from wellpost.rules.model import MeasureRule, ProgramYear
from wellpost.scoring.verdict import Verdict, judge
from wellpost.terms import Count, Level, Measure, Period, Reporter, Window, spoken

Key = tuple[bool, int, int]
Judge = Callable[[int, int], Verdict]


@dataclass(frozen=True)
class PeriodResult:
    """One measure of one reporter in one period: the count and how it was judged."""

    rule: MeasureRule
    period: Period
    count: Count
    verdict: Verdict

    @property
    def rate(self) -> float | None:
        """From 0 to 1, for showing only; None when the denominator is 0."""
        if self.count.denominator == 0:
            return None
        return round(self.count.numerator / self.count.denominator, 6)

    def as_json(self) -> dict[str, object]:
        """The object of the documentation, keys in its order."""
        return {
            "measure": spoken(self.rule.measure),
            **reporter_json(self.count.reporter),
            "start": self.period.start.isoformat(),
            "end": self.period.end.isoformat(),
            "denominator": self.count.denominator,
            "numerator": self.count.numerator,
            "rate": self.rate,
            "verdict": self.verdict.value,
        }


@dataclass(frozen=True)
class Ranked:
    """The periods of one measure of one reporter, the best first."""

    rule: MeasureRule
    reporter: Reporter
    results: Sequence[PeriodResult]


def ask_days(
    program: str,
    year: int,
    days: int,
    *,
    measures: Iterable[str | Measure] = (),
    levels: Iterable[str | Level] = (),
    policies: Mapping[str, str] | None = None,
    npi: str | None = None,
    tin: str | None = None,
    state: str | None = None,
) -> Request:
    """A request for every period of so many days; its own period is the first of them.

    RequestError when the program allows none: what is wrong with the one that starts on 1 January
    says why.
    """
    rules = program_year(program, year, state)
    period = next(iter(permitted(rules, days)), _from(date(year, 1, 1), days))
    return ask(
        program,
        year,
        period,
        measures=measures,
        levels=levels,
        policies=policies,
        npi=npi,
        tin=tin,
        state=state,
    )


def permitted(rules: ProgramYear, days: int) -> Sequence[Period]:
    """Every period of so many days that the program year allows, the earliest first."""
    year = Period.of_year(rules.year)
    if not 0 < days <= year.days:
        raise RequestError(
            f"{days} days cannot be a period of {rules.year}; "
            f"{rules.name} {rules.year} asks for {rules.period.value.at_least} to {year.days}."
        )
    every = (_from(year.start + timedelta(days=n), days) for n in range(year.days - days + 1))
    return [each for each in every if _is_allowed(rules, each)]


def best_periods(source: Source, request: Request, top: int | None = 1) -> Iterator[Ranked]:
    """For every reporter and measure the best `top` periods, all with None.

    The best first: met before not met, then the higher rate, the larger denominator, the earlier
    start. A period with denominator 0 has no rate and comes last. Ordered by measure, level,
    tin, npi; the days of each period are those of `request.period`.
    """
    allowed = permitted(request.rules, request.period.days)
    for rule in request.measures:
        for level in request.levels:
            verdict = _judging(request, rule)
            for curve in _curves(source, request, rule, level, allowed):
                yield _ranked(rule, curve, allowed, verdict, top)


def in_order_of_days(ranked: Ranked) -> list[PeriodResult]:
    """The results by their first day, as a curve is drawn."""
    return sorted(ranked.results, key=lambda each: each.period)


def _from(start: date, days: int) -> Period:
    return Period(start, start + timedelta(days=days - 1))


def _is_allowed(rules: ProgramYear, period: Period) -> bool:
    try:
        rules.check_period(period)
    except RequestError:
        return False
    return True


def _curves(
    source: Source, request: Request, rule: MeasureRule, level: Level, allowed: Sequence[Period]
) -> Iterable[Curve]:
    span = Period(allowed[0].start, allowed[-1].end)
    question = replace(request, period=span).question(rule, level)
    moves = request.window(rule) is Window.PERIOD
    curves = periods(source, Sweep(question, request.period.days, moves))
    return sorted(curves, key=lambda curve: order(curve.reporter))


def _judging(request: Request, rule: MeasureRule) -> Judge:
    """The verdict on a count, each kind of count judged once."""
    nobody, attested = Reporter(Level.CLINICIAN), request.capability(rule)

    @cache
    def verdict(denominator: int, numerator: int) -> Verdict:
        count = Count(rule.measure, nobody, denominator, numerator)
        return judge(count, rule.threshold, attested=attested).verdict

    return verdict


def _ranked(
    rule: MeasureRule, curve: Curve, allowed: Sequence[Period], verdict: Judge, top: int | None
) -> Ranked:
    keys = _keys(curve, [(each.start - allowed[0].start).days for each in allowed], verdict)
    best = nlargest(
        len(allowed) if top is None else top, zip(keys, range(len(allowed), 0, -1), strict=True)
    )
    numbers = (len(allowed) - earlier for _, earlier in best)
    results = [_result(rule, curve, allowed, verdict, number) for number in numbers]
    return Ranked(rule, curve.reporter, results)


def _keys(curve: Curve, places: Iterable[int], verdict: Judge) -> Iterator[Key]:
    """What each period is ranked by, in whole numbers.

    Two rates of denominators up to D that differ do so by 1 / D**2 at least, so the whole part of
    rate * D**2 orders them as they are.
    """
    scale = max(curve.denominators) ** 2
    for place in places:
        denominator, numerator = curve.denominators[place], curve.numerators[place]
        rate = numerator * scale // denominator if denominator else -1
        yield verdict(denominator, numerator) is Verdict.MET, rate, denominator


def _result(
    rule: MeasureRule, curve: Curve, allowed: Sequence[Period], verdict: Judge, number: int
) -> PeriodResult:
    place = (allowed[number].start - allowed[0].start).days
    denominator, numerator = curve.denominators[place], curve.numerators[place]
    count = Count(rule.measure, curve.reporter, denominator, numerator)
    return PeriodResult(rule, allowed[number], count, verdict(denominator, numerator))
