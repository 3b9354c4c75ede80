"""Check the rows of one table: how many break its description, where the first stands, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from wellpost.errors import DataRefusedError
from wellpost.facts.bad import Bad
from wellpost.facts.faults import Fault, faults_of, first_fault
from wellpost.facts.keys import NO_CONTRADICTION, contradicting, suspects
from wellpost.facts.reading import as_text, reading
from wellpost.facts.source import Held, Source
from wellpost.facts.tables import TABLES, Column, Table


def check_rows(source: Source, name: str, *, skip_bad_rows: bool) -> tuple[int, list[Bad]]:
    """How many rows the table has, and the bad ones; with `skip_bad_rows` they leave the source."""
    try:
        return _check(source, source.held[name], TABLES[name], skip_bad_rows)
    except DataRefusedError as refused:
        tolerant = source.held[name].tolerant
        if not skip_bad_rows or tolerant is None or "UTF-8" in str(refused):
            raise
        return _check_readable(source, name, tolerant, str(refused))


def _check_readable(
    source: Source, name: str, tolerant: exp.Expr, refused: str
) -> tuple[int, list[Bad]]:
    """The same over the lines of a CSV file that can be read as rows at all."""
    held = source.held[name]
    readable = Held(
        held.table, held.label, tolerant, held.types, held.numbered, held.locate, held.fingerprint
    )
    rows, bad = _check(source, readable, TABLES[name], True)
    source.replace_table(name, _good(source, readable, TABLES[name]))
    unread = held.unreadable() if held.unreadable else 0
    return rows, [*bad, Bad(name, "cannot be read as a row", unread, refused)]


def _check(source: Source, held: Held, table: Table, skip: bool) -> tuple[int, list[Bad]]:
    faults = faults_of(held, table, source.dialect)
    found = _count(source, held, faults)
    total = sum(found.values())
    bad = [
        bad_rows(source, held, table, faults, number, rows, total)
        for number, rows in found.items()
        if number is not None
    ]
    if suspects(source, held, table):
        bad += contradictions(source, held, table, faults, total)
    if bad and skip:
        source.replace_table(table.name, _good(source, held, table))
    return total, bad


def _rows(source: Source, held: Held, faults: Sequence[Fault], relation: exp.Expr) -> exp.Select:
    """Every row with the number of its first fault."""
    reason = exp.alias_(first_fault(faults), "fault", copy=False)
    query = exp.select("*", reason, copy=False).from_(relation.copy(), copy=False)
    return beside_roster(source, held, faults, query)


def beside_roster(
    source: Source, held: Held, faults: Sequence[Fault], query: exp.Select
) -> exp.Select:
    """The query joined to the npis of the roster, where a fault looks for them."""
    if not any(fault.column.refers for fault in faults):
        return query
    npi = as_text(TABLES[held.table].column("npi"), held, source.dialect)
    same = exp.EQ(this=exp.column("known_npi", "known"), expression=npi)
    known = _known(source).subquery("known", copy=False)
    return query.join(known, on=same, join_type="left", copy=False)


def _known(source: Source) -> exp.Select:
    """The npi of every good row of clinicians."""
    held, table = source.held["clinicians"], TABLES["clinicians"]
    faults = faults_of(held, table, source.dialect)
    relation = held.tolerant if held.tolerant is not None else held.relation
    reason = exp.alias_(first_fault(faults), "fault", copy=False)
    rows = exp.select("*", reason, copy=False).from_(relation.copy(), copy=False)
    npi = exp.alias_(as_text(table.column("npi"), held, source.dialect), "known_npi")
    query = exp.select(npi).distinct(copy=False).from_(rows.subquery("c", copy=False), copy=False)
    return query.where("fault IS NULL", copy=False)


def _count(source: Source, held: Held, faults: Sequence[Fault]) -> dict[int | None, int]:
    rows = _rows(source, held, faults, held.relation).subquery("checked", copy=False)
    query = exp.select("fault", "COUNT(*)").from_(rows, copy=False)
    query = query.group_by("fault", copy=False).order_by("fault", copy=False)
    return {number: int(count) for number, count in source.run(query)}


def bad_rows(
    source: Source,
    held: Held,
    table: Table,
    faults: Sequence[Fault],
    number: int,
    rows: int,
    total: int,
) -> Bad:
    fault = faults[number]
    place, value = _first(source, held, faults, number)
    shown = f"{fault.column.name} {value}".strip()
    sentence = f"{place}: {shown} {fault.says}; {_how_many(rows, total, fault.column)}."
    return Bad(table.name, f"{fault.column.name} {fault.reason}", rows, sentence)


def _how_many(rows: int, total: int, column: Column) -> str:
    article = "an" if column.name[0] in "aeion" and column.name != "name" else "a"
    have = "has" if rows == 1 else "have"
    return f"{rows:,} of {total:,} rows {have} such {article} {column.name}"


def _first(source: Source, held: Held, faults: Sequence[Fault], number: int) -> tuple[str, str]:
    """Where the first row with the fault stands, and its value as it may be shown."""
    relation = held.numbered if held.numbered is not None else held.relation
    rows = _rows(source, held, faults, relation).subquery("checked")
    value = as_text(faults[number].column, held, source.dialect)
    query = (
        exp.select(value.as_("found")).from_(rows).where(exp.column("fault").eq(number)).limit(1)
    )
    if held.numbered is not None:
        query = query.select("file_name", "row_number").order_by("file_name", "row_number")
    row: tuple[Any, ...] = next(source.run(query))
    return _place(held, row), showable(row[0])


def _place(held: Held, row: Sequence[Any]) -> str:
    if held.locate is None:
        return held.label
    return held.locate(str(row[-2]), int(row[-1]))


def showable(value: str | None) -> str:
    """A value that names no person: digits and marks, or a lower-case word of code."""
    text = value or ""
    plain = len(text) <= 40 and text.isascii() and text.isprintable()
    is_code = text.islower() and " " not in text
    return text if plain and (is_code or not any(map(str.isalpha, text))) else ""


def contradictions(
    source: Source, held: Held, table: Table, faults: Sequence[Fault], total: int
) -> list[Bad]:
    """Rows whose key another row has with different content; the same row twice is harmless."""
    rows = _rows(source, held, faults, held.relation).subquery("checked")
    keys = contradicting(held, table, rows)
    query = exp.select("COUNT(*)", "SUM(rows_of)").from_(keys.subquery("keys"))
    count, affected = next(source.run(query))
    if not count:
        return []
    name = table.key[0]
    stand = f"{name} stands" if count == 1 else f"{name}s stand"
    sentence = (
        f"{_first_repeat(source, held, table, faults)}: "
        f"{count:,} {stand} there more than once with different content; "
        f"{int(affected):,} of {total:,} rows have such a key. One {name} must be one row."
    )
    return [Bad(table.name, f"{name} {NO_CONTRADICTION}", int(affected), sentence)]


def _first_repeat(source: Source, held: Held, table: Table, faults: Sequence[Fault]) -> str:
    """Where a key that contradicts itself first comes again."""
    if held.numbered is None:
        return held.label
    rows = _rows(source, held, faults, held.numbered).subquery("checked")
    place = [exp.column("file_name"), exp.column("row_number")]
    again = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column(name, quoted=True) for name in table.key],
        order=exp.Order(expressions=place),
    ).as_("nth")
    named = exp.select(*place, again).from_(rows.copy()).where("fault IS NULL")
    named = named.where(_among(held, table, rows))
    query = exp.select(*place).from_(named.subquery("named")).where("nth = 2")
    return _place(held, next(source.run(query.order_by(*place).limit(1))))


def _good(source: Source, held: Held, table: Table) -> exp.Select:
    """How the table is SELECTed without its bad rows."""
    faults = faults_of(held, table, source.dialect)
    rows = _rows(source, held, faults, held.relation).subquery("checked")
    good = Held(held.table, held.label, rows, held.types)
    query = reading(good, table, source.dialect).where("fault IS NULL")
    if not all(name in held.types for name in table.key) or not table.key:
        return query
    return query.where(exp.not_(_among(held, table, rows)))


def _among(held: Held, table: Table, rows: exp.Expr) -> exp.Expr:
    keys = contradicting(held, table, rows)
    this = exp.Tuple(expressions=[exp.column(name, quoted=True) for name in table.key])
    only = exp.select(*(exp.column(name, quoted=True) for name in table.key))
    return exp.In(this=this, query=only.from_(keys.subquery("keys")).subquery())
