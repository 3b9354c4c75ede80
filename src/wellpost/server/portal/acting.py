"""For whom somebody acts. Every page carries it in its address, so that two never mix."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, may, same_person
from wellpost.server.people.queries import acting_patients, patients_for, representations_of


class PortalRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


@dataclass(frozen=True)
class Acting:
    """One record somebody acts for: their own, or as what; whether there are several such."""

    patient: Patient
    own: bool
    relationship: str
    several: bool
    sees_record: bool

    @property
    def practice(self) -> Practice:
        """The practice that keeps the record."""
        return self.patient.practice


def everyone(user: User) -> list[Acting]:
    """Every record the user may write for today: their own first."""
    own = set(patients_for(user))
    written_for = [
        each for each in acting_patients(user) if may(user, Permission.READ_MESSAGES, each)
    ]
    held = {each.patient.surviving: each.relationship for each in representations_of(user)}
    return [
        Acting(
            patient,
            own=patient in own,
            relationship=held.get(patient, ""),
            several=len(written_for) > 1,
            sees_record=may(user, Permission.READ_RECORD, patient),
        )
        for patient in written_for
    ]


def acting_for(user: User, patient_id: UUID) -> Acting:
    """The record of that identifier; NotAllowed where the user may not act for it."""
    records = set(Patient.objects.filter(same_person(patient_id)).values_list("pk", flat=True))
    for acting in everyone(user):
        if acting.patient.pk in records:
            return acting
    raise NotAllowed("there is no such record here.")
