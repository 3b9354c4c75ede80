"""The facts a report used, and no others, kept so that it can be computed again years later."""

from __future__ import annotations

import csv
import io
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp, parse_one

from wellpost.engine.relations import IN_PERIOD, on_facts
from wellpost.facts.csv_file import hold_csv
from wellpost.facts.reading import reading
from wellpost.facts.sources import Held, Source
from wellpost.facts.tables import TABLES, Column, Kind, Table
from wellpost.reports.needed import needed
from wellpost.reports.patience import MEMORY, remaining
from wellpost.reports.request import Request
from wellpost.terms import Level, Period

OF_THE_YEAR = {
    "messages": "sent_on <= :year_end AND (sent_on >= :year_start OR available_on >= :year_start)",
    "portal_actions": "acted_on BETWEEN :year_start AND :year_end",
    "patient_data": "received_on <= :year_end"
    " AND COALESCE(incorporated_on, received_on) >= :year_start",
    "counties": "as_of <= :period_start",
}
"""Which rows can bear on a report of the year; the widest numerator window is the calendar year."""

ONLY_WHERE_ASKED = ("county", "thread_id", "in_reply_to")
"""What is frozen only where a number rests on it: an auditor needs no more of a patient."""

OWNED_OR_NOBODYS = ("messages", "patient_data")
ROWS_AT_ONCE = 10_000


def freeze(source: Source, request: Request) -> dict[str, bytes]:
    """Each fact table that the request asks for as canonical CSV: only rows it can use, sorted."""
    scope, values = _scope(source, request), _values(request)
    asked = needed(request)
    return {
        name: _csv(TABLES[name], source.run(_kept(name, source, scope, asked[name]), values))
        for name in TABLES
        if name in asked and name in source.tables
    }


def frozen_source(tables: Mapping[str, bytes]) -> Source:
    """Frozen facts held in memory; queries over them can reach nothing else of the machine.

    They have so much memory, no disk, and within `wellpost.reports.patience` so much time.
    """
    connection = duckdb.connect(config={"autoinstall_known_extensions": False})
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in tables.items():
            place = Path(folder, f"{name}.csv")
            place.write_bytes(rows)
            _take_in(connection, hold_csv(name, place))
    connection.execute("SET temp_directory = ''")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return Source(
        dialect="duckdb",
        tables={name: exp.select("*").from_(exp.to_table(f"main.{name}")) for name in tables},
        execute=lambda sql, values: _rows(connection, sql, values),
        label="the frozen facts",
        on_close=connection.close,
    )


def _take_in(connection: duckdb.DuckDBPyConnection, held: Held) -> None:
    rows = reading(held, TABLES[held.table], "duckdb").sql(dialect="duckdb")
    connection.execute(f'CREATE TABLE "{held.table}" AS {rows}')


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object]
) -> Iterator[tuple[Any, ...]]:
    cursor = connection.cursor()
    try:
        with _in_time(cursor):
            cursor.execute(sql, dict(values) or None)
            rows = cursor.fetchmany(ROWS_AT_ONCE)
        while rows:
            yield from rows
            with _in_time(cursor):
                rows = cursor.fetchmany(ROWS_AT_ONCE)
    finally:
        cursor.close()


@contextmanager
def _in_time(cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Within the block the query is stopped when its time is over."""
    left = remaining()
    if left is None:
        yield
        return
    clock = threading.Timer(left, cursor.interrupt)
    clock.start()
    try:
        yield
    except (duckdb.InterruptException, RuntimeError):  # the latter where a signal came first
        remaining()
        raise
    finally:
        clock.cancel()


def _values(request: Request) -> dict[str, object]:
    year = Period.of_year(request.rules.year)
    return {
        "period_start": request.period.start,
        "period_end": request.period.end,
        "year_start": year.start,
        "year_end": year.end,
    }


@dataclass(frozen=True)
class _Scope:
    """Whose patients and acts a report is about; None: everybody's, and under every TIN."""

    npis: frozenset[str] | None
    tins: frozenset[str] | None

    @property
    def clinicians(self) -> exp.Expr:
        """The condition on an npi."""
        return _one_of("npi", self.npis)

    @property
    def visits(self) -> exp.Expr:
        """The condition on an encounter: of these clinicians, under these TINs."""
        return exp.and_(self.clinicians, _one_of("tin", self.tins))


def _one_of(column: str, values: frozenset[str] | None) -> exp.Expr:
    return exp.true() if values is None else exp.column(column).isin(*sorted(values))


def _scope(source: Source, request: Request) -> _Scope:
    """A clinician reports over all TINs; a practice has no need of another practice's visits."""
    npis = _npis(source, request)
    if request.tin is None or Level.CLINICIAN in request.levels:
        return _Scope(npis, None)
    tins = {request.tin}
    if Level.VIRTUAL_GROUP in request.levels:
        tins |= _linked(source, request, set(_pairs(source, request)))
    return _Scope(npis, frozenset(tins))


def _kept(name: str, source: Source, scope: _Scope, asked: frozenset[str]) -> exp.Expr:
    """The rows of a table that bear on what the reporters report."""
    columns = TABLES[name].names
    shown = (_shown(column, asked) for column in columns)
    query = exp.select(*shown).from_(name).where(*_conditions(name, columns, scope))
    return on_facts(query, source.tables)


def _shown(column: str, asked: frozenset[str]) -> exp.Expr:
    """The column; nothing where it would say more of a patient than any number rests on."""
    if column in ONLY_WHERE_ASKED and column not in asked:
        return exp.alias_(exp.null(), column)
    return exp.column(column)


def _conditions(name: str, columns: Sequence[str], scope: _Scope) -> Iterator[exp.Expr]:
    seen = exp.select("*").from_("encounters").where(IN_PERIOD, scope.visits)
    if name == "encounters":
        yield IN_PERIOD
        yield scope.visits
    if name == "clinicians":
        yield scope.clinicians
    if name in OWNED_OR_NOBODYS:
        yield exp.or_(scope.clinicians, parse_one("npi IS NULL"))
    if name in OF_THE_YEAR:
        yield parse_one(OF_THE_YEAR[name])
    for column in ("patient_id", "encounter_id", "county"):
        if name != "encounters" and column in columns:
            yield exp.In(this=exp.column(column), query=_only(seen, column))


def _only(seen: exp.Select, column: str) -> exp.Subquery:
    return seen.select(column, append=False).distinct().subquery()


def _npis(source: Source, request: Request) -> frozenset[str] | None:
    """The clinicians whose patients and acts the report is about; None: everybody's."""
    if request.npi is None and request.tin is None:
        return None
    pairs = set(_pairs(source, request))
    if Level.VIRTUAL_GROUP in request.levels:
        return frozenset(npi for tin, npi in pairs if tin in _linked(source, request, pairs))
    if request.npi is not None:
        return frozenset({request.npi})
    return frozenset(npi for tin, npi in pairs if tin == request.tin)


def _linked(source: Source, request: Request, pairs: set[tuple[str, str]]) -> set[str]:
    """The TINs of the virtual groups that the tin, or a tin of the npi, is in."""
    own = {request.tin} if request.tin else {tin for tin, npi in pairs if npi == request.npi}
    query = on_facts(exp.select("virtual_group", "tin").from_("virtual_groups"), source.tables)
    rows = set(source.run(query))
    joined = {name for name, tin in rows if tin in own}
    return {tin for name, tin in rows if name in joined}


def _pairs(source: Source, request: Request) -> Iterator[tuple[str, str]]:
    """Every (tin, npi) of the roster, and of an encounter of the period."""
    of_roster = exp.select("tin", "npi").distinct().from_("clinicians")
    yield from source.run(on_facts(of_roster, source.tables))
    of_visits = exp.select("tin", "npi").distinct().from_("encounters").where(IN_PERIOD)
    yield from source.run(on_facts(of_visits, source.tables), _values(request))


def _csv(table: Table, rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.names)
    lines = ([_cell(c, v) for c, v in zip(table.columns, row, strict=True)] for row in rows)
    writer.writerows(sorted(lines))
    return text.getvalue().encode()


def _cell(column: Column, value: object) -> str:
    """A value as the canonical CSV has it, whatever the engine gave."""
    if value is None:
        return ""
    if column.kind is Kind.FLAG:
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
