"""Check facts against their description, in the database that holds them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from wellpost.errors import DataRefusedError
from wellpost.facts import checked
from wellpost.facts.bad import Bad
from wellpost.facts.rows import check_rows
from wellpost.facts.source import Held, Source
from wellpost.facts.tables import TABLES, Kind

Needed = Mapping[str, Collection[str]] | Iterable[str] | None


@dataclass
class CheckReport:
    """What was checked: rows by table, rows left out by reason, and what a user should know."""

    rows: dict[str, int] = field(default_factory=dict)
    left_out: list[Bad] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    remembered: set[str] = field(default_factory=set)
    """Tables that were checked before and have not changed since."""


def check(source: Source, needed: Needed = None, *, skip_bad_rows: bool = False) -> CheckReport:
    """Refuse facts that break their description: DataRefusedError, a sentence a fault.

    `needed` are the tables asked for, or for each its columns; None is every table there.
    With `skip_bad_rows` bad rows are left out of `source.tables` and reported instead.
    A holder that is mapped, not held, has only its tables looked for.
    """
    wanted = _wanted(source, needed)
    _refuse([*missing_tables(source, wanted), *missing_columns(source, wanted)])
    report = CheckReport(notices=unknown_columns(source, wanted))
    sentences = [
        sentence
        for name in TABLES
        if name in wanted and name in source.held
        for sentence in _check_table(source, name, report, skip_bad_rows)
    ]
    _refuse(sentences)
    return report


def check_table(source: Source, name: str) -> int:
    """Refuse one table that breaks its description, whatever else is there; how many rows it has.

    DataRefusedError has a sentence a fault. It must refer to no other table.
    """
    _refuse(missing_columns(source, {name: _all(name)}))
    rows, bad = check_rows(source, name, skip_bad_rows=False)
    _refuse([one.sentence for one in bad])
    return rows


def _wanted(source: Source, needed: Needed) -> dict[str, Collection[str]]:
    """The tables asked for and those that every calculation needs, with the columns asked for."""
    always = {name: set(_own_key(name)) for name, table in TABLES.items() if table.needed_always}
    if needed is None:
        needed = {name: _own_key(name) for name in source.held}
    asked = needed if isinstance(needed, Mapping) else {name: _all(name) for name in needed}
    return {name: {*always.get(name, ()), *asked.get(name, ())} for name in {*always, *asked}}


def _own_key(name: str) -> tuple[str, ...]:
    """What tells a row's owner: without it no measure can use the table."""
    known = {"clinicians": ("npi", "tin"), "encounters": ("patient_id", "npi", "tin", "seen_on")}
    return known.get(name, ())


def _all(name: str) -> tuple[str, ...]:
    return tuple(column.name for column in TABLES[name].columns if not column.empty_allowed)


def _refuse(sentences: list[str]) -> None:
    if sentences:
        raise DataRefusedError(*sentences)


def missing_tables(source: Source, wanted: Collection[str] = TABLES) -> list[str]:
    """Which of the tables that every calculation needs are not there, a sentence each."""
    found = ", ".join(source.found) or "nothing"
    return [
        f"{source.label}: {name} is missing; it holds {found}. "
        f"Every calculation needs {name}{_where_to_put(source, name)}."
        for name, table in TABLES.items()
        if table.needed_always and name in wanted and name not in source.tables
    ]


def _where_to_put(source: Source, name: str) -> str:
    if source.dialect != "duckdb":
        return ""
    return f": {name}.csv, {name}.parquet or a directory {name}/ of Parquet"


def missing_columns(
    source: Source, wanted: Mapping[str, Collection[str]] | None = None
) -> list[str]:
    """Which columns are not there or hold what they cannot; without `wanted`, of every table."""
    wanted = wanted or _wanted(source, None)
    return [
        f"{held.label}: column {column} is missing; it has {', '.join(held.types)}."
        for name, held in source.held.items()
        for column in TABLES[name].names
        if column in wanted.get(name, ()) and column not in held.types
    ] + [sentence for name in source.held if name in wanted for sentence in _odd_days(source, name)]


def _odd_days(source: Source, name: str) -> list[str]:
    """Days that lie there as something that is no day, such as a moment in some time zone."""
    held = source.held[name]
    return [
        f"{held.label}: column {column.name} holds {held.types[column.name]}; "
        "it must hold days, as DATE or as text like 2021-06-03."
        for column in TABLES[name].columns
        if column.kind is Kind.DAY and _is_odd(held, column.name)
    ]


def _is_odd(held: Held, column: str) -> bool:
    native = held.types.get(column, "date")
    return "zone" in native.replace("without time zone", "") or native.startswith(("int", "big"))


def unknown_columns(source: Source, wanted: Collection[str] = TABLES) -> list[str]:
    """Which columns no description has, a sentence a table."""
    return [
        f"{held.label}: not known and ignored: {', '.join(unknown)}."
        for name, held in source.held.items()
        if name in wanted
        and (unknown := [column for column in held.types if column not in TABLES[name].names])
    ]


def _check_table(source: Source, name: str, report: CheckReport, skip: bool) -> list[str]:
    key = checked.key(source, name)
    rows = checked.recall(key)
    if rows is not None:
        report.rows[name] = rows
        report.remembered.add(name)
        return []
    report.rows[name], bad = check_rows(source, name, skip_bad_rows=skip)
    if not bad:
        checked.remember(key, report.rows[name])
    report.left_out += bad if skip else []
    return [] if skip else [one.sentence for one in bad]
