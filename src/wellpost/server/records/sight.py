"""Who looks at a patient's record, asked once for a page: as what, and at which records."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Representative, User
from wellpost.server.people.permissions import (
    ALLOWED,
    NotAllowed,
    Permission,
    Standing,
    require,
    scope_of,
)


@dataclass(frozen=True)
class Sight:
    """`by` may see the record of `patient` (the surviving one); made by the functions below.

    `own`: it is their own. `chart`: as the practice that keeps it, released or not.
    """

    by: User | None
    patient: Patient
    own: bool = False
    chart: bool = False

    @property
    def records(self) -> QuerySet[Patient]:
        """Every record of the person: the surviving one and those merged into it."""
        person = self.patient.pk
        found = Patient.objects.filter(Q(pk=person) | Q(merged_into=person))
        return found.order_by().only("pk")


def patients_side(patient: Patient, by: User | None) -> Sight:
    """The sight of the patient, or of a representative who may see the record; else NotAllowed.

    None, the machine itself, sees what the patient's side does.
    """
    person = patient.surviving
    if by is None:
        return Sight(by, person)
    held = _standings(person, by) if by.is_active else set()
    if not any(Permission.READ_RECORD in ALLOWED[each] for each in held):
        raise NotAllowed("read_record is not allowed here.")
    return Sight(by, person, own=Standing.PATIENT in held)


def practices_side(patient: Patient, by: User | None) -> Sight:
    """The sight of those who work at the practice and may read the chart; else NotAllowed."""
    require(by, Permission.READ_CHART, patient)
    return Sight(by, patient.surviving, chart=True)


def _standings(person: Patient, by: User) -> set[Standing]:
    records = dict(
        Patient.objects.filter(Q(pk=person.pk) | Q(merged_into=person.pk)).values_list(
            "pk", "user_id"
        )
    )
    if by.pk in records.values():
        return {Standing.PATIENT}
    return _of_representatives(records, by)


def _of_representatives(records: Collection[UUID], by: User) -> set[Standing]:
    held = Representative.objects.filter(user=by, patient__in=list(records))
    found: set[Standing] = set()
    for each in held.select_related("patient__practice"):
        if each.active_on(clock.today(each.patient.practice.time_zone)):
            found |= scope_of(each)
    return found
