"""One pass over the export: each type read once, and what is taken of it written to Parquet."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from wellpost.adapters.fhir.bulk.database import Database, statement
from wellpost.adapters.fhir.bulk.files import VIEWS, File, looked_at, lots
from wellpost.adapters.fhir.bulk.places import Wanted
from wellpost.adapters.fhir.bulk.walk import Walk
from wellpost.adapters.fhir.lines import LONGEST_LINE, Progress, lines, other_files
from wellpost.adapters.fhir.records import Records
from wellpost.errors import DataRefusedError
from wellpost.facts.complaints import disk_is_full

LINES = (1_048_576, 16_777_216, LONGEST_LINE)
"""Bytes of the longest line that is read at once, first tried first.

Two threads share a small file evenly where little is read at a time; a longer line takes memory.
"""

WALKED_WHOLE = "Communication"
"""One may contain others, and is handed on by the walk then: so are all that stand beside it."""

REASONS_IN_BULK = {
    "Observation": "recorded_by_the_clinic",
    "DocumentReference": "recorded_by_the_clinic",
    "AuditEvent": "done_by_the_clinic",
}
"""Types of which only the patient's side is taken, and why the rest is left."""

OF_A_PATIENT = frozenset({"Encounter", "Communication", "Observation", "DocumentReference"})
"""Types with a subject: two of one id must be of one patient, which is told when all are known."""

_COLUMNS: dict[str, Mapping[str, str]] = {}
"""By type, what its statement says of its columns: it says the same each time."""


@dataclass
class Staged:
    """What was read: `files` in their order, `records` with the directory and what was left out.

    `wanted` are of those left out here the first, of which the line is still to be found.
    """

    database: Database
    folder: Path
    files: list[File]
    records: Records
    progress: Progress | None = None
    parts: dict[str, list[Path]] = field(default_factory=dict)
    wanted: list[Wanted] = field(default_factory=list)

    def forget(self) -> None:
        """Remove what was staged: the facts are made of it, and the judged rows stay."""
        for part in (one for parts in self.parts.values() for one in parts):
            part.unlink()
        shutil.rmtree(self.folder / "walked")


def stage(database: Database, export: Path, progress: Progress | None) -> Staged:
    """Read a folder. Broken lines are in `records.left_out`; nothing is refused for them here.

    DataRefusedError: no such folder, nothing in it, a gzip that breaks off, a line too long.
    """
    files = list(looked_at(export))
    staged = Staged(database, database.folder, files, Records(export.name), progress)
    staged.records.ignored_files.extend(other_files(export))
    staged.records.ignored_files.extend(one.name for one in files if one.of_no_use)
    read = [one for one in files if not one.of_no_use]
    _read(staged, read)
    walk = Walk(_made(database.folder / "walked"), staged.records, progress)
    odd = _odd(staged)
    _read_without(staged, read, odd)
    for one in read:
        if str(one.path) in odd and one.kind == WALKED_WHOLE:
            walk.walk(replace(one, kind=""))
        elif not one.kind or str(one.path) in odd:
            walk.walk(one)
    _read(staged, walk.done())
    database.run(statement("steps/comes_again"))
    for kind, view in VIEWS.items():
        _see(staged, kind, view)
    return staged


def _read_without(staged: Staged, files: Sequence[File], odd: Collection[str]) -> None:
    """What is walked whole is not read here: its lines say which of two in a file is the last."""
    of_kind = [one for one in files if one.kind == WALKED_WHOLE]
    others = [one for one in of_kind if str(one.path) not in odd]
    if len(others) < len(of_kind):
        for part in staged.parts.pop(WALKED_WHOLE):
            part.unlink()
        _read(staged, others)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _read(staged: Staged, files: Sequence[File]) -> None:
    for kind in VIEWS:
        for packing, paths in lots(files, kind):
            part = staged.folder / f"{kind}.{len(staged.parts.get(kind, []))}.parquet"
            _read_lot(staged, kind, packing, paths, part)
            staged.parts.setdefault(kind, []).append(part)
            if staged.progress:
                size = sum(path.stat().st_size for path in paths)
                staged.progress(kind, size, size)


def _read_lot(staged: Staged, kind: str, packing: str, paths: Sequence[Path], part: Path) -> None:
    """What is as it should be is read at once; else once more, more slowly or with more memory."""
    longer, lenient = iter(LINES), False
    longest = next(longer)
    with _faults_said(paths):
        while True:
            try:
                staged.database.write(
                    statement(f"read/{kind}"),
                    part,
                    files=[str(path) for path in paths],
                    packing=packing,
                    longest=longest,
                    lenient=lenient,
                )
            except (duckdb.InvalidInputException, duckdb.ConversionException) as fault:
                if longest < LONGEST_LINE and "maximum_object_size" in str(fault):
                    longest = next(longer)
                elif lenient:
                    raise
                else:
                    lenient = True
            else:
                return


@contextmanager
def _faults_said(paths: Iterable[Path]) -> Iterator[None]:
    """A fault of DuckDB as the plain reading says it: by file, line and what would be right."""
    try:
        yield
    except (duckdb.IOException, duckdb.InvalidInputException) as fault:
        if disk_is_full(fault):
            raise
        for path in paths:
            for _ in lines(path):
                pass
        raise DataRefusedError(str(fault)) from fault


def _odd(staged: Staged) -> set[str]:
    """The files in which a line is no resource of the type that the file begins with."""
    return {
        path
        for parts in staged.parts.values()
        for (path,) in staged.database.run(
            statement("types/odd"), parts=[str(one) for one in parts]
        )
    }


def _see(staged: Staged, kind: str, view: str) -> None:
    """A view of what is held of a type: of one that comes twice, the last one."""
    if parts := staged.parts.get(kind):
        staged.database.view(f"{view}_read", parts, filename="part", file_row_number=True)
        _take_and_count(staged, kind, view)
    else:
        staged.database.fill(f"{view}_held", _columns_of(kind, staged.database), ())
    staged.database.run(statement("types/seen", view))


def _take_and_count(staged: Staged, kind: str, view: str) -> None:
    database, ending = staged.database, "_from_the_patient" if kind in REASONS_IN_BULK else ""
    database.run(statement(f"types/came{ending}", view))
    _hold(staged, kind, view)
    [(came, clinics)] = database.run(statement(f"types/counted{ending}", view))
    if came:
        staged.records.came[kind] = came
    if clinics:
        staged.records.tallied[kind, REASONS_IN_BULK[kind]] = clinics


def _columns_of(kind: str, database: Database) -> Mapping[str, str]:
    """The columns that are read of a type, with what each holds; for one that did not come."""
    if kind not in _COLUMNS:
        empty = database.folder / "empty.ndjson"
        empty.touch()
        found = database.described(
            statement(f"read/{kind}"),
            files=[str(empty)],
            packing="none",
            longest=LINES[0],
            lenient=True,
        )
        _COLUMNS[kind] = {**found, "part": "VARCHAR", "file_row_number": "BIGINT"}
    return _COLUMNS[kind]


def _hold(staged: Staged, kind: str, view: str) -> None:
    """Only where an id may come twice is more asked."""
    database = staged.database
    database.run(statement("types/twice", view))
    [(twice,)] = database.run(statement("types/many", f"{view}_twice"))
    if not twice:
        database.run(statement("types/all_held", view))
        return
    numbered = ((str(one.path), number) for number, one in enumerate(staged.files))
    database.fill("file_number", {"file": "VARCHAR", "number": "BIGINT"}, numbered)
    database.run(statement("types/repeated", view))
    database.run(statement("types/held", view))
    if kind in OF_A_PATIENT:
        database.run(statement("types/comes_again", view), kind=kind)
        return
    for reason, many, firsts in database.run(statement("types/told_repeated", view)):
        staged.records.tallied[kind, reason] = many
        staged.wanted.extend(Wanted(kind, reason, one["file"], one["id"]) for one in firsts)
