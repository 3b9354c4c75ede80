"""A FHIR export as a Source: staged, judged, and held on disk until it is closed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from wellpost.adapters.fhir.bulk.account import account
from wellpost.adapters.fhir.bulk.database import ROWS_AT_ONCE, Database, statement
from wellpost.adapters.fhir.bulk.judge import FACTS, judge
from wellpost.adapters.fhir.bulk.stage import stage
from wellpost.adapters.fhir.lines import Progress
from wellpost.adapters.fhir.numbers import refuse_bad_numbers
from wellpost.adapters.fhir.reader import refuse_broken
from wellpost.adapters.fhir.reconciliation import Reconciliation
from wellpost.adapters.fhir.source import clinicians_of, refuse_when_nothing_is_attributed
from wellpost.errors import RequestError
from wellpost.facts.source import Source
from wellpost.facts.tables import TABLES


def open_bulk(
    path: str | Path,
    *,
    synthetic_identifiers: bool = False,
    skip_bad_rows: bool = False,
    progress: Progress | None = None,
    memory: str | None = None,
) -> tuple[Source, Reconciliation]:
    """The facts of an export, in a folder of their own until the Source is closed; the account.

    `memory` is what DuckDB may hold (`4GB`); what does not fit is spilt beside the facts.
    DataRefusedError as `open_fhir`; RequestError when memory or disk do not suffice.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="wellpost-fhir-"))
        database = Database.start(Path(folder), memory)
        stack.callback(database.connection.close)
        with _limits_said(folder):
            staged = stage(database, Path(path), progress)
            if not skip_bad_rows:
                refuse_broken(staged.records)
            if not synthetic_identifiers and not skip_bad_rows:
                refuse_bad_numbers(staged.records)
            judged = judge(staged, synthetic_identifiers=synthetic_identifiers)
            said = account(staged, judged)
            refuse_when_nothing_is_attributed(said, str(path))
            columns = {"npi": "VARCHAR", "tin": "VARCHAR", "name": "VARCHAR"}
            database.fill("clinicians", columns, clinicians_of(judged.posts, staged.records))
            for name in FACTS:
                database.run(statement(f"facts/{name}"))
        staged.forget()
        return _source(database, str(path), stack.pop_all()), said


def _source(database: Database, label: str, held: ExitStack) -> Source:
    tables = ("clinicians", *FACTS)
    return Source(
        dialect="duckdb",
        tables={name: exp.select(*TABLES[name].names).from_(name) for name in tables},
        execute=lambda sql, values: _execute(database.connection, sql, values),
        label=label,
        on_close=held.close,
        found=sorted(tables),
    )


def _execute(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object]
) -> Iterator[tuple[Any, ...]]:
    """Rows in batches, each query on a cursor of its own so that two may be read side by side."""
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(values) or None)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows


@contextmanager
def _limits_said(folder: str) -> Iterator[None]:
    """What the machine lacks, as a sentence."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise RequestError(
            f"the memory, or the disk of {folder}, does not suffice for reading this export; give "
            "more with --memory, or set TMPDIR to a larger disk."
        ) from None
    except (duckdb.IOException, OSError) as fault:
        raise RequestError(
            f"{fault}: nothing was computed; the facts are kept in {folder} while they are read, "
            "so set TMPDIR to a disk with room for them."
        ) from None
