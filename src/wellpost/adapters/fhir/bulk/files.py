"""What each file of an export holds, told by its first line; and those that must be walked."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import orjson

from wellpost.adapters.fhir.lines import BYTE_ORDER_MARK, LONGEST_LINE, files_of, shown
from wellpost.adapters.fhir.reader import is_of_no_use

DIRECTORY = ("Practitioner", "Organization", "PractitionerRole")
"""Types that are read whole, by the plain reading: everything else refers to them."""

VIEWS: Mapping[str, str] = {
    "Patient": "patient",
    "RelatedPerson": "related_person",
    "Device": "device",
    "Encounter": "encounter",
    "Communication": "communication",
    "Observation": "observation",
    "DocumentReference": "document",
    "Provenance": "provenance",
    "Appointment": "appointment",
    "AuditEvent": "event",
}
"""Types that DuckDB reads, and what statements call them."""

LOT_BYTES = 128_000_000
"""About how much is read by one statement: what it holds is let go after it."""
MANY = 1_000
SMALL_BYTES = 16_384
"""Of more files than that, those of this size are walked: DuckDB takes milliseconds for each, and
the longer and the more memory the more there are.
"""
_GZIP_MAGIC = b"\x1f\x8b"
_FIRST_BYTES = 65_536


@dataclass(frozen=True)
class File:
    """One file: `kind` is the type it begins with; empty where walking it will tell.

    `of_no_use` files are not read at all.
    """

    path: Path
    name: str
    kind: str = ""
    packed: bool = False
    of_no_use: bool = False


def looked_at(folder: Path) -> Iterator[File]:
    """Every file of the export. DataRefusedError when there is none."""
    paths = list(files_of(folder))
    for path in paths:
        name = shown(path, folder)
        small = len(paths) > MANY and path.stat().st_size <= SMALL_BYTES
        yield File(path, name) if small else _look(path, name)


def _look(path: Path, name: str) -> File:
    if ".ndjson" not in path.name.lower():
        return File(path, name)
    try:
        line, packed = _first_line(path)
    except (EOFError, OSError, zlib.error):
        return File(path, name)  # walking it says what is wrong
    if line is None:
        return File(path, name, of_no_use=False)
    if is_of_no_use(line, path):
        return File(path, name, packed=packed, of_no_use=True)
    return File(path, name, _kind(line), packed)


def _first_line(path: Path) -> tuple[bytes | None, bool]:
    """The first line with something on it, and whether the file is packed."""
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP_MAGIC
        raw.seek(0)
        stream: IO[bytes] | gzip.GzipFile = gzip.GzipFile(fileobj=raw) if packed else raw
        while line := stream.readline(_FIRST_BYTES):
            if line.strip():
                whole = line if line.endswith(b"\n") else line + stream.readline(LONGEST_LINE)
                return whole, packed
    return None, packed


def _kind(line: bytes) -> str:
    """The type of a line that DuckDB reads; empty when it is another one, or none."""
    if line.startswith(BYTE_ORDER_MARK):
        return ""
    try:
        kind = orjson.loads(line)["resourceType"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""
    return kind if kind in VIEWS else ""


def lots(files: Iterable[File], kind: str) -> Iterator[tuple[str, list[Path]]]:
    """The files of a type as DuckDB takes them: some at a time, packed ones apart."""
    of_kind = [one for one in files if one.kind == kind]
    for packed, packing in ((False, "none"), (True, "gzip")):
        for paths in _some([one.path for one in of_kind if one.packed is packed]):
            yield packing, paths


def _some(paths: Iterable[Path]) -> Iterator[list[Path]]:
    """Parts of a list, each of one file or of no more than a lot has."""
    taken: list[Path] = []
    held = 0
    for path in paths:
        size = path.stat().st_size
        if taken and (held + size > LOT_BYTES or len(taken) == MANY):
            yield taken
            taken, held = [], 0
        taken.append(path)
        held += size
    if taken:
        yield taken
