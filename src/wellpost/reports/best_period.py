"""The best period: every reporting period that a program allows, counted and judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

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
Rank = Callable[[int, int], Key]


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
            curves = _curves(source, request, rule, level, allowed)
            judged = _judging(request, rule)
            ranking = _ranking(judged, max((max(each.denominators) for each in curves), default=0))
            for curve in curves:
                numbers = _best(curve, ranking, len(allowed) if top is None else top)
                results = [_result(rule, curve, allowed[each], each, judged) for each in numbers]
                yield Ranked(rule, curve.reporter, results)


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
) -> Sequence[Curve]:
    """A curve for each reporter, in order, over the allowed periods alone."""
    first = allowed[0].start
    question = replace(request, period=Period(first, allowed[-1].end)).question(rule, level)
    moves = request.window(rule) is Window.PERIOD
    curves = periods(source, Sweep(question, request.period.days, moves))
    places = [(each.start - first).days for each in allowed]
    return sorted((_at(places, each) for each in curves), key=lambda each: order(each.reporter))


def _at(places: Sequence[int], curve: Curve) -> Curve:
    if len(places) == len(curve.denominators):
        return curve
    return Curve(
        curve.reporter,
        [curve.denominators[place] for place in places],
        [curve.numerators[place] for place in places],
    )


def _judging(request: Request, rule: MeasureRule) -> Judge:
    """The verdict on a count, each kind of count judged once."""
    nobody, attested = Reporter(Level.CLINICIAN), request.capability(rule)

    @cache
    def judged(denominator: int, numerator: int) -> Verdict:
        count = Count(rule.measure, nobody, denominator, numerator)
        return judge(count, rule.threshold, attested=attested).verdict

    return judged


def _ranking(judged: Judge, largest: int) -> Rank:
    """What a count is ranked by, in whole numbers.

    Two rates of denominators up to D that differ do so by 1 / D**2 at least, so the whole part of
    rate * D**2 orders them as they are.
    """

    @cache
    def rank(denominator: int, numerator: int) -> Key:
        rate = numerator * largest**2 // denominator if denominator else -1
        return judged(denominator, numerator) is Verdict.MET, rate, denominator

    return rank


def _best(curve: Curve, ranking: Rank, top: int) -> Sequence[int]:
    """The numbers of the best periods; of equal ones the earlier goes first."""
    keys = list(map(ranking, curve.denominators, curve.numerators))
    if top == 1:
        return [keys.index(max(keys))]
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=True)[:top]


def _result(
    rule: MeasureRule, curve: Curve, period: Period, number: int, judged: Judge
) -> PeriodResult:
    denominator, numerator = curve.denominators[number], curve.numerators[number]
    count = Count(rule.measure, curve.reporter, denominator, numerator)
    return PeriodResult(rule, period, count, judged(denominator, numerator))
