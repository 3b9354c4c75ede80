"""An SQLite file whose tables carry the names of the fact tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlglot import exp

from wellpost.errors import DataRefusedError
from wellpost.facts.files import fingerprint
from wellpost.facts.reading import reading
from wellpost.facts.source import Held, Source
from wellpost.facts.tables import TABLES

SQLITE_MAGIC = b"SQLite format 3\0"


def open_sqlite(path: Path) -> Source:
    """The facts of an SQLite file, opened for reading only."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    names = _table_names(connection, path)
    held = {name: _hold(connection, path, name) for name in TABLES if name in names}
    return Source(
        dialect="sqlite",
        tables={name: reading(one, TABLES[name], "sqlite") for name, one in held.items()},
        execute=lambda sql, values: _execute(connection, path, sql, values),
        label=path.name,
        held=held,
        on_close=connection.close,
        found=sorted(names),
    )


def _table_names(connection: sqlite3.Connection, path: Path) -> set[str]:
    query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
    return {name for (name,) in _execute(connection, path, query, {})}


def _hold(connection: sqlite3.Connection, path: Path, name: str) -> Held:
    rows = _execute(connection, path, "SELECT name, type FROM pragma_table_info(:t)", {"t": name})
    return Held(
        table=name,
        label=f"{path.name} {name}",
        relation=exp.to_table(name),
        types={column: str(kind).lower() for column, kind in rows},
        fingerprint=fingerprint(file for file in (path, _log(path)) if file.exists()),
    )


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _execute(
    connection: sqlite3.Connection, path: Path, sql: str, values: Mapping[str, object]
) -> Iterator[tuple[Any, ...]]:
    try:
        yield from connection.execute(sql, dict(values))
    except sqlite3.DatabaseError:
        raise DataRefusedError(
            f"{path.name} cannot be read as SQLite; it may be cut off or damaged."
        ) from None
