"""Who may: the one place that looks up where somebody stands. The table is in rights.py."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from wellpost.server.clock import time as clock

from .models import EmergencyAccess, Membership, Patient, Practice, Representative, User
from .rights import ALLOWED, Permission, Standing

__all__ = [
    "ALLOWED",
    "NotAllowed",
    "Permission",
    "Standing",
    "emergency_of",
    "may",
    "require",
    "same_person",
    "scope_of",
    "standings",
]


class NotAllowed(PermissionDenied):
    """Not for this person. Answered with 404: an outsider does not learn that it exists."""


def may(by: User | AnonymousUser | None, permission: Permission, target: object) -> bool:
    """Whether `by` may, on `target`: a Practice, a Patient, or what has their `_id`s.

    None stands for the machine's own command line, which may do everything; a visitor who has
    not signed in is never None.
    """
    if by is None:
        return True
    if not isinstance(by, User) or not by.is_active:
        return False
    if any(permission in ALLOWED[standing] for standing in standings(by, target)):
        return True
    return permission in ALLOWED[Standing.EMERGENCY] and _in_emergency(by, target)


def require(by: User | AnonymousUser | None, permission: Permission, target: object) -> None:
    """NotAllowed unless `by` may."""
    if not may(by, permission, target):
        raise NotAllowed(f"{permission} is not allowed here.")


def standings(by: User, target: object) -> set[Standing]:
    """Every standing `by` has to the target today, by the calendar of its practice; but for the
    one of an emergency, which `may` asks where it decides.
    """
    patient_id, practice_id = _patient_id(target), _practice_id(target)
    found: set[Standing] = set()
    if practice_id:
        found |= _at_practice(by, practice_id)
    if patient_id:
        found |= _to_patient(by, patient_id)
    return found


def _practice_id(target: object) -> UUID | None:
    return target.pk if isinstance(target, Practice) else getattr(target, "practice_id", None)


def _patient_id(target: object) -> UUID | None:
    return target.pk if isinstance(target, Patient) else getattr(target, "patient_id", None)


def _at_practice(by: User, practice_id: UUID) -> set[Standing]:
    held = Membership.objects.filter(Q(user=by) | Q(clinician__user=by), practice=practice_id)
    return {
        Standing(membership.role)
        for membership in held.select_related("practice")
        if membership.active_on(clock.today(membership.practice.time_zone))
    }


def _to_patient(by: User, patient_id: UUID) -> set[Standing]:
    records = same_person(patient_id)
    found: set[Standing] = set()
    if Patient.objects.filter(records, user=by).exists():
        found.add(Standing.PATIENT)
    representations = Representative.objects.filter(
        user=by, patient__in=Patient.objects.filter(records)
    )
    for each in representations.select_related("patient__practice"):
        if each.active_on(clock.today(each.patient.practice.time_zone)):
            found |= scope_of(each)
    return found


def emergency_of(by: User, patient_id: UUID) -> EmergencyAccess | None:
    """The emergency in which `by` may read of the patient now, while they still work there."""
    now = clock.now()
    records = Patient.objects.filter(same_person(patient_id))
    held = EmergencyAccess.objects.filter(
        user=by, patient__in=records, begun_at__lte=now, ends_at__gt=now
    )
    found = held.order_by("-ends_at").first()
    return found if found and _may_use_emergencies(by, found.practice_id) else None


def _in_emergency(by: User, target: object) -> bool:
    patient_id = _patient_id(target)
    return patient_id is not None and emergency_of(by, patient_id) is not None


def _may_use_emergencies(by: User, practice_id: UUID) -> bool:
    held = _at_practice(by, practice_id)
    return any(Permission.USE_EMERGENCY_ACCESS in ALLOWED[each] for each in held)


def scope_of(representative: Representative) -> set[Standing]:
    """The standings that a representative's authority gives."""
    granted = {
        Standing.REPRESENTATIVE_FOR_MESSAGES: representative.may_message,
        Standing.REPRESENTATIVE_FOR_RECORD: representative.may_see_record,
    }
    return {standing for standing, given in granted.items() if given}


def same_person(patient_id: UUID) -> Q:
    """The condition that picks every record of this patient: the surviving one and the merged."""
    surviving = Patient.objects.filter(pk=patient_id).values_list("merged_into_id", flat=True)
    kept = surviving.first() or patient_id
    return Q(pk=kept) | Q(merged_into=kept)
