"""An appointment to the patient, clinician and practice it is planned for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from wellpost.adapters.fhir.datatypes import Reference
from wellpost.adapters.fhir.elements import day_of
from wellpost.adapters.fhir.mapping import PLANNED, Kind, kind_planned
from wellpost.adapters.fhir.people import People, Unattributable
from wellpost.adapters.fhir.resources import Appointment


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit that is planned; npi and tin are empty where nobody said with whom or where."""

    appointment_id: str
    patient_id: str
    npi: str
    tin: str
    planned_on: date
    kind: Kind


def plan(appointment: Appointment, people: People) -> Planned:
    """The visit that is planned; Unattributable gives the reason when it cannot be told."""
    if appointment.status not in PLANNED:
        raise Unattributable("not_planned")
    planned_on = day_of(appointment.start)
    if planned_on is None:
        raise Unattributable("no_day")
    npi, tin = with_whom(appointment.actors, people)
    kind = kind_planned(appointment.types)
    return Planned(appointment.id, _patient(appointment, people), npi, tin, planned_on, kind)


def _patient(appointment: Appointment, people: People) -> str:
    of_kind = [each for each in appointment.actors if people.index.kind_of(each) == "Patient"]
    if not of_kind:
        raise Unattributable("no_patient")
    return people.patient(of_kind[0])


def with_whom(actors: Iterable[Reference], people: People) -> tuple[str, str]:
    """The NPI of the first clinician among them and the TIN, as far as they can be told."""
    for actor in actors:
        if people.index.kind_of(actor) in ("Practitioner", "PractitionerRole"):
            try:
                clinician = people.clinician(actor)
            except Unattributable:
                continue
            return people.numbers.npis[clinician], _practice(actor, clinician, people)
    return "", ""


def _practice(actor: Reference, clinician: str, people: People) -> str:
    try:
        role = people.role(actor)
        place = people.organization(role.organization) if role else people.practice_of(clinician)
    except Unattributable:
        return ""
    return people.numbers.tins[place]
