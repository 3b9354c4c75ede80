"""Which practices of an import keep a resource, of which patient, under which address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wellpost.adapters.fhir import FhirFacts
from wellpost.adapters.fhir.compartment import encounters_named, patients_named
from wellpost.adapters.fhir.datatypes import Reference
from wellpost.adapters.fhir.directory import Directory, Key
from wellpost.adapters.fhir.elements import Json, contained_in, reference
from wellpost.adapters.fhir.people import Unattributable
from wellpost.adapters.fhir.records import HELD_IN
from wellpost.server.people.fhir_ids import id_of
from wellpost.server.people.models import Patient, Practice
from wellpost.server.records.models import Encounter

from .batch import FHIR, PatientKey
from .writing import Writing


class NotKept(Exception):  # noqa: N818  (no error to a caller: a reason, always caught here)
    """Why a resource goes to no practice; `why` is a key of `record_account.WHY`."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass
class Homes:
    """The practices of one import, their patients and visits, and the folder's directory."""

    facts: FhirFacts
    writing: Writing
    directory: Directory
    tins_of: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    tin_of_visit: dict[str, str] = field(default_factory=dict)
    visits: dict[tuple[UUID, str], UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in self.writing.patients:
            self.tins_of[key.patient_id].append(key.tin)
        self.tin_of_visit = {each.encounter_id: each.tin for each in self.facts.visits}
        held = Encounter.objects.filter(source_system=FHIR).only("practice_id", "source_id")
        for each in self.writing.of_these_practices(held):
            self.visits[each.practice_id, each.source_id] = each.pk

    def patient_id(self, resource: Json) -> str:
        """The standing FHIR id of the one patient whose the resource is, or NotKept."""
        if resource["resourceType"] == "Patient":
            return self._standing(str(resource["id"]))
        contained = contained_in(resource)
        named = {self._named(one, contained) for one in patients_named(resource)}
        if len(named) != 1:
            raise NotKept("several_patients" if named else "no_patient")
        return named.pop()

    def _standing(self, patient_id: str) -> str:
        if self.facts.people.standing(patient_id) != patient_id:
            raise NotKept("replaced")
        return patient_id

    def _named(self, written: Json, contained: Json) -> str:
        try:
            return self.facts.people.patient(reference(written, contained))
        except Unattributable:
            raise NotKept("unknown_patient") from None

    def tins(self, resource: Json, patient_id: str) -> list[str]:
        """The practice of its visit; of one that is at no visit, every practice of the patient."""
        visits = self.visits_of(resource)
        told = {self.tin_of_visit[each] for each in visits if each in self.tin_of_visit}
        found = [tin for tin in self.tins_of[patient_id] if not told or tin in told]
        if not found:
            raise NotKept("other_practice")
        return found

    def visits_of(self, resource: Json) -> list[str]:
        """The FHIR ids of the visits it belongs to."""
        if resource["resourceType"] == "Encounter":
            return [str(resource["id"])]
        named = (reference(one) for one in encounters_named(resource))
        return [one.id for one in named if one.id and one.type in ("", "Encounter")]

    def visit_row(self, practice: Practice, resource: Json) -> UUID | None:
        """The practice's own row of the visit."""
        rows = (self.visits.get((practice.pk, each)) for each in self.visits_of(resource))
        return next((row for row in rows if row), None)

    def patient(self, tin: str, patient_id: str) -> Patient:
        """The patient's record at a practice."""
        return self.writing.patients[PatientKey(tin, patient_id)].surviving

    def key_of(self, meant: Reference) -> Key | None:
        """The resource of the folder that a reference means, as far as it can be told."""
        index = self.facts.people.index
        kind = index.kind_of(meant)
        if not kind:
            return None
        if meant.id:
            return Key(kind, meant.id)
        if kind in HELD_IN:
            found = index.find(meant, kind).id
            return Key(kind, found) if found else None
        found = self.directory.identified(meant)
        return Key(kind, found) if found else None

    def id_at(self, practice: Practice, key: Key) -> UUID:
        """The identifier that a resource of the folder has at a practice."""
        if key.kind == "Patient":
            held = self._patient_at(practice, key.id)
            if held is not None:
                return held.pk
        return id_of(practice.pk, key.kind, FHIR, key.id)

    def _patient_at(self, practice: Practice, patient_id: str) -> Patient | None:
        if patient_id not in self.facts.people.records.patients:
            return None
        standing = self.facts.people.standing(patient_id)
        held = self.writing.patients.get(PatientKey(practice.tin, standing))
        return held.surviving if held else None

    def practices(self, tins: Iterable[str]) -> list[Practice]:
        """The rows of some practices."""
        return [self.writing.practices[tin] for tin in tins]


@dataclass(frozen=True)
class Addresses:
    """References as one practice writes them; `met` gathers what was referred to there."""

    homes: Homes
    practice: Practice
    met: set[Key]

    def __call__(self, written: dict[str, Any] | Json) -> str:
        """`Type/id` as it is here; nothing where the folder does not tell what is meant."""
        key = self.homes.key_of(reference(written))
        if key is None:
            return ""
        self.met.add(key)
        return f"{key.kind}/{self.homes.id_at(self.practice, key)}"
