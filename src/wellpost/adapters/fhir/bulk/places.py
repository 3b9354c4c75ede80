"""The line on which a resource stands, where the file is small enough to be read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from wellpost.adapters.fhir.bulk.files import File
from wellpost.adapters.fhir.datatypes import Place
from wellpost.adapters.fhir.lines import BrokenLineError, lines, resource_on

MOST_BYTES = 16_000_000
"""Of a larger file only the name is said, and of many small ones the lines of the first."""


class Wanted(NamedTuple):
    """A resource that was left out, and the file it stands in."""

    kind: str
    reason: str
    file: str
    id: str


def places_of(
    wanted: Sequence[Wanted], files: Sequence[File]
) -> Mapping[tuple[str, str], tuple[Place, ...]]:
    """By type and reason, where those stand."""
    named = {str(one.path): one for one in files}
    by_file: defaultdict[str, list[Wanted]] = defaultdict(list)
    for one in wanted:
        by_file[one.file].append(one)
    found: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
    left = MOST_BYTES
    for path, ones in sorted(by_file.items()):
        size = named[path].path.stat().st_size
        look = size <= left
        left -= size if look else 0
        for one, place in _looked_for(named[path], ones) if look else _unsaid(named[path], ones):
            found[one.kind, one.reason].append(place)
    return {key: tuple(sorted(places)) for key, places in found.items()}


def _unsaid(file: File, ones: Iterable[Wanted]) -> Iterator[tuple[Wanted, Place]]:
    for one in ones:
        yield one, Place(file.name, 0)


def _looked_for(file: File, ones: Iterable[Wanted]) -> Iterator[tuple[Wanted, Place]]:
    """Of one id that is wanted more than once the earliest wanted stands first."""
    missing: defaultdict[tuple[str, str], list[Wanted]] = defaultdict(list)
    for one in ones:
        missing[one.kind, one.id].append(one)
    for place, line in lines(file.path, name=file.name):
        try:
            resource = resource_on(line, place)
        except BrokenLineError:
            continue
        if waiting := missing.get((key := (resource["resourceType"], resource["id"])), None):
            yield waiting.pop(0), place
            if not waiting:
                del missing[key]
        if not missing:
            return
