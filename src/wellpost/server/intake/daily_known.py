"""Who the practice knows already: clinicians by NPI and day, patients by any identifier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from wellpost.server.people.models import (
    Clinician,
    Membership,
    Patient,
    PatientIdentifier,
    Practice,
)

from .batch import CSV, PatientRow, VisitRow
from .daily_checks import Fault


@dataclass
class KnownPeople:
    """The practice's clinicians with their memberships, and its patients by identifier value."""

    clinicians: dict[str, Clinician]
    memberships: dict[str, list[Membership]]
    patients: dict[str, dict[str, Patient]]

    def faults(
        self, number: int, visit: VisitRow | None, patient: PatientRow | None
    ) -> Iterator[Fault]:
        """Why the line's clinician or patient cannot be told."""
        if visit is None:
            return
        held = self.memberships.get(visit.npi, [])
        if not any(each.active_on(visit.seen_on) for each in held):
            yield Fault(
                number, f"npi {visit.npi} is no clinician of this practice on {visit.seen_on}"
            )
        here = self._records(visit.patient_id)
        if len(here) > 1:
            yield Fault(number, "patient_id fits several patients here; use another identifier")
        if not here and patient is None:
            yield Fault(
                number,
                "patient_id is not known here; give given_name and family_name (and birth_on) "
                "to make the patient's record",
            )

    def row(self, patient_id: str, said: PatientRow | None) -> PatientRow:
        """The patient as a row: the record that is there, unchanged, or a new one as said."""
        by_system = self.patients.get(patient_id, {})
        if said is not None and not by_system:
            return said
        system = CSV if CSV in by_system else min(by_system)
        return PatientRow("", "", identifiers=((system, patient_id),))

    def _records(self, patient_id: str) -> set[Patient]:
        """The records, merged ones led to the one that stands, that carry this identifier."""
        by_system = self.patients.get(patient_id, {})
        if CSV in by_system:
            return {by_system[CSV]}
        return set(by_system.values())


def alike(practice: Practice, rows: Iterable[PatientRow]) -> int:
    """How many of the rows have the name and date of birth of a patient of the practice."""
    described = [_description(row) for row in rows if row.birth_on]
    days = {row[2] for row in described}
    held = practice.patients.filter(merged_into=None, birth_on__in=days) if days else ()
    there = {_description(each) for each in held}
    return sum(one in there for one in described)


def _description(one: PatientRow | Patient) -> tuple[str, str, date | None]:
    return one.given_name.casefold(), one.family_name.casefold(), one.birth_on


def known_people(practice: Practice) -> KnownPeople:
    """Everybody of the practice, read once for a whole file."""
    memberships = defaultdict(list)
    held = practice.memberships.filter(clinician__isnull=False).select_related("clinician")
    for each in held:
        if each.clinician:
            memberships[each.clinician.npi].append(each)
    clinicians = {npi: each[0].clinician for npi, each in memberships.items() if each[0].clinician}
    patients: defaultdict[str, dict[str, Patient]] = defaultdict(dict)
    named = PatientIdentifier.objects.filter(practice=practice)
    for one in named.select_related("patient__merged_into"):
        patients[one.value][one.system] = one.patient.surviving
    return KnownPeople(clinicians, dict(memberships), dict(patients))
