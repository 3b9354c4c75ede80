"""Databases that stay open between examples, each emptied and filled anew."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import duckdb
import psycopg
from sqlglot import exp

from tests.worlds.holders import TYPES, Rows, csv_text, fill_postgresql, make_tables
from wellpost.facts.postgresql import source_of
from wellpost.facts.reading import reading
from wellpost.facts.source import Held, Source
from wellpost.facts.tables import TABLES, Kind


class Engines:
    """DuckDB, SQLite and PostgreSQL with the same facts, and Spark where a session is given."""

    def __init__(self, address: str, spark: Any = None) -> None:
        self.duck = duckdb.connect()
        self.lite = sqlite3.connect(":memory:")
        for table in TABLES.values():
            columns = ", ".join(f"{one.name} {TYPES[one.kind]}" for one in table.columns)
            self.duck.execute(f"CREATE TABLE {table.name} ({columns})")
            self.lite.execute(f"CREATE TABLE {table.name} ({', '.join(table.names)})")
        make_tables(address)
        self.postgresql = psycopg.connect(address, autocommit=True)
        self.sources = {
            "duckdb": _source("duckdb", self.duck.execute),
            "sqlite": _source("sqlite", self.lite.execute),
            "postgresql": source_of(self.postgresql),
        }
        if spark is not None:
            from tests.worlds.spark import SparkDatabase  # few runs want what it imports

            self.spark = SparkDatabase(spark)
            self.sources["spark"] = self.spark.source

    def fill(self, rows: Rows) -> None:
        """These rows and no others."""
        for name, table in TABLES.items():
            values = [[row.get(column) for column in table.names] for row in rows.get(name, [])]
            marks = f"({', '.join('?' * len(table.names))})"
            self.duck.execute(f"DELETE FROM {name}")
            self.lite.execute(f"DELETE FROM {name}")
            if values:
                flat = [value for row in values for value in row]
                many = ", ".join([marks] * len(values))
                self.duck.execute(f"INSERT INTO {name} VALUES {many}", flat)
                texts = [[csv_text(value) for value in row] for row in values]
                self.lite.executemany(f"INSERT INTO {name} VALUES {marks}", texts)
        fill_postgresql(self.postgresql, rows)
        if "spark" in self.sources:
            self.spark.fill(rows)

    def close(self) -> None:
        """Let go of the connections; the session is others' as well."""
        self.duck.close()
        self.lite.close()
        self.postgresql.close()


def _source(dialect: str, execute: Callable[..., Any]) -> Source:
    kinds = {Kind.DAY: "date", Kind.FLAG: "boolean", Kind.SHARE: "double", Kind.TEXT: "varchar"}
    held = {
        name: Held(
            name,
            name,
            exp.to_table(name),
            {one.name: kinds[one.kind] if dialect == "duckdb" else "" for one in table.columns},
        )
        for name, table in TABLES.items()
    }

    def run(sql: str, values: Mapping[str, object]) -> Iterator[tuple[Any, ...]]:
        yield from execute(sql, dict(values)).fetchall()

    tables = {name: reading(one, TABLES[name], dialect) for name, one in held.items()}
    return Source(dialect, tables, run, held=held)
