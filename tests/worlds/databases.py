"""One database of each engine, open for all stories: a story empties it and fills it anew.

Queries made for one story serve the next. What is read from files is tried elsewhere; these hold
rows that need no check.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import duckdb
import psycopg
from sqlglot import exp

from tests.worlds.holders import TYPES, Rows, csv_text, make_tables
from wellpost.facts.postgresql import source_of
from wellpost.facts.reading import reading
from wellpost.facts.source import Held, Source
from wellpost.facts.tables import TABLES, Kind

KINDS = {Kind.DAY: "date", Kind.FLAG: "boolean", Kind.SHARE: "double", Kind.TEXT: "varchar"}


class Database:
    """A source whose rows change from story to story."""

    def __init__(self, source: Source, execute: Callable[..., Any], mark: str) -> None:
        self.source = replace(source, held={}, prepared={}, on_close=lambda: None)
        self._execute = execute
        self._mark = mark

    def hold(self, rows: Rows) -> Source:
        """The source, with these rows and no others; PostgreSQL's tables are others' as well."""
        for name in TABLES:
            self._execute(f"DELETE FROM {name}")
        for name in (name for name, each in rows.items() if each):
            self._insert(name, rows)
        return self.source

    def _insert(self, name: str, rows: Rows) -> None:
        columns = TABLES[name].names
        values = [self._value(row.get(column)) for row in rows[name] for column in columns]
        marks = f"({', '.join([self._mark] * len(columns))})"
        many = ", ".join([marks] * len(rows[name]))
        self._execute(f"INSERT INTO {name} ({', '.join(columns)}) VALUES {many}", values)

    def _value(self, value: str | bool | None) -> str | bool | None:
        """SQLite holds texts, as a file of it would."""
        return csv_text(value) if self.source.dialect == "sqlite" else value


def duck() -> Database:
    """DuckDB, the engine of CSV and Parquet."""
    connection = duckdb.connect(config={"threads": 1})
    for table in TABLES.values():
        columns = ", ".join(f"{one.name} {TYPES[one.kind]}" for one in table.columns)
        connection.execute(f"CREATE TABLE {table.name} ({columns})")
    return Database(_source("duckdb", connection.execute), connection.execute, "?")


def lite() -> Database:
    """SQLite, every column a text."""
    connection = sqlite3.connect(":memory:")
    for table in TABLES.values():
        connection.execute(f"CREATE TABLE {table.name} ({', '.join(table.names)})")
    return Database(_source("sqlite", connection.execute), connection.execute, "?")


def postgresql(address: str) -> Database:
    """PostgreSQL, columns typed."""
    make_tables(address)
    connection = psycopg.connect(address, autocommit=True)
    connection.execute(f"TRUNCATE {', '.join(TABLES)}")
    return Database(source_of(connection), connection.execute, "%s")


def _source(dialect: str, execute: Callable[..., Any]) -> Source:
    def run(sql: str, values: Mapping[str, object]) -> Iterator[tuple[Any, ...]]:
        yield from execute(sql, dict(values)).fetchall()

    tables = {name: reading(_held(name, dialect), table, dialect) for name, table in TABLES.items()}
    return Source(dialect, tables, run)


def _held(name: str, dialect: str) -> Held:
    types = {
        one.name: KINDS[one.kind] if dialect == "duckdb" else "" for one in TABLES[name].columns
    }
    return Held(name, name, exp.to_table(name), types)
