"""The people, places and substances that records refer to: by identifier, and by each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from wellpost.adapters.fhir.compartment import DIRECTORY
from wellpost.adapters.fhir.datatypes import Reference
from wellpost.adapters.fhir.elements import Json, identifiers_of, reference, text_of


class Key(NamedTuple):
    """A resource of a folder: its FHIR type and id."""

    kind: str
    id: str


@dataclass
class Directory:
    """What one pass over a folder finds of these kinds; `came` counts resources of every kind."""

    came: Counter[str] = field(default_factory=Counter)
    refers: dict[Key, tuple[Reference, ...]] = field(default_factory=dict)
    _by_identifier: defaultdict[tuple[str, str, str], set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )

    def take(self, resource: Json) -> None:
        """Note one resource."""
        kind = text_of(resource, "resourceType")
        self.came[kind] += 1
        if kind not in DIRECTORY:
            return
        key = Key(kind, text_of(resource, "id"))
        self.refers[key] = tuple(reference(one) for one in _references(resource))
        for one in identifiers_of(resource):
            self._by_identifier[kind, one.system, one.value].add(key.id)

    def identified(self, meant: Reference) -> str:
        """The id of the one that bears the identifier; nothing where none or several do."""
        found = self._by_identifier.get((meant.type, meant.system, meant.value), set())
        return next(iter(found)) if len(found) == 1 else ""

    def closure(self, keys: Iterable[Key], find: Any) -> set[Key]:
        """The keys and all that they refer to, through each other; `find` gives a reference's."""
        found: set[Key] = set()
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            if key not in found and key in self.refers:
                found.add(key)
                waiting.extend(filter(None, map(find, self.refers[key])))
        return found


def _references(value: object) -> Iterator[Json]:
    if isinstance(value, list):
        for each in value:
            yield from _references(each)
    elif isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value
        for each in value.values():
            yield from _references(each)
