"""For whom somebody acts. Every page carries it in its address, so that two never mix."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from wellpost.server.people.models import Patient, Practice, Representative, User
from wellpost.server.people.permissions import NotAllowed, same_person
from wellpost.server.people.queries import patients_for, representations_of


class PortalRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


@dataclass(frozen=True)
class Acting:
    """One record somebody acts for: their own, or as what; whether there are several such.

    `writes`: may read and write messages; `sees_record`: may see the record.
    """

    patient: Patient
    own: bool
    relationship: str
    several: bool
    sees_record: bool
    writes: bool = True

    @property
    def practice(self) -> Practice:
        """The practice that keeps the record."""
        return self.patient.practice


def everyone(user: User) -> list[Acting]:
    """Every record the user may act for today, in messages or the record: their own first."""
    own = patients_for(user)
    held: dict[Patient, list[Representative]] = {}
    for each in representations_of(user):
        if each.may_message or each.may_see_record:
            held.setdefault(each.patient.surviving, []).append(each)
    acted_for = list(dict.fromkeys([*own, *held]))
    return [
        Acting(
            patient,
            own=patient in own,
            relationship=next((each.relationship for each in held.get(patient, ())), ""),
            several=len(acted_for) > 1,
            sees_record=patient in own or any(each.may_see_record for each in held[patient]),
            writes=patient in own or any(each.may_message for each in held[patient]),
        )
        for patient in acted_for
    ]


def acting_for(user: User, patient_id: UUID) -> Acting:
    """The record of that identifier; NotAllowed where the user may not act for it."""
    held = everyone(user)
    found = next((each for each in held if each.patient.pk == patient_id), None)
    if found is None and held:
        records = set(Patient.objects.filter(same_person(patient_id)).values_list("pk", flat=True))
        found = next((each for each in held if each.patient.pk in records), None)
    if found is None:
        raise NotAllowed("there is no such record here.")
    return found
