"""Reads a folder of FHIR R4 NDJSON into `Records`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias

import orjson

from wellpost.adapters.fhir.elements import Json
from wellpost.adapters.fhir.lines import (
    BrokenLineError,
    Progress,
    files_of,
    lines,
    other_files,
    resource_on,
)
from wellpost.adapters.fhir.mapping import patient_had_a_hand
from wellpost.adapters.fhir.parsing import parse
from wellpost.adapters.fhir.records import HELD_IN, LeftOut, Observation, Place, Records, Resource
from wellpost.errors import DataRefusedError

OnBrokenLine: TypeAlias = Literal["refuse_all", "keep_rest"]
_FAULTS_SAID = 20


def read(
    folder: str | Path,
    *,
    on_broken_line: OnBrokenLine = "refuse_all",
    progress: Progress | None = None,
) -> Records:
    """Read every NDJSON file of the folder.

    DataRefusedError: the folder is missing or empty, a gzip breaks off, or, with `refuse_all`, a
    line is no resource (the first twenty are said). With `keep_rest` such lines are in `left_out`.
    """
    where = Path(folder)
    records = Records(where.name)
    for path in files_of(where):
        _read_file(path, records, progress)
    records.ignored_files.extend(other_files(where))
    if on_broken_line == "refuse_all":
        _refuse_broken(records)
    return records


def _read_file(path: Path, records: Records, progress: Progress | None) -> None:
    for place, line in lines(path, progress):
        if place.line == 1 and _is_of_no_use(line, path):
            records.ignored_files.append(path.name)
            return
        try:
            _take(resource_on(line, place), place, records)
        except BrokenLineError as fault:
            records.came["(broken line)"] = records.came.get("(broken line)", 0) + 1
            says = str(fault)
            records.left_out.append(LeftOut("(broken line)", "broken_line", place, says))


def _is_of_no_use(line: bytes, path: Path) -> bool:
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
    return kind not in HELD_IN and path.name.startswith(f"{kind}.")


def _take(resource: Json, place: Place, records: Records) -> None:
    kind = resource["resourceType"]
    records.came[kind] = records.came.get(kind, 0) + 1
    record = parse(resource, place)
    if record is None:
        _tally(records, kind, "type_not_taken")
    elif isinstance(record, Observation) and not patient_had_a_hand(record):
        _tally(records, kind, "recorded_by_the_clinic")
    else:
        _keep(record, kind, records)


def _tally(records: Records, kind: str, reason: str) -> None:
    records.tallied[kind, reason] = records.tallied.get((kind, reason), 0) + 1


def _keep(record: Resource, kind: str, records: Records) -> None:
    """Hold the record; of two with one id the later line stands, the earlier is left out."""
    held = _held(records, kind)
    earlier = held.get(record.id)
    if earlier is not None:
        records.left_out.append(LeftOut(kind, "repeated", earlier.place))
    held[record.id] = record


def _held(records: Records, kind: str) -> dict[str, Resource]:
    held: dict[str, Resource] = getattr(records, HELD_IN[kind])
    return held


def _refuse_broken(records: Records) -> None:
    faults = [one.says for one in records.left_out if one.reason == "broken_line"]
    if not faults:
        return
    more = len(faults) - _FAULTS_SAID
    rest = [f"and {more:,} more broken lines"] if more > 0 else []
    raise DataRefusedError(*faults[:_FAULTS_SAID], *rest)


def counts_of(records: Records) -> Mapping[str, int]:
    """How many records of each FHIR type are held."""
    return {kind: len(records.of_type(kind)) for kind in HELD_IN}
