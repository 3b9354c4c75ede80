"""An encounter to the patient, clinician and practice it counts for, or the reason it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wellpost.adapters.fhir.datatypes import Reference
from wellpost.adapters.fhir.elements import day_of
from wellpost.adapters.fhir.mapping import SEEN, Kind, kind_of, rank_of
from wellpost.adapters.fhir.people import People, Unattributable
from wellpost.adapters.fhir.resources import Encounter, Participant


@dataclass(frozen=True, slots=True)
class Visit:
    """An attributed encounter, by FHIR ids; npi and tin are those of the ids."""

    encounter_id: str
    patient_id: str
    practitioner_id: str
    organization_id: str
    npi: str
    tin: str
    seen_on: date
    kind: Kind


def attribute(encounter: Encounter, people: People) -> Visit:
    """The visit an encounter was; Unattributable gives the reason when it cannot be told."""
    if encounter.status not in SEEN:
        raise Unattributable("not_seen")
    patient_id = people.subject(encounter.subject, "Encounter")
    practitioner_id, organization_id = credited(encounter, people)
    seen_on = day_of(encounter.start)
    if seen_on is None:
        raise Unattributable("no_day")
    return Visit(
        encounter.id,
        patient_id,
        practitioner_id,
        organization_id,
        people.numbers.npis[practitioner_id],
        people.numbers.tins[organization_id],
        seen_on,
        kind_of(encounter),
    )


def credited(encounter: Encounter, people: People) -> tuple[str, str]:
    """The ids of the clinician and the practice; Unattributable when they cannot be told."""
    taken_part, practitioner_id = _clinician(encounter, people)
    return practitioner_id, _practice(encounter, taken_part, practitioner_id, people)


def _clinician(encounter: Encounter, people: People) -> tuple[Reference, str]:
    """The nearest participant who is a known clinician; else why the nearest one is not."""
    reasons = []
    for participant in sorted(encounter.participants, key=_rank):
        if people.index.kind_of(participant.individual) in ("RelatedPerson", "Patient"):
            continue
        try:
            return participant.individual, people.clinician(participant.individual)
        except Unattributable as reason:
            reasons.append(reason)
    raise reasons[0] if reasons else Unattributable("no_participant")


def _rank(participant: Participant) -> int:
    return rank_of(participant.roles)


def _practice(
    encounter: Encounter, taken_part: Reference, practitioner_id: str, people: People
) -> str:
    """The service provider; else the role the clinician took part in; else their only practice."""
    if encounter.service_provider != Reference():
        return people.organization(encounter.service_provider)
    role = people.role(taken_part)
    if role:
        return people.organization(role.organization)
    return people.practice_of(practitioner_id)
