"""What is asked about people. Those with `by` give only what that person may see."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet, UUIDField

from wellpost.server.clock import time as clock
from wellpost.server.prepared import Prepared, Slot

from .models import Clinician, Membership, Patient, Practice, Representative, Role, User
from .permissions import NotAllowed, Permission, require


def patients_for(user: User) -> list[Patient]:
    """The user's own records, one for each practice; never one that was merged away."""
    return list(dict.fromkeys(patient.surviving for patient in _OWN(user=user.pk)))


def _own() -> QuerySet[Patient]:
    own = Patient.objects.filter(user=Slot("user", UUIDField()))
    return own.select_related("practice", "merged_into__practice")


_OWN = Prepared(_own)


def representations_of(user: User) -> list[Representative]:
    """In what the user represents somebody today."""
    held = _REPRESENTED(user=user.pk) if getattr(user, "has_represented", True) else []
    return [each for each in held if each.active_on(clock.today(each.patient.practice.time_zone))]


def _represented() -> QuerySet[Representative]:
    held = Representative.objects.filter(user=Slot("user", UUIDField()))
    return held.select_related("patient__practice", "patient__merged_into__practice")


_REPRESENTED = Prepared(_represented)


def acting_patients(user: User) -> list[Patient]:
    """The records the user may act for today: their own, then those represented."""
    represented = [each.patient.surviving for each in representations_of(user)]
    return list(dict.fromkeys([*patients_for(user), *represented]))


def memberships_of(user: User, on: date | None = None) -> list[Membership]:
    """The user's memberships that hold on the day (today at each practice), oldest first."""
    return [each for each in _MEMBERSHIPS(user=user.pk) if _holds(each, on)]


def _memberships() -> QuerySet[Membership]:
    user = Slot("user", UUIDField())
    held = Membership.objects.filter(Q(user=user) | Q(clinician__user=user))
    return held.select_related("practice", "clinician__user", "user").order_by("starts_on", "id")


_MEMBERSHIPS = Prepared(_memberships)


def practices_of(user: User) -> list[Practice]:
    """Where the user works today, the first joined first."""
    return list(dict.fromkeys(each.practice for each in memberships_of(user)))


def practice_of(user: User, chosen: str = "") -> Practice | None:
    """The practice the user works at today; of several the one chosen, else the first joined."""
    held = practices_of(user)
    return next((each for each in held if str(each.pk) == chosen), held[0] if held else None)


def place_of(user: User) -> tuple[UUID | None, UUID | None]:
    """The practice the user works at, else that of the record they have, with the record: where
    what they do about their own account can be read. Both are always looked for: how long it
    takes says nothing of who the user is.
    """
    practice, own = practice_of(user), patients_for(user)
    if practice:
        return practice.pk, None
    return (own[0].practice_id, own[0].pk) if own else (None, None)


def clinician_of(user: User) -> Clinician | None:
    """The clinician this user is, if one."""
    return Clinician.objects.filter(user=user).first()


def members_of(practice: Practice, on: date | None = None) -> list[Membership]:
    """Everybody who works at the practice on the day, by name."""
    held = practice.memberships.select_related("practice", "clinician__user", "user")
    return sorted((each for each in held if _holds(each, on)), key=lambda each: each.name)


def clinicians_of(practice: Practice, on: date | None = None) -> list[Membership]:
    """The memberships of the practice's clinicians on the day, by name."""
    return [each for each in members_of(practice, on) if each.role == Role.CLINICIAN]


def patients_of(by: User, practice: Practice, words: str = "") -> QuerySet[Patient]:
    """The practice's patients whose names hold every word, merged records left out."""
    require(by, Permission.LIST_PATIENTS, practice)
    found = practice.patients.filter(merged_into__isnull=True).select_related("user")
    for word in words.split():
        found = found.filter(Q(given_name__icontains=word) | Q(family_name__icontains=word))
    return found


def patient_for(by: User, patient_id: UUID) -> Patient:
    """One patient of the practice `by` works at; NotAllowed for any other and for none."""
    patient = Patient.objects.select_related("practice", "user").filter(pk=patient_id).first()
    if patient is None:
        raise NotAllowed("there is no such patient here.")
    require(by, Permission.READ_PATIENT, patient)
    return patient


def representatives_of(patient: Patient, on: date | None = None) -> list[Representative]:
    """Who may act for the patient on the day, by name."""
    day = on or clock.today(patient.practice.time_zone)
    records = Patient.objects.filter(Q(pk=patient.surviving.pk) | Q(merged_into=patient.surviving))
    held = Representative.objects.filter(patient__in=records).select_related("user", "patient")
    return sorted((each for each in held if each.active_on(day)), key=lambda each: each.name)


def works_anywhere(user: User | AnonymousUser) -> bool:
    """Whether the user is a clinician, staff, reporter or administrator somewhere today."""
    if not isinstance(user, User) or not getattr(user, "has_worked", True):
        return False
    return any(_holds(each, None) for each in _PERIODS(user=user.pk))


def _periods() -> QuerySet[Membership]:
    user = Slot("user", UUIDField())
    held = Membership.objects.filter(Q(user=user) | Q(clinician__user=user))
    return held.select_related("practice").only("starts_on", "ends_on", "practice__time_zone")


_PERIODS = Prepared(_periods)
"""Asked at every request of everybody."""


def _holds(membership: Membership, on: date | None) -> bool:
    return membership.active_on(on or clock.today(membership.practice.time_zone))
