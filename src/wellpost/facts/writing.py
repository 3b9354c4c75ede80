"""Facts written as canonical Parquet: every table typed and sorted, all of it or nothing.

The same facts give the same rows in the same order, whatever they lay in and however that was
split: rows stand by their day, then by their other columns in the order of the description.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from sqlglot import exp

from wellpost.errors import RequestError
from wellpost.facts.duck import Duck, open_duck
from wellpost.facts.filling import creating, inserting
from wellpost.facts.scratch import UNFINISHED, Scratch, scratch
from wellpost.facts.source import Source
from wellpost.facts.tables import TABLES, Kind, Table

ROWS_AT_ONCE = 50_000

Told = Callable[[str], None]
"""Is told the name of each table when it is begun."""


def write_facts(source: Source, folder: Path, told: Told = lambda name: None) -> Mapping[str, int]:
    """Write every table of the source into a new folder; how many rows each has.

    Nothing is there until all is written. RequestError when the folder holds something or cannot
    be made.
    """
    begun = _begin(folder)
    try:
        rows = {}
        for name in (name for name in TABLES if name in source.tables):
            told(name)
            rows[name] = _write(source, TABLES[name], begun.path / f"{name}.parquet")
        _finish(begun, folder)
    finally:
        begun.close()
    return rows


def refuse_a_full_folder(folder: Path) -> None:
    """RequestError when something is there already."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise RequestError(f"{folder} holds something already; name a folder that is not there.")


def _begin(folder: Path) -> Scratch:
    """A folder beside it, on the same disk."""
    refuse_a_full_folder(folder)
    target = folder.absolute()
    try:
        return scratch(target.parent, f".{target.name}{UNFINISHED}")
    except OSError as error:
        raise _cannot_be_written(folder, error) from None


def _finish(begun: Scratch, folder: Path) -> None:
    """Let it take its place once all of it is on the disk."""
    try:
        for path in begun.path.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        begun.become(folder.absolute())
    except OSError as error:
        raise _cannot_be_written(folder, error) from None


def _cannot_be_written(folder: Path, error: OSError) -> RequestError:
    return RequestError(f"{folder} cannot be written: {error.strerror}.")


def _write(source: Source, table: Table, path: Path) -> int:
    """Write the table; how many rows."""
    if source.dialect == "duckdb":
        ((rows,),) = source.run(copy_sorted(source.tables[table.name], table, path))
        return int(rows)
    duck = open_duck()
    try:
        return _write_through(duck, source, table, path)
    finally:
        duck.close()


def _write_through(duck: Duck, source: Source, table: Table, path: Path) -> int:
    """The rows of another engine, taken over a batch at a time."""
    duck.run(creating(table))
    insert = inserting(table)
    for batch in _batches(source.stream(source.tables[table.name].copy())):
        columns = zip(*batch, strict=True)
        duck.run(insert, dict(zip(table.names, map(list, columns), strict=True)))
    query = copy_sorted(exp.select(*table.names).from_(table.name), table, path)
    ((rows,),) = duck.run(query.sql("duckdb"))
    return int(rows)


def _batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def copy_sorted(query: exp.Query, table: Table, path: Path) -> exp.Copy:
    """COPY that writes the rows in their canonical order."""
    ordered = exp.select(*table.names).from_(query.copy().subquery("rows_of"))
    for name in sorted_by(table):
        ordered = ordered.order_by(exp.Ordered(this=exp.column(name), nulls_first=True), copy=False)
    options = {"FORMAT": "parquet", "COMPRESSION": "zstd", "ROW_GROUP_SIZE": 122_880}
    return exp.Copy(
        this=ordered.subquery(),
        kind=False,
        files=[exp.Literal.string(str(path))],
        params=[
            exp.CopyParameter(this=exp.var(name), expression=exp.convert(value))
            for name, value in options.items()
        ],
    )


def sorted_by(table: Table) -> list[str]:
    """Every column, days first: a count of one period then reads only its part of a file."""
    return sorted(table.names, key=lambda name: table.column(name).kind is not Kind.DAY)
