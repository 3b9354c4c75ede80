"""The best period: every reporting period that a program allows, counted and judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from wellpost.engine.periods import Curve, Sweep, periods
from wellpost.errors import RequestError
from wellpost.facts.sources import Source
from wellpost.reports.attested import Attested
from wellpost.reports.claims import Claim
from wellpost.reports.exclusions import StandingInPeriods
from wellpost.reports.ranking import Judging, best
from wellpost.reports.reporters import order, reporter_json
from wellpost.reports.request import Request, ask
from wellpost.rules.load import program_year
from wellpost.rules.model import MeasureRule, ProgramYear
from wellpost.scoring.verdict import Verdict
from wellpost.terms import Count, Level, Measure, Period, Reporter, Window, spoken


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
    claims: Iterable[Claim] = (),
    attested_on: date | None = None,
    state: str | None = None,
    attested: Iterable[Attested] = (),
) -> Request:
    """A request for every period of so many days; its own period is the first of them.

    An exclusion claimed stands in every period in which the evidence supports it. With
    `attested_on`, only periods that had ended by then.

    RequestError when the program allows none: what is wrong with the one that starts on 1 January
    says why.
    """
    rules = program_year(program, year, state)
    allowed = permitted(rules, days, attested_on)
    period = next(iter(allowed), _from(date(year, 1, 1), days))
    return ask(
        program,
        year,
        period,
        measures=measures,
        levels=levels,
        policies=policies,
        npi=npi,
        tin=tin,
        claims=claims,
        attested_on=attested_on,
        state=state,
        attested=attested,
    )


def permitted(rules: ProgramYear, days: int, attested_on: date | None = None) -> Sequence[Period]:
    """Every period of so many days that the program year allows, the earliest first.

    With `attested_on`, only those that had ended before that day.
    """
    year = Period.of_year(rules.year)
    if not 0 < days <= year.days:
        raise RequestError(
            f"{days} days cannot be a period of {rules.year}; "
            f"{rules.name} {rules.year} asks for {rules.period.value.at_least} to {year.days}."
        )
    every = (_from(year.start + timedelta(days=n), days) for n in range(year.days - days + 1))
    allowed = [each for each in every if _is_allowed(rules, each)]
    return [each for each in allowed if attested_on is None or each.end < attested_on]


def all_periods(request: Request) -> Sequence[Period]:
    """Every period that a request made by `ask_days` is about."""
    return permitted(request.rules, request.period.days, request.attested_on)


def best_periods(source: Source, request: Request, top: int | None = 1) -> Iterator[Ranked]:
    """For every reporter and measure the best `top` periods, all with None.

    The best first: met before excluded before not met, then the higher rate, the larger
    denominator, the earlier start; a period with denominator 0 has no rate and comes after. Ordered
    by measure, level, tin, npi; the days of each period are those of `request.period`.
    RequestError when an exclusion is claimed that in no period any reporter's evidence supports.
    """
    allowed = all_periods(request)
    standing = StandingInPeriods(source, request, allowed)
    standing.refuse_unsupported()
    for rule in request.measures:
        judging = Judging(rule, request.capability(rule))
        for level in request.levels:
            excluded = standing.excluded(rule, level)
            for curve in _curves(source, request, rule, level, allowed):
                without = excluded(curve.reporter)
                numbers = best(curve, judging, without, len(allowed) if top is None else top)
                yield Ranked(
                    rule,
                    curve.reporter,
                    [_result(rule, curve, allowed[n], n, judging, without) for n in numbers],
                )


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


def _result(
    rule: MeasureRule,
    curve: Curve,
    period: Period,
    number: int,
    judging: Judging,
    excluded: frozenset[int],
) -> PeriodResult:
    denominator, numerator = curve.denominators[number], curve.numerators[number]
    count = Count(rule.measure, curve.reporter, denominator, numerator)
    verdict = judging.verdict(denominator, numerator, excluded=number in excluded)
    return PeriodResult(rule, period, count, verdict)
