"""The resources of an export, read as often as is asked, in memory that does not grow with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wellpost.adapters.fhir.datatypes import Place
from wellpost.adapters.fhir.directory import Directory
from wellpost.adapters.fhir.elements import Json
from wellpost.adapters.fhir.lines import (
    BrokenLineError,
    Progress,
    files_of,
    is_exporters_log,
    lines,
    resource_on,
)
from wellpost.errors import DataRefusedError

from .record_account import RecordAccount

Line = tuple[bytes, Json]
BROKEN = "(broken line)"
_FAULTS_SAID = 20


@dataclass
class Folder:
    """`repeated` counts, by mark, how often a resource comes once more.

    Of every resource eight bytes are held while looking for those, and nothing else.
    """

    path: Path
    account: RecordAccount
    directory: Directory = field(default_factory=Directory)
    repeated: dict[int, int] = field(default_factory=dict)

    def scan(self, *, keep_rest: bool) -> None:
        """Look at everything once: what came, what comes again, who is in the directory.

        DataRefusedError says the first twenty lines that hold no resource, unless `keep_rest`.
        """
        seen: set[int] = set()
        faults: list[str] = []
        for place, line in self._lines():
            try:
                self._look(resource_on(line, place), seen)
            except BrokenLineError as fault:
                faults.append(str(fault))
                self.account.leave_out(BROKEN, "broken_line")
        if faults and not keep_rest:
            more = len(faults) - _FAULTS_SAID
            rest = [f"and {more:,} more broken lines"] if more > 0 else []
            raise DataRefusedError(*faults[:_FAULTS_SAID], *rest)
        self.account.came.update(self.directory.came)
        self.account.came[BROKEN] += len(faults)

    def _look(self, resource: Json, seen: set[int]) -> None:
        self.directory.take(resource)
        mark = _mark(resource)
        if mark in seen:
            self.repeated[mark] = self.repeated.get(mark, 0) + 1
        seen.add(mark)

    def each(
        self, wanted: Callable[[str], bool], progress: Progress | None = None
    ) -> Iterator[Line]:
        """The resources of some kinds, with their lines; of those with one id the last."""
        further = dict(self.repeated)
        for place, line in self._lines(progress):
            try:
                resource = resource_on(line, place)
            except BrokenLineError:
                continue  # `scan` has counted it
            kind = resource["resourceType"]
            if not wanted(kind):
                continue
            mark = _mark(resource)
            if further.get(mark):
                further[mark] -= 1
                self.account.leave_out(kind, "repeated")
            else:
                yield line, resource

    def _lines(self, progress: Progress | None = None) -> Iterator[tuple[Place, bytes]]:
        for path in files_of(self.path):
            for place, line in lines(path, progress):
                if place.line == 1 and is_exporters_log(line):
                    break
                yield place, line


def _mark(resource: Json) -> int:
    return hash((resource["resourceType"], resource["id"]))
