"""Who brings something in, and for whom it stands."""

from __future__ import annotations

from dataclasses import dataclass

from wellpost.server.people.models import Patient, Representative, User
from wellpost.server.people.permissions import (
    Permission,
    Standing,
    require,
    same_person,
    standings,
)
from wellpost.server.people.queries import representations_of


@dataclass(frozen=True)
class Bringer:
    """The user, the record it is for (the surviving one), and as whose representative."""

    user: User
    patient: Patient
    representative: Representative | None


def bringer(by: User, patient: Patient) -> Bringer:
    """Who `by` is to the patient; NotAllowed unless patient or representative for the record."""
    require(by, Permission.ADD_HOME_DATA, patient)
    kept = patient.surviving
    if Standing.PATIENT in standings(by, kept):
        return Bringer(by, kept, None)
    records = set(Patient.objects.filter(same_person(kept.pk)).values_list("pk", flat=True))
    held = [each for each in representations_of(by) if each.may_see_record]
    return Bringer(by, kept, next(each for each in held if each.patient_id in records))
