"""For every possible period: for whom a ground of exclusion holds in it, as the facts show it.

The encounters of each day are summed once; each period is then a difference of running sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from sqlglot import exp

from wellpost.engine.exclusions import GROUNDS, USUAL, known_ground
from wellpost.engine.levels import LEVEL_COLUMNS, of_level, reporter, roster_of
from wellpost.engine.membership import day
from wellpost.engine.relations import on_facts
from wellpost.facts.source import Source
from wellpost.measures.load import considered
from wellpost.terms import Level, Period, Reporter

Daily = Mapping[Reporter, Mapping[date, tuple[int, int]]]
"""For each reporter and day: encounters that the ground considers, and those against it."""


@dataclass(frozen=True)
class Span:
    """First days of periods, `since` to `until`, on which the same county data is the latest."""

    since: date
    until: date


def standing(
    source: Source,
    ground: str,
    level: Level,
    periods: Sequence[Period],
    words: Mapping[str, str] = USUAL,
) -> Mapping[Reporter, Set[Period]]:
    """In which of the periods (of one length, the earliest first) the ground holds, and for whom.

    Each is what `wellpost.engine.exclusions.qualifies` gives for that period alone.
    """
    known_ground(ground)
    found: dict[Reporter, set[Period]] = {}
    whole = Period(periods[0].start, periods[-1].end)
    for span in _spans(source, Period(whole.start, periods[-1].start)):
        starting = [each for each in periods if span.since <= each.start <= span.until]
        for who, days in _daily(source, ground, level, whole, span.since, words).items():
            found.setdefault(who, set()).update(_holding(ground, days, whole, starting))
    return found


def _holding(
    ground: str, days: Mapping[date, tuple[int, int]], whole: Period, periods: Sequence[Period]
) -> Iterator[Period]:
    """The periods in which the ground holds, from the sums of each day."""
    every = [days.get(whole.start + timedelta(n), (0, 0)) for n in range(whole.days)]
    encounters = [0, *accumulate(one for one, _ in every)]
    against = [0, *accumulate(spoken for _, spoken in every)]
    for each in periods:
        first = (each.start - whole.start).days
        after = first + each.days
        if GROUNDS[ground](encounters[after] - encounters[first], against[after] - against[first]):
            yield each


def _spans(source: Source, starts: Period) -> Iterator[Span]:
    """The first days, cut where newer county data becomes the latest."""
    query = exp.select("as_of").distinct().from_("counties").order_by("as_of")
    cuts = [day(as_of) for (as_of,) in source.run(on_facts(query, source.tables))]
    inside = [starts.start, *(each for each in cuts if starts.start < each <= starts.end)]
    for since, following in zip(inside, [*inside[1:], None], strict=True):
        yield Span(since, following - timedelta(1) if following else starts.end)


def _daily(
    source: Source,
    ground: str,
    level: Level,
    whole: Period,
    period_start: date,
    words: Mapping[str, str],
) -> Daily:
    values = {"first": whole.start, "last": whole.end, "period_start": period_start}
    query = on_facts(daily_query(ground, level, words), source.tables)
    roster = exp.select(*LEVEL_COLUMNS[level]).distinct().from_(roster_of(level))
    found: dict[Reporter, dict[date, tuple[int, int]]] = {
        reporter(level, row): {} for row in source.run(on_facts(roster, source.tables))
    }
    for row in source.run(query, values):
        theirs = found.setdefault(reporter(level, row), {})
        theirs[day(row[-3])] = int(row[-2]), int(row[-1])
    return found


def daily_query(ground: str, level: Level, words: Mapping[str, str] = USUAL) -> exp.Select:
    """For every reporter and day: encounters considered, and how many speak against the ground."""
    columns = (*LEVEL_COLUMNS[level], "seen_on")
    every = considered(f"exclusions/{ground}", words).subquery("d")
    days = exp.select(*columns, "speaks_against").from_(every)
    days = of_level(days.where("seen_on BETWEEN :first AND :last"), level)
    sums = ("COUNT(*) AS encounters", "SUM(speaks_against) AS against")
    return exp.select(*columns, *sums).from_(days.subquery("each_one")).group_by(*columns)
