"""Make up facts with DuckDB, at speed: the same scale and seed give the same bytes.

Each row is decided by hashes of its own number, and each file holds the rows of fixed numbers and
is made by one thread, so that neither the order of work nor the number of cores changes a byte.
Activity is skewed: few clinicians see many patients, few patients and clinicians write most.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from threading import local

import duckdb

from wellpost.errors import RequestError
from wellpost.facts.identifiers import with_check_digit
from wellpost.synthetic.scale import Scale

MADE = (
    "clinicians",
    "encounters",
    "messages",
    "access_grants",
    "portal_actions",
    "patient_data",
    "appointments",
    "counties",
    "virtual_groups",
)
ROW_GROUP = 122_880
PART_ROWS = 5 * ROW_GROUP
"""How many rows a file holds; the last of a table may hold fewer."""

Told = Callable[[int, int], None]
"""Is told how many rows are written, and of how many."""


@dataclass(frozen=True)
class Part:
    """One file: the rows of a table from number `first` up to `past`."""

    table: str
    number: int
    first: int
    past: int

    @property
    def rows(self) -> int:
        """How many rows it holds; 0 where that follows from other tables."""
        return self.past - self.first

    def path(self, folder: Path) -> Path:
        """Where it lies, such as `encounters/part-0001.parquet`."""
        return folder / self.table / f"part-{self.number:04}.parquet"


def make_facts(
    folder: Path, scale: Scale, told: Told | None = None, workers: int | None = None
) -> Iterator[str]:
    """Write each table as a directory of Parquet into the folder; yields its name when it is done.

    As many files at a time as there are cores, or `workers`. Left early, it stops at once, and what
    was written by then is for the caller to remove. RequestError when the folder cannot be written.
    """
    parts = {table: list(_parts(table, scale)) for table in MADE}
    of = sum(part.rows for every in parts.values() for part in every)
    done, work = 0, _Work(folder, _variables(scale))
    pool = ThreadPoolExecutor(workers or os.cpu_count() or 1)
    try:
        futures = {
            table: [pool.submit(work.write, part) for part in parts[table]] for table in MADE
        }
        for table in MADE:
            for part, future in zip(parts[table], futures[table], strict=True):
                future.result()
                done += part.rows
                if told:
                    told(done, of)
            yield table
    finally:
        work.stop()
        pool.shutdown(cancel_futures=True)
        work.close()


def text(name: str) -> str:
    """The SQL of that name."""
    return files("wellpost.synthetic").joinpath(f"{name}.sql").read_text(encoding="utf-8")


class _Work:
    """Writes files, each thread with a database of its own of one thread."""

    def __init__(self, folder: Path, variables: Mapping[str, object]) -> None:
        self._folder, self._variables = folder, variables
        self._mine = local()
        self._databases: list[duckdb.DuckDBPyConnection] = []
        self._stopped = False

    def write(self, part: Part) -> None:
        """Write one file."""
        if self._stopped:
            return
        database = self._database()
        _set(database, {"first": part.first, "past": part.past})
        path = part.path(self._folder)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            rows = database.sql(text(part.table))
            rows.write_parquet(str(path), row_group_size=ROW_GROUP)
        except (OSError, duckdb.IOException) as error:
            raise RequestError(f"{path} cannot be written: {error}.") from None

    def stop(self) -> None:
        """Let no file be begun, and end those that are."""
        self._stopped = True
        for database in self._databases:
            database.interrupt()

    def close(self) -> None:
        """Let go of the databases; no thread may be writing."""
        for database in self._databases:
            database.close()

    def _database(self) -> duckdb.DuckDBPyConnection:
        found: duckdb.DuckDBPyConnection | None = getattr(self._mine, "database", None)
        if found is None:
            found = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False})
            self._databases.append(found)
            _set(found, self._variables)
            found.execute(text("chance"))
            found.execute(text("words"))
            self._mine.database = found
        return found


def _set(database: duckdb.DuckDBPyConnection, variables: Mapping[str, object]) -> None:
    for name, value in variables.items():
        database.execute(f"SET VARIABLE {name} = $value", {"value": value})


def _variables(scale: Scale) -> dict[str, object]:
    """What every SQL of this package may ask with GETVARIABLE."""
    start, end = date(scale.year, 1, 1), date(scale.year, 12, 31)
    return {
        "seed": scale.seed,
        "patients": scale.patients,
        "clinicians": scale.clinicians,
        "practices": scale.practices,
        "starts_on": start,
        "ends_on": end,
        "days": (end - start).days + 1,
        "npis": [_npi(scale, number) for number in range(scale.clinicians)],
        "tins": [_tin(scale, number) for number in range(scale.practices)],
    }


def _parts(table: str, scale: Scale) -> Iterator[Part]:
    rows = scale.rows(table) or 0
    for number, first in enumerate(range(0, max(rows, 1), PART_ROWS), start=1):
        yield Part(table, number, first, min(first + PART_ROWS, rows))


def _tin(scale: Scale, practice: int) -> str:
    return f"9{_scattered(scale, practice)}"


def _npi(scale: Scale, clinician: int) -> str:
    return with_check_digit(f"1{_scattered(scale, clinician)}")


def _scattered(scale: Scale, number: int) -> str:
    """Eight digits, different for every number below 100 million."""
    return f"{(number * 61_803_397 + scale.seed) % 10**8:08}"
