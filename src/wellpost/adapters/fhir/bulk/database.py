"""The DuckDB that a bulk export is read with: its limits, its statements, its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from wellpost.adapters.fhir.mapping import (
    DOCUMENTED,
    NO_ONE_PATIENT,
    NO_SECURE_MESSAGE,
    OBSERVED,
    PATIENT_SIDE,
    PLANNED,
    SEEN,
    SUCCEEDED,
    TRANSMITTED,
)
from wellpost.errors import RequestError

SQL = Path(__file__).parent / "sql"
ROWS_AT_ONCE = 10_000
ROWS_HELD = 30_720
"""Rows each thread holds until they are written; with more, memory grows with the export."""
CODES: Mapping[str, Sequence[str]] = {
    "seen": sorted(SEEN),
    "transmitted": sorted(TRANSMITTED),
    "no_secure_message": sorted(NO_SECURE_MESSAGE),
    "observed": sorted(OBSERVED),
    "documented": sorted(DOCUMENTED),
    "planned": sorted(PLANNED),
    "succeeded": sorted(SUCCEEDED),
    "patient_side": sorted(PATIENT_SIDE),
    **{f"no_one_patient_of_{kind.lower()}": sorted(of) for kind, of in NO_ONE_PATIENT.items()},
}
"""The code tables of the mapping that statements here are bound to."""

REFERENCE = (
    "STRUCT(reference VARCHAR, type VARCHAR, display VARCHAR, "
    "identifier STRUCT(system VARCHAR, value VARCHAR))"
)

OPTIONS = """format = 'newline_delimited', ignore_errors = $lenient, filename = true,
    compression = $packing, maximum_object_size = $longest"""
"""Of a lot: whether broken lines are passed over, how it is packed, and how long lines may be."""


@cache
def statement(name: str, view: str = "") -> str:
    """The statement of a file, as it is written.

    One of `sql/types` is the same for every type: THE_TYPE stands for its view. In those of
    `sql/read` THE_OPTIONS stands for how every type is read.
    """
    written = (SQL / f"{name}.sql").read_text(encoding="utf-8")
    return written.replace("THE_TYPE", view).replace("THE_OPTIONS", OPTIONS)


@dataclass(frozen=True)
class Database:
    """One connection whose data may be larger than the memory: it spills into `folder`."""

    connection: duckdb.DuckDBPyConnection
    folder: Path

    @classmethod
    def start(cls, folder: Path, memory: str | None) -> Database:
        """A new one; RequestError for an amount of memory that is none."""
        connection = duckdb.connect(config={"autoinstall_known_extensions": False})
        # A query of more than two seconds would draw its bar into what is printed.
        connection.execute("SET enable_progress_bar_print = false")
        connection.execute("SET temp_directory = $folder", {"folder": str(folder / "spilt")})
        if memory:
            try:
                connection.execute("SET memory_limit = $memory", {"memory": memory})
            except duckdb.Error:
                connection.close()
                raise RequestError(f"{memory} is no amount of memory; say 4GB.") from None
        connection.execute(statement("macros"))
        return cls(connection, folder)

    def run(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """The rows of a statement, with the values and code tables it names bound to it."""
        return self.connection.execute(sql, _named(sql, values)).fetchall()

    def described(self, sql: str, **values: object) -> dict[str, str]:
        """The columns of a query, with their types."""
        found = self.connection.execute(sql, _named(sql, values)).description or ()
        return {name: str(kind) for name, kind, *_ in found}

    def write(self, sql: str, to: Path, **values: object) -> None:
        """The rows of a query into a Parquet file, without holding them.

        Not packed: it is read once and gone, and packing took a twelfth of the whole time.
        """
        options = f"FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE {ROWS_HELD}"
        copy = f"COPY ({sql}) TO $to ({options})"
        self.connection.execute(copy, _named(copy, {**values, "to": str(to)}))

    def view(self, name: str, parts: Sequence[Path], **options: bool | str) -> None:
        """A view of Parquet files."""
        files = exp.Array(expressions=[exp.Literal.string(str(part)) for part in parts])
        said = [
            exp.EQ(this=exp.var(option), expression=exp.convert(value))
            for option, value in options.items()
        ]
        read = exp.Table(this=exp.Anonymous(this="READ_PARQUET", expressions=[files, *said]))
        query = exp.select("*").from_(read)
        self.run(exp.Create(this=exp.to_table(name), kind="VIEW", expression=query).sql("duckdb"))

    def each(self, sql: str, **values: object) -> Iterator[tuple[Any, ...]]:
        """The same rows by and by, on a cursor of their own."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, _named(sql, values))
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield from rows

    def fill(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]) -> None:
        """Make a table of these rows, thousands at a time: one list for each column."""
        typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        self.run(f"CREATE OR REPLACE TABLE {name} ({typed})")
        lists = ", ".join(
            f"unnest(CAST(${column} AS {kind}[]))" for column, kind in columns.items()
        )
        waiting = iter(rows)
        while batch := list(islice(waiting, ROWS_AT_ONCE)):
            values = dict(zip(columns, map(list, zip(*batch, strict=True)), strict=True))
            self.run(f"INSERT INTO {name} SELECT {lists}", **values)


def _named(sql: str, values: Mapping[str, object]) -> dict[str, object]:
    """Of all that is known, what the statement names."""
    known = {**CODES, "reference": REFERENCE, **values}
    return {name: value for name, value in known.items() if f"${name}" in sql}
