"""A PostgreSQL address whose tables or views carry the names of the fact tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from sqlglot import exp

from wellpost.errors import DataRefusedError
from wellpost.facts.reading import reading
from wellpost.facts.source import Held, Source
from wellpost.facts.tables import TABLES

ROWS_AT_ONCE = 10_000

COLUMNS = """
    SELECT table_name::text, column_name::text, data_type::text
    FROM information_schema.columns
    WHERE table_schema = ANY (current_schemas(false)) ORDER BY ordinal_position
"""


def open_postgresql(address: str) -> Source:
    """The facts that the address's search path shows, opened for reading only."""
    try:
        connection = psycopg.connect(address, autocommit=True)
    except psycopg.Error:
        raise DataRefusedError(
            "the PostgreSQL address cannot be reached; check host, database, user and password."
        ) from None
    connection.read_only = True
    source = source_of(connection)
    source.streamed = lambda sql, values: _stream(address, sql, values)
    return source


def source_of(connection: psycopg.Connection[Any]) -> Source:
    """The facts that an open connection shows."""
    types: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(COLUMNS):
        types.setdefault(table, {})[column] = kind.lower()
    held = {
        name: Held(name, name, exp.to_table(name), types[name]) for name in TABLES if name in types
    }
    return Source(
        dialect="postgres",
        tables={name: reading(one, TABLES[name], "postgres") for name, one in held.items()},
        execute=lambda sql, values: _execute(connection, sql, values),
        label="PostgreSQL",
        held=held,
        on_close=connection.close,
        found=sorted(types),
    )


def _execute(
    connection: psycopg.Connection[Any], sql: str, values: Mapping[str, object]
) -> Iterator[tuple[Any, ...]]:
    yield from connection.execute(sql.encode(), dict(values))


def _stream(address: str, sql: str, values: Mapping[str, object]) -> Iterator[tuple[Any, ...]]:
    """On a connection of its own, and held by the server: one client's memory may be too small."""
    with psycopg.connect(address) as connection, connection.cursor("facts") as cursor:
        cursor.itersize = ROWS_AT_ONCE
        yield from cursor.execute(sql.encode(), dict(values))
