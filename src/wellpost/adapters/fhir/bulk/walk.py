"""Files that hold several types, Bundles, the directory, or broken lines: walked line by line.

What DuckDB reads is handed on, a file for each type, with the place it came from; the rest is taken
here.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import orjson

from wellpost.adapters.fhir.bulk.files import VIEWS, File
from wellpost.adapters.fhir.elements import Json, as_object, contained_in, reference, text_of
from wellpost.adapters.fhir.lines import BrokenLineError, Progress, lines, resource_on
from wellpost.adapters.fhir.reader import is_of_no_use, note_broken, take
from wellpost.adapters.fhir.records import Records

_LEADING_INSIDE = ("subject", "sender", "recipient", "partOf", "inResponseTo")


def without_contained(resource: Json) -> Json:
    """The same without what it contains: a reference into it by that one's identifier instead."""
    inside = contained_in(resource)
    elements = {name: _outside(resource.get(name), inside) for name in _LEADING_INSIDE}
    return {**resource, **elements, "contained": None}


def _outside(value: object, inside: Json) -> object:
    if isinstance(value, list):
        return [_outside(each, inside) for each in value]
    if not text_of(as_object(value), "reference").startswith("#"):
        return value
    meant = reference(value, inside)
    identifier = {"system": meant.system, "value": meant.value}
    return {"type": meant.type, "display": meant.display, "identifier": identifier}


@dataclass
class Walk:
    """Walks files into `records`, and what DuckDB is to read into files of `folder`."""

    folder: Path
    records: Records
    progress: Progress | None = None
    _open: dict[str, IO[bytes]] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def walk(self, file: File) -> None:
        """Take every line but those that DuckDB has read as what the file begins with."""
        for number, (place, line) in enumerate(lines(file.path, self.progress, file.name)):
            if number == 0 and is_of_no_use(line, file.path):
                self.records.ignored_files.append(file.name)
                return
            try:
                resource = resource_on(line, place)
            except BrokenLineError as fault:
                note_broken(self.records, fault)
                continue
            kind = resource["resourceType"]
            if kind not in VIEWS:
                take(resource, place, self.records)
            elif kind == "Communication" and isinstance(resource.get("contained"), list):
                self._hand_on(kind, file, orjson.dumps(without_contained(resource)))
            elif kind != file.kind:
                self._hand_on(kind, file, line)

    def _hand_on(self, kind: str, file: File, line: bytes) -> None:
        """The line with its file written into it: it is an object, so it begins with a brace."""
        whole = line.strip()
        place = orjson.dumps({"wellpost_file": str(file.path)})[:-1]
        self._file(kind).write(place + b"," + whole[1:] + b"\n")

    def _file(self, kind: str) -> IO[bytes]:
        if kind not in self._open:
            file = (self.folder / f"{kind}.ndjson").open("wb")
            self._open[kind] = self._stack.enter_context(file)
        return self._open[kind]

    def done(self) -> list[File]:
        """What was handed on, each type a file."""
        self._stack.close()
        return [File(self.folder / f"{kind}.ndjson", kind, kind) for kind in sorted(self._open)]
