"""A folder of CSV or Parquet files, read by DuckDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from wellpost.errors import DataRefusedError
from wellpost.facts.csv_file import hold_csv, read_fault
from wellpost.facts.parquet_file import hold_parquet
from wellpost.facts.reading import reading
from wellpost.facts.source import Held, Source
from wellpost.facts.tables import TABLES

ROWS_AT_ONCE = 10_000


def open_folder(folder: Path) -> Source:
    """The facts of a folder: table T is `T.csv`, `T.parquet` or a directory `T/` of Parquet."""
    _refuse_an_empty_folder(folder)
    connection = duckdb.connect(config={"autoinstall_known_extensions": False})
    held = {name: _hold(connection, *found) for name, found in _find_tables(folder).items()}
    return Source(
        dialect="duckdb",
        tables={name: reading(one, TABLES[name], "duckdb") for name, one in held.items()},
        execute=lambda sql, values: _execute(connection, sql, values),
        label=str(folder),
        held=held,
        on_close=connection.close,
        found=sorted(path.name for path in folder.iterdir()),
    )


def _refuse_an_empty_folder(folder: Path) -> None:
    if not any(folder.iterdir()):
        raise DataRefusedError(
            f"{folder} is empty; put clinicians and encounters there, as CSV or Parquet."
        )


def _find_tables(folder: Path) -> dict[str, tuple[str, Path]]:
    """Which file or directory holds each table; DataRefusedError when two do."""
    found = {}
    for name in TABLES:
        holders = [path for path in _places(folder, name) if path.exists()]
        if len(holders) > 1:
            both = " and ".join(path.name for path in holders)
            raise DataRefusedError(f"{folder}: {both} both hold {name}; leave one of them.")
        if holders:
            found[name] = (name, holders[0])
    return found


def _places(folder: Path, name: str) -> tuple[Path, ...]:
    return folder / f"{name}.csv", folder / f"{name}.parquet", folder / name


def _hold(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> Held:
    if path.suffix == ".csv":
        return hold_csv(name, path)
    return hold_parquet(connection, name, path)


def _execute(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object]
) -> Iterator[tuple[Any, ...]]:
    """Rows in batches, each query on a cursor of its own so that two may be read side by side."""
    cursor = connection.cursor()
    try:
        cursor.execute(sql, dict(values) or None)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows
    except duckdb.InvalidInputException as error:
        raise read_fault(error) from None
    except duckdb.IOException as error:
        raise read_fault(error) from None
    finally:
        cursor.close()
