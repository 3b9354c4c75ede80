"""Hold rows the ways a practice may hold them: CSV, Parquet, SQLite, PostgreSQL."""

import csv
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb
import psycopg

from wellpost.facts.source import Source
from wellpost.facts.sources import open_source
from wellpost.facts.tables import TABLES, Kind

Row = Mapping[str, str | bool | None]
Rows = Mapping[str, Sequence[Row]]
Hold = Callable[[Rows], Source]

TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.DAY: "DATE",
    Kind.FLAG: "BOOLEAN",
    Kind.SHARE: "DOUBLE PRECISION",
}


def csv_text(value: str | bool | None) -> str:
    """A value as CSV writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value or ""


def write_csv(folder: Path, rows: Rows) -> Path:
    """A folder with a file for each table that has rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, each in rows.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(TABLES[name].names)
            writer.writerows([[csv_text(row.get(c)) for c in TABLES[name].names] for row in each])
    return folder


def write_parquet(folder: Path, rows: Rows) -> Path:
    """The same as Parquet; encounters as a directory of two files."""
    texts = write_csv(folder / "texts", rows)
    into = folder / "parquet"
    into.mkdir(exist_ok=True)
    with duckdb.connect() as connection:
        for name in rows:
            columns = {
                column.name: TYPES[column.kind].split()[0] for column in TABLES[name].columns
            }
            relation = connection.read_csv(
                str(texts / f"{name}.csv"), columns=columns, header=True, auto_detect=False
            )
            if name == "encounters":
                (into / name).mkdir(exist_ok=True)
                relation.filter("hash(encounter_id) % 2 = 0").write_parquet(
                    f"{into}/{name}/0.parquet"
                )
                relation.filter("hash(encounter_id) % 2 = 1").write_parquet(
                    f"{into}/{name}/1.parquet"
                )
            else:
                relation.write_parquet(f"{into}/{name}.parquet")
    return into


def write_sqlite(path: Path, rows: Rows) -> Path:
    """An SQLite file whose columns are all text."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    for name, each in rows.items():
        names = TABLES[name].names
        connection.execute(f"CREATE TABLE {name} ({', '.join(names)})")
        connection.executemany(
            f"INSERT INTO {name} VALUES ({', '.join('?' * len(names))})",
            [[csv_text(row.get(column)) for column in names] for row in each],
        )
    connection.commit()
    connection.close()
    return path


def make_tables(address: str) -> None:
    """Every fact table, empty, typed as a database would type it."""
    with psycopg.connect(address, autocommit=True) as connection:
        for table in TABLES.values():
            columns = ", ".join(f"{column.name} {TYPES[column.kind]}" for column in table.columns)
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table.name} ({columns})")


def fill_postgresql(connection: psycopg.Connection, rows: Rows) -> None:
    """These rows and no others."""
    connection.execute(f"TRUNCATE {', '.join(TABLES)}")
    for name, each in rows.items():
        names = TABLES[name].names
        with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
            for row in each:
                copy.write_row([row.get(column) for column in names])


def holder(engine: str, folder: Path, address: Callable[[], str]) -> Hold:
    """How to hold rows for one engine."""
    if engine == "csv":
        return lambda rows: open_source(write_csv(folder / "csv", rows))
    if engine == "parquet":
        return lambda rows: open_source(write_parquet(folder, rows))
    if engine == "sqlite":
        return lambda rows: open_source(write_sqlite(folder / "facts.sqlite", rows))

    def hold(rows: Rows) -> Source:
        make_tables(address())
        with psycopg.connect(address(), autocommit=True) as connection:
            fill_postgresql(connection, rows)
        return open_source(address())

    return hold


ENGINES = ("csv", "parquet", "sqlite", "postgresql")
