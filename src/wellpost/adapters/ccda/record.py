"""What a document is made from: the resources of one patient, and who keeps and gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from wellpost.adapters.fhir.elements import Json, as_object, contained_in, text_of


@dataclass(frozen=True)
class Keeper:
    """The practice that keeps the record."""

    name: str
    id: str
    phone: str = ""


@dataclass(frozen=True)
class Given:
    """When the document is made, and for which days; an end that is None is open."""

    at: datetime
    start: date | None = None
    end: date | None = None


@dataclass
class Record:
    """The resources of a patient by kind, and those that they refer to."""

    patient: Json
    keeper: Keeper
    given: Given
    by_kind: dict[str, list[Json]] = field(default_factory=dict)
    _found: dict[str, Json] = field(default_factory=dict)

    @classmethod
    def of(cls, resources: Iterable[Json], keeper: Keeper, given: Given) -> Record:
        """Sort the resources; the first Patient among them is the one it is about."""
        made = cls({}, keeper, given)
        for each in resources:
            kind = text_of(each, "resourceType")
            made._found[f"{kind}/{text_of(each, 'id')}"] = each
            made.by_kind.setdefault(kind, []).append(each)
        made.patient = next(iter(made.by_kind.get("Patient", ())), {})
        return made

    def all(self, *kinds: str) -> Iterator[Json]:
        """Every resource of these kinds, as they were given."""
        for kind in kinds:
            yield from self.by_kind.get(kind, ())

    def find(self, address: str) -> Json | None:
        """The resource that a reference (`Practitioner/1`) names, if it is here."""
        return self._found.get(address)

    def referred(self, reference: object, within: Json | None = None) -> Json:
        """What a Reference names: a resource here or contained; else only its display."""
        held = as_object(reference)
        address = text_of(held, "reference")
        if address.startswith("#"):
            inside: Mapping[str, object] = contained_in(within or {})
            return as_object(inside.get(address[1:]))
        return self.find(address) or {"display": text_of(held, "display")}
