"""A FHIR export as a Source: staged, judged, and held on disk until it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
from sqlglot import exp

from wellpost.adapters.fhir.bulk.account import account
from wellpost.adapters.fhir.bulk.database import Database, statement
from wellpost.adapters.fhir.bulk.judge import FACTS, judge
from wellpost.adapters.fhir.bulk.stage import stage
from wellpost.adapters.fhir.lines import Progress
from wellpost.adapters.fhir.numbers import refuse_bad_numbers
from wellpost.adapters.fhir.reader import refuse_broken
from wellpost.adapters.fhir.reconciliation import Reconciliation
from wellpost.adapters.fhir.rows import clinicians_of, refuse_when_nothing_is_attributed
from wellpost.errors import NoRoomError, RequestError
from wellpost.facts.complaints import SPILT, disk_is_full
from wellpost.facts.duck import Duck, spilling
from wellpost.facts.resources import resources
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
    DataRefusedError as `open_fhir`; NoRoomError when memory or disk do not suffice.
    """
    limits = resources()
    with ExitStack() as stack:
        place = spilling(limits, f"{SPILT}fhir-")
        stack.callback(place.close)
        database = Database.start(place.path, memory)
        stack.callback(database.connection.close)
        with _limits_said(limits.spill_folder):
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
        return _source(database, str(path), said, stack.pop_all()), said


def _source(database: Database, label: str, said: Reconciliation, held: ExitStack) -> Source:
    tables, duck = ("clinicians", *FACTS), Duck(database.connection, resources())
    return Source(
        dialect="duckdb",
        tables={name: exp.select(*TABLES[name].names).from_(name) for name in tables},
        execute=duck.execute,
        label=label,
        on_close=held.close,
        found=sorted(tables),
        percent=duck.percent,
        lost=tuple(said.faults()),
    )


@contextmanager
def _limits_said(folder: Path) -> Iterator[None]:
    """What the machine lacks, as a sentence."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise NoRoomError(
            f"the memory, or the disk of {folder}, does not suffice for reading this export; give "
            "more with --memory, or name a folder with more room with --spill."
        ) from None
    except (duckdb.IOException, OSError) as fault:
        if disk_is_full(fault):
            raise NoRoomError(
                f"the disk of {folder} filled while the facts of this export were put there; "
                "nothing was computed; name a folder with more room with --spill."
            ) from None
        raise RequestError(
            f"{fault}: nothing was computed; the facts are kept in {folder} while they are read, "
            "so name a folder with room for them with --spill."
        ) from None
