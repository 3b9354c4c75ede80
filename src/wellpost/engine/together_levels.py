"""The counts of every level, added up from `marked`: level by level, or all by one grouping.

An engine that keeps what several parts of a query read counts level by level. Spark makes it anew
for each part, joins and all; there `marked` is read once, and each of its rows goes to every level.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from wellpost.engine.levels import LEVEL_COLUMNS, of_level, roster_of
from wellpost.terms import Level

NAMES = ("virtual_group", "tin", "npi")
"""The columns that name a reporter; a row has those of its level, the others are null."""
SOURCES = {"virtual_group": "v.virtual_group", "tin": "d.tin", "npi": "d.npi"}
"""Where each stands when all levels are grouped at once."""
IN_A_GROUP = f"level <> '{Level.VIRTUAL_GROUP}' OR NOT virtual_group IS NULL"


def level_by_level(levels: Sequence[Level], kinds: int) -> exp.Query:
    """A row for every reporter: each level counted by itself."""
    return _all_of([_of_level(level, kinds) for level in levels])


def by_one_grouping(levels: Sequence[Level], kinds: int) -> exp.Query:
    """The same rows, from one reading of `marked`."""
    patients = _patients_of_all(levels, kinds).subquery("patient", copy=False)
    counted = exp.select("level", *NAMES, *_sums(kinds)).from_(patients, copy=False)
    counted = counted.where(IN_A_GROUP, copy=False).group_by("level", *NAMES, copy=False)
    rosters = [
        exp.select(*_named(level), *_zeros(kinds)).from_(roster_of(level)) for level in levels
    ]
    rows = _all_of([counted, *rosters]).subquery("row_of", copy=False)
    query = exp.select("level", *NAMES, *_totals(kinds)).from_(rows, copy=False)
    return query.group_by("level", *NAMES, copy=False)


def _of_level(level: Level, kinds: int) -> exp.Select:
    """The sums of one level, zeros for those of the roster who saw nobody."""
    names = LEVEL_COLUMNS[level]
    patients = _patients(level, kinds).subquery("patient", copy=False)
    counted = exp.select(*names, *_sums(kinds)).from_(patients, copy=False)
    counted = counted.group_by(*names, copy=False)
    roster = exp.select(*names, *_zeros(kinds)).from_(roster_of(level), copy=False)
    rows = _all_of([counted, roster]).subquery("row_of", copy=False)
    query = exp.select(*_named(level), *_totals(kinds)).from_(rows, copy=False)
    return query.group_by(*names, copy=False)


def _patients(level: Level, kinds: int) -> exp.Select:
    """A row for each reporter of the level and unique patient, with the marks of any pair."""
    if level is Level.PRACTICE_CLINICIAN:
        return exp.select("*").from_("marked")
    patient = (*LEVEL_COLUMNS[level], "patient_id")
    query = of_level(exp.select(*patient, *_marks(kinds)).from_("marked AS d"), level)
    return query.group_by(*patient)


def _patients_of_all(levels: Sequence[Level], kinds: int) -> exp.Select:
    """The same rows of all levels; of those in no virtual group one without a name, too."""
    used = {name for level in levels for name in LEVEL_COLUMNS[level]}
    names = [f"{SOURCES[name]} AS {name}" if name in used else _null(name) for name in NAMES]
    query = exp.select(_level_of_set(levels), *names, "d.patient_id", *_marks(kinds))
    query = query.from_("marked AS d")
    if Level.VIRTUAL_GROUP in levels:
        groups = exp.select("virtual_group", "tin").distinct().from_("virtual_groups")
        query = query.join(groups.subquery("v"), on="v.tin = d.tin", join_type="left")
    sets = [exp.Tuple(expressions=_set_of(level)) for level in levels]
    query.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=sets)]))
    return query


def _level_of_set(levels: Sequence[Level]) -> exp.Expr:
    """Which level a row belongs to: the one with the most columns, of those that are grouped by."""
    found = exp.case()
    for level in sorted(levels, key=lambda one: -len(LEVEL_COLUMNS[one])):
        grouped = [f"GROUPING({SOURCES[name]}) = 0" for name in LEVEL_COLUMNS[level]]
        found = found.when(exp.and_(*grouped), exp.Literal.string(str(level)))
    return exp.alias_(found, "level")


def _set_of(level: Level) -> list[exp.Expr]:
    names = (*(SOURCES[name] for name in LEVEL_COLUMNS[level]), "d.patient_id")
    return [exp.to_column(name) for name in names]


def _named(level: Level) -> tuple[str, ...]:
    """The level and the names of its reporters, null where it has none."""
    names = LEVEL_COLUMNS[level]
    return f"'{level}' AS level", *(name if name in names else _null(name) for name in NAMES)


def _null(name: str) -> str:
    return f"CAST(NULL AS TEXT) AS {name}"


def _marks(kinds: int) -> tuple[str, ...]:
    return tuple(f"MAX(mark_{number}) AS mark_{number}" for number in range(kinds))


def _sums(kinds: int) -> tuple[str, ...]:
    sums = (f"SUM(mark_{number}) AS numerator_{number}" for number in range(kinds))
    return "COUNT(*) AS denominator", *sums


def _zeros(kinds: int) -> tuple[str, ...]:
    return "0 AS denominator", *(f"0 AS numerator_{number}" for number in range(kinds))


def _totals(kinds: int) -> tuple[str, ...]:
    sums = (f"SUM(numerator_{number}) AS numerator_{number}" for number in range(kinds))
    return "SUM(denominator) AS denominator", *sums


def _all_of(rows: Sequence[exp.Select]) -> exp.Query:
    return exp.union(*rows, distinct=False, copy=False) if len(rows) > 1 else rows[0]
