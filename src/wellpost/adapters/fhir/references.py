"""Finds the record that a reference means, or says why it cannot be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from wellpost.adapters.fhir.datatypes import Identifier, Reference
from wellpost.adapters.fhir.records import HELD_IN, Records
from wellpost.adapters.fhir.resources import Practitioner


@dataclass(frozen=True, slots=True)
class Found:
    """The id of the one record meant; or none, and whether it is unknown or ambiguous."""

    id: str = ""
    problem: Literal["", "unknown", "ambiguous"] = ""
    candidates: tuple[str, ...] = ()


UNKNOWN = Found(problem="unknown")


class Index:
    """Every record of a folder by id and by business identifier.

    `held_elsewhere` are the types of those that `records` does not hold, by id.
    """

    def __init__(self, records: Records, held_elsewhere: Mapping[str, str] | None = None) -> None:
        self._records = records
        self._held_elsewhere = {} if held_elsewhere is None else held_elsewhere
        self._by_identifier = {kind: _by_identifier(records, kind) for kind in HELD_IN}

    def find(self, reference: Reference, kind: str) -> Found:
        """The record of `kind` that is meant: by id, else by identifier and then by name."""
        if reference.id:
            held = reference.id in self._records.of_type(kind)
            right_kind = reference.type in ("", kind)
            return Found(reference.id) if held and right_kind else UNKNOWN
        if not reference.value or reference.type not in ("", kind):
            return UNKNOWN
        return self._decide(self._candidates(reference, kind), kind, reference.display)

    def kind_of(self, reference: Reference) -> str:
        """The FHIR type of what is meant; urn:uuid says none, so whoever has the id does."""
        if reference.type or not reference.id:
            return reference.type
        elsewhere = self._held_elsewhere.get(reference.id)
        holders = (
            kind
            for kind in HELD_IN
            if kind == elsewhere or reference.id in self._records.of_type(kind)
        )
        return next(holders, "")

    def _candidates(self, reference: Reference, kind: str) -> tuple[str, ...]:
        known = self._by_identifier[kind]
        if reference.system:
            return tuple(known.get((reference.system, reference.value), ()))
        return tuple(known.get(("", reference.value), ()))

    def _decide(self, candidates: tuple[str, ...], kind: str, display: str) -> Found:
        if len(candidates) == 1:
            return Found(candidates[0])
        if not candidates:
            return UNKNOWN
        named = [
            one for one in candidates if kind == "Practitioner" and self._is_named(one, display)
        ]
        if len(named) == 1:
            return Found(named[0])
        return Found(problem="ambiguous", candidates=tuple(named) or candidates)

    def _is_named(self, practitioner_id: str, display: str) -> bool:
        practitioner = self._records.practitioners.get(practitioner_id)
        return practitioner is not None and names(practitioner) <= words(display) != set()


def words(text: str) -> set[str]:
    """The words of a name, in one case and without what separates them."""
    return {word.strip(".,").casefold() for word in text.split()} - {""}


def names(practitioner: Practitioner) -> set[str]:
    """The words that a mention of the practitioner must hold: family and first given name."""
    return words(practitioner.family) | set(practitioner.given.casefold().split()[:1])


def _by_identifier(records: Records, kind: str) -> dict[tuple[str, str], list[str]]:
    """Ids by (system, value), and by value alone under the empty system."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for record in records.of_type(kind).values():
        identifiers: Iterable[Identifier] = getattr(record, "identifiers", ())
        for one in dict.fromkeys(identifiers):
            found[one.system, one.value].append(record.id)
            if one.system:
                found["", one.value].append(record.id)
    return {key: sorted(set(ids)) for key, ids in found.items()}


def follow(start: str, next_of: Callable[[str], str | None]) -> str:
    """Go from id to id until there is no next one; a circle ends where it closes."""
    been = {start}
    here = start
    while (further := next_of(here)) and further not in been:
        been.add(further)
        here = further
    return here
