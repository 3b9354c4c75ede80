"""Which clinicians and groups a ground of exclusion holds for, as the facts show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from wellpost.engine.levels import LEVEL_COLUMNS, of_level, reporter, roster_of
from wellpost.engine.relations import IN_PERIOD, on_facts
from wellpost.errors import RequestError
from wellpost.facts.source import Source
from wellpost.measures.load import considered
from wellpost.terms import Level, Period, Reporter, spoken

GROUNDS: Mapping[str, Callable[[int, int], bool]] = {
    "no_office_visits": lambda encounters, against: against == 0,
    "county_without_broadband": lambda encounters, against: 0 < encounters >= 2 * against,
}
"""Whether the ground holds, from the encounters its file gives and those that speak against it."""

USUAL: Mapping[str, str] = {}
"""No manner that differs from the usual."""


def qualifies(
    source: Source,
    ground: str,
    level: Level,
    period: Period,
    words: Mapping[str, str] = USUAL,
) -> set[Reporter]:
    """The reporters for whom the ground holds in the period (42 CFR 495.24(d)(6)(i)(C)).

    `words` may say how a program has the ground shown (`wellpost.measures.policies.MANNERS`).
    """
    known_ground(ground)
    query = on_facts(exclusion_query(ground, level, words), source.tables)
    values = {"period_start": period.start, "period_end": period.end}
    return {
        reporter(level, row)
        for row in source.run(query, values)
        if GROUNDS[ground](int(row[-2]), int(row[-1]))
    }


def known_ground(ground: str) -> None:
    """RequestError for a ground that no fact shows."""
    if ground not in GROUNDS:
        raise RequestError(
            f"no fact shows the exclusion {spoken(ground)}; "
            f"facts can show {', '.join(spoken(known) for known in GROUNDS)}."
        )


def exclusion_query(ground: str, level: Level, words: Mapping[str, str] = USUAL) -> exp.Select:
    """For every reporter: encounters considered, and how many of them speak against the ground."""
    columns = LEVEL_COLUMNS[level]
    roster = exp.select(*columns, "0 AS is_one", "0 AS is_against").from_(roster_of(level))
    rows = exp.union(_encounters(ground, level, words), roster, distinct=False).subquery("row_of")
    return (
        exp.select(*columns, "SUM(is_one) AS encounters", "SUM(is_against) AS against")
        .from_(rows)
        .group_by(*columns)
    )


def _encounters(ground: str, level: Level, words: Mapping[str, str]) -> exp.Select:
    every = considered(f"exclusions/{ground}", words).subquery("d")
    query = exp.select(*LEVEL_COLUMNS[level], "1 AS is_one", "speaks_against AS is_against")
    return of_level(query.from_(every).where(IN_PERIOD), level)
