"""Everything that is wrong with facts: every fault of every table, how many rows, where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from wellpost.errors import DataRefusedError
from wellpost.facts.bad import Bad
from wellpost.facts.checks import missing_columns, missing_tables, unknown_columns
from wellpost.facts.faults import Fault, faults_of, first_fault
from wellpost.facts.keys import suspects
from wellpost.facts.rows import bad_rows, beside_roster, contradictions
from wellpost.facts.source import Held, Source
from wellpost.facts.tables import TABLES


@dataclass
class Survey:
    """Rows by table, every fault, and what is no fault but worth knowing."""

    rows: dict[str, int] = field(default_factory=dict)
    faults: list[Bad] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def survey(source: Source) -> Survey:
    """Look at every table of the source; nothing is refused and nothing is remembered.

    A row with two bad columns is counted for each; of one column only the first fault counts.
    """
    notices = [*source.notices, *unknown_columns(source)]
    found = Survey(faults=list(source.lost), notices=notices)
    for sentence in (*missing_tables(source), *missing_columns(source)):
        found.faults.append(Bad("", "is missing", 0, sentence))
    for name in TABLES:
        if name in source.held:
            _look_at(source, source.held[name], found)
    return found


def _look_at(source: Source, held: Held, found: Survey) -> None:
    """Add what one table has; lines that are no rows are counted and passed over."""
    try:
        found.rows[held.table], faults = _faults(source, held)
    except DataRefusedError as refused:
        rows, faults = _faults_of_readable(source, held, refused)
        found.rows[held.table] = rows
    found.faults += faults


def _faults_of_readable(
    source: Source, held: Held, refused: DataRefusedError
) -> tuple[int, list[Bad]]:
    if held.tolerant is None:
        return 0, [Bad(held.table, "cannot be read", 0, str(refused))]
    unread = held.unreadable() if held.unreadable else 0
    lost = Bad(held.table, "cannot be read as a row", unread, str(refused))
    try:
        rows, faults = _faults(source, replace(held, relation=held.tolerant))
    except DataRefusedError:
        return 0, [lost]
    return rows, [lost, *faults]


def _faults(source: Source, held: Held) -> tuple[int, list[Bad]]:
    """How many rows the table has, and each fault of theirs."""
    table = TABLES[held.table]
    every = faults_of(held, table, source.dialect)
    columns = [list(_of(every, name)) for name in table.names if list(_of(every, name))]
    counted = _counted(source, held, columns)
    total = sum(rows for _, rows in counted)
    bad = []
    for place, faults in enumerate(columns):
        for number in range(len(faults)):
            rows = sum(rows for numbers, rows in counted if numbers[place] == number)
            if rows:
                bad.append(bad_rows(source, held, table, faults, number, rows, total))
    if suspects(source, held, table):
        bad += contradictions(source, held, table, every, total)
    return total, bad


def _of(faults: Sequence[Fault], column: str) -> Iterator[Fault]:
    return (fault for fault in faults if fault.column.name == column)


def _counted(
    source: Source, held: Held, columns: Sequence[Sequence[Fault]]
) -> list[tuple[Sequence[int | None], int]]:
    """For every set of faults that a row has, one of each column: how many rows have it."""
    names = [f"fault_{place}" for place in range(len(columns))]
    firsts = [
        exp.alias_(first_fault(faults), name, copy=False)
        for faults, name in zip(columns, names, strict=True)
    ]
    every = [fault for faults in columns for fault in faults]
    rows = exp.select(*firsts, copy=False).from_(held.relation.copy(), copy=False)
    rows = beside_roster(source, held, every, rows)
    query = exp.select(*names, "COUNT(*)").from_(rows.subquery("checked", copy=False), copy=False)
    return [(row[:-1], int(row[-1])) for row in source.run(query.group_by(*names))]
