"""Who a reference means: the patient who counts, the clinician with NPI, the practice with TIN."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from wellpost.adapters.fhir.datatypes import Reference
from wellpost.adapters.fhir.mapping import NO_ONE_PATIENT, written_npi, written_tin
from wellpost.adapters.fhir.numbers import Numbers
from wellpost.adapters.fhir.records import Records
from wellpost.adapters.fhir.references import Found, Index, follow
from wellpost.adapters.fhir.resources import Role


class Unattributable(Exception):  # noqa: N818  (no error to a caller: a reason, always caught here)
    """Why something cannot be attributed; `reason` is a key of `mapping.REASONS`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class People:
    """Everybody of a folder, asked for by reference."""

    records: Records
    index: Index
    numbers: Numbers

    def patient(self, reference: Reference, of: str = "") -> str:
        """The id of the patient's standing record (where a merged one leads).

        `of` is the type of the resource that the reference is the subject of.
        """
        if reference.type in NO_ONE_PATIENT.get(of, ()):
            raise Unattributable("no_one_patient")
        if not reference.id and not reference.value:
            raise Unattributable("no_patient")
        return self.standing(self._one(reference, "Patient"))

    def subject(self, reference: Reference, of: str) -> str:
        """The same of a resource of a type that must have a subject."""
        allowed = reference.type in NO_ONE_PATIENT[of]
        if not (allowed or reference.id or reference.value):
            raise Unattributable("no_subject")
        return self.patient(reference, of)

    def standing(self, patient_id: str) -> str:
        """The record a merged one was replaced by, through as many merges as there were."""
        return follow(patient_id, self._survivor)

    def _survivor(self, patient_id: str) -> str | None:
        replaced_by = self.records.patients[patient_id].replaced_by
        return self.index.find(replaced_by, "Patient").id or None if replaced_by else None

    def practitioner(self, reference: Reference) -> str:
        """The id of the practitioner meant, directly or through a PractitionerRole."""
        role = self.role(reference)
        found = self.index.find(role.practitioner if role else reference, "Practitioner")
        return self._one_bearer(found) or self._said(found, "practitioner")

    def clinician(self, reference: Reference) -> str:
        """The id of a practitioner who has an NPI."""
        id_ = self.practitioner(reference)
        if id_ in self.numbers.npis:
            return id_
        has_one = written_npi(self.records.practitioners[id_])
        raise Unattributable("invalid_npi" if has_one else "practitioner_without_npi")

    def organization(self, reference: Reference) -> str:
        """The id of an organization that has a TIN, its own or from above."""
        id_ = self._one(reference, "Organization")
        if id_ in self.numbers.tins:
            return id_
        has_one = written_tin(self.records.organizations[id_])
        raise Unattributable("invalid_tin" if has_one else "organization_without_tin")

    def role(self, reference: Reference) -> Role | None:
        """The PractitionerRole meant, when that is what the reference means."""
        if self.index.kind_of(reference) != "PractitionerRole":
            return None
        return self.records.roles.get(self.index.find(reference, "PractitionerRole").id)

    def practice_of(self, practitioner_id: str) -> str:
        """The one organization a practitioner's roles name; none or several do not decide."""
        places = self._places[practitioner_id]
        if len({self.numbers.tins[place] for place in places}) != 1:
            raise Unattributable("no_organization")
        return min(places)

    @cached_property
    def _places(self) -> defaultdict[str, set[str]]:
        """By practitioner, the organizations with a TIN that roles put them in."""
        places: defaultdict[str, set[str]] = defaultdict(set)
        for role in self.records.roles.values():
            try:
                places[self.practitioner(role.practitioner)].add(
                    self.organization(role.organization)
                )
            except Unattributable:
                continue  # the role itself is reconciled in `roster`
        return places

    def _one(self, reference: Reference, kind: str) -> str:
        return self._said(self.index.find(reference, kind), kind.lower())

    def _one_bearer(self, found: Found) -> str:
        """Several records of one NPI are one clinician; the first of them stands for all."""
        npis = {self.numbers.npis.get(one) for one in found.candidates}
        return min(found.candidates) if len(npis) == 1 and None not in npis else ""

    @staticmethod
    def _said(found: Found, kind: str) -> str:
        if found.problem:
            raise Unattributable(f"{found.problem}_{kind}")
        return found.id
