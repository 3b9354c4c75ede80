"""Patients and those who act for them: adding, changing, ending."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock

from .checks import check_address, check_days, check_name
from .models import Patient, PatientIdentifier, Practice, Representative, User
from .permissions import Permission, require
from .signals import birth_changed, patient_created, representative_added, representative_ended

CHANGEABLE = frozenset(
    {"given_name", "family_name", "birth_on", "sex", "email", "phone", "address", "county"}
)


@transaction.atomic
def add_patient(
    *,
    practice: Practice,
    by: User | None,
    given_name: str,
    family_name: str,
    birth_on: date | None = None,
    sex: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
    county: str = "",
    identifiers: Iterable[tuple[str, str]] = (),
) -> Patient:
    """A new record at the practice. `identifiers` are (system, value) pairs others know it by."""
    require(by, Permission.ADD_PATIENT, practice)
    check_name(given_name, "given name")
    check_name(family_name, "family name")
    check_address(email)
    patient = Patient.objects.create(
        practice=practice,
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        birth_on=birth_on,
        sex=sex,
        email=email.strip(),
        phone=phone,
        address=address,
        county=county,
    )
    _add_identifiers(patient, identifiers)
    record(by=by, deed=Deed.PATIENT_ADDED, target=patient, patient_id=patient.pk)
    patient_created.send(sender=Patient, patient=patient)
    return patient


@transaction.atomic
def change_patient(*, patient: Patient, by: User | None, **changes: object) -> Patient:
    """Change what is written of the patient: names, birth, address and the like."""
    require(by, Permission.ADD_PATIENT, patient)
    if unknown := sorted(set(changes) - CHANGEABLE):
        raise RequestError(f"{', '.join(unknown)}: not a part of a patient that can be changed.")
    check_address(str(changes.get("email", "")))
    for name, value in changes.items():
        setattr(patient, name, value)
    patient.save(update_fields=sorted(changes))
    if "birth_on" in changes:
        birth_changed.send(sender=Patient, patient=patient)
    details = {"changed": sorted(changes)}
    record(by=by, deed=Deed.PATIENT_CHANGED, target=patient, patient_id=patient.pk, details=details)
    return patient


@transaction.atomic
def add_representative(
    *,
    patient: Patient,
    by: User | None,
    name: str,
    email: str = "",
    relationship: str,
    starts_on: date,
    ends_on: date | None = None,
    may_message: bool = True,
    may_see_record: bool = True,
) -> Representative:
    """Somebody may act for the patient from one day to another, in what is granted."""
    require(by, Permission.MANAGE_REPRESENTATIVES, patient)
    check_name(name, "name")
    check_address(email)
    check_days(starts_on, ends_on)
    representative = Representative.objects.create(
        patient=patient,
        name=name.strip(),
        email=email.strip(),
        relationship=relationship,
        starts_on=starts_on,
        ends_on=ends_on,
        may_message=may_message,
        may_see_record=may_see_record,
    )
    _record_representative(Deed.REPRESENTATIVE_ADDED, representative, by)
    representative_added.send(sender=Representative, representative=representative)
    return representative


@transaction.atomic
def end_representative(
    *, representative: Representative, by: User | None, on: date
) -> Representative:
    """The authority ends: `on` is the first day without it. Waiting invitations are withdrawn."""
    require(by, Permission.MANAGE_REPRESENTATIVES, representative.patient)
    representative.ends_on = on - timedelta(days=1)
    representative.save(update_fields=["ends_on"])
    if representative.by_age:
        _follow_no_more(representative)
    representative.invitations.filter(used_at=None, withdrawn_at=None).update(
        withdrawn_at=clock.now()
    )
    _record_representative(Deed.REPRESENTATIVE_ENDED, representative, by)
    representative_ended.send(sender=Representative, representative=representative)
    return representative


def _follow_no_more(representative: Representative) -> None:
    """What was ended by hand begins again by no birthday."""
    first = representative.continues_id or representative.pk
    stretches = Representative.objects.filter(Q(pk=first) | Q(continues=first))
    stretches.filter(starts_on__gt=representative.ends_on).exclude(pk=first).delete()
    stretches.update(by_age=False)


def _add_identifiers(patient: Patient, identifiers: Iterable[tuple[str, str]]) -> None:
    PatientIdentifier.objects.bulk_create(
        PatientIdentifier(patient=patient, practice=patient.practice, system=system, value=value)
        for system, value in identifiers
    )


def _record_representative(deed: Deed, representative: Representative, by: User | None) -> None:
    practice_id = representative.patient.practice_id
    record(by=by, deed=deed, target=representative, practice_id=practice_id)
