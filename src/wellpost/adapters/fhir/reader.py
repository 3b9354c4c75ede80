"""Reads a folder of FHIR R4 NDJSON into `Records`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import orjson

from wellpost.adapters.fhir.datatypes import Place, Reference
from wellpost.adapters.fhir.elements import Json
from wellpost.adapters.fhir.lines import (
    BrokenLineError,
    Progress,
    files_of,
    lines,
    other_files,
    resource_on,
    shown,
)
from wellpost.adapters.fhir.mapping import patient_acted, patient_had_a_hand
from wellpost.adapters.fhir.parsing import parse
from wellpost.adapters.fhir.records import HELD_IN, LeftOut, Records, Repeated
from wellpost.adapters.fhir.resources import Document, Event, Observation, Resource
from wellpost.errors import DataRefusedError

OnBrokenLine: TypeAlias = Literal["refuse_all", "keep_rest"]
BROKEN = "(broken line)"
"""What stands for a type where the line is no resource."""
_FAULTS_SAID = 20


def read(
    folder: str | Path,
    *,
    on_broken_line: OnBrokenLine = "refuse_all",
    progress: Progress | None = None,
    without: Collection[str] = (),
) -> Records:
    """Read every NDJSON file of the folder and of the folders in it.

    Types in `without` are counted as of no use, as those are that no measure counts.
    DataRefusedError: the folder is missing or empty, a gzip breaks off, or, with `refuse_all`, a
    line is no resource (the first twenty are said). With `keep_rest` such lines are in `left_out`.
    """
    where = Path(folder)
    records = Records(where.name)
    reading = _Reading(where, records, frozenset(HELD_IN) - frozenset(without), progress)
    for path in files_of(where):
        reading.read(path)
    records.ignored_files.extend(other_files(where))
    if on_broken_line == "refuse_all":
        refuse_broken(records)
    return records


@dataclass(frozen=True)
class _Reading:
    """One reading of a folder into `records`, of the types in `taken`."""

    folder: Path
    records: Records
    taken: frozenset[str]
    progress: Progress | None

    def read(self, path: Path) -> None:
        name = shown(path, self.folder)
        for number, (place, line) in enumerate(lines(path, self.progress, name)):
            if number == 0 and is_of_no_use(line, path, self.taken):
                self.records.ignored_files.append(name)
                return
            try:
                take(resource_on(line, place), place, self.records, self.taken)
            except BrokenLineError as fault:
                note_broken(self.records, fault)


def note_broken(records: Records, fault: BrokenLineError) -> None:
    """Account for a line that is no resource."""
    records.came[BROKEN] = records.came.get(BROKEN, 0) + 1
    records.left_out.append(LeftOut(BROKEN, "broken_line", fault.place, str(fault)))


def is_of_no_use(line: bytes, path: Path, taken: Collection[str] = HELD_IN) -> bool:
    """Whether a file is the exporter's own log, or by name and first line of a type not taken."""
    try:
        first: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    if not isinstance(first, dict):
        return False
    kind = first.get("resourceType")
    if kind is None:
        return "exportId" in first and "eventId" in first
    return kind not in taken and path.name.startswith(f"{kind}.")


def take(resource: Json, place: Place, records: Records, taken: Collection[str] = HELD_IN) -> None:
    """Account for one resource, and hold what Wellpost takes of it."""
    kind = resource["resourceType"]
    records.came[kind] = records.came.get(kind, 0) + 1
    record = parse(resource, place) if kind in taken else None
    if record is None:
        _tally(records, kind, "type_not_taken")
    elif isinstance(record, Observation | Document) and not patient_had_a_hand(record):
        _tally(records, kind, "recorded_by_the_clinic")
    elif isinstance(record, Event) and not patient_acted(record):
        _tally(records, kind, "done_by_the_clinic")
    else:
        _keep(record, kind, records)


def _tally(records: Records, kind: str, reason: str) -> None:
    records.tallied[kind, reason] = records.tallied.get((kind, reason), 0) + 1


def _keep(record: Resource, kind: str, records: Records) -> None:
    """Hold the record; of two with one id the later line stands, the earlier is left out."""
    held = _held(records, kind)
    if (earlier := held.get(record.id)) is not None:
        again = Repeated(kind, earlier.place, _subject(earlier), _subject(record))
        records.repeated.append(again)
    held[record.id] = record


def _subject(record: Resource) -> Reference:
    found: Reference = getattr(record, "subject", Reference())
    return found


def _held(records: Records, kind: str) -> dict[str, Resource]:
    held: dict[str, Resource] = getattr(records, HELD_IN[kind])
    return held


def refuse_broken(records: Records) -> None:
    """DataRefusedError with the first twenty lines that are no resource, when there are any."""
    faults = [one.says for one in records.left_out if one.reason == "broken_line"]
    if not faults:
        return
    more = len(faults) - _FAULTS_SAID
    rest = [f"and {more:,} more broken lines"] if more > 0 else []
    raise DataRefusedError(*faults[:_FAULTS_SAID], *rest)


def counts_of(records: Records) -> Mapping[str, int]:
    """How many records of each FHIR type are held."""
    return {kind: len(records.of_type(kind)) for kind in HELD_IN}
