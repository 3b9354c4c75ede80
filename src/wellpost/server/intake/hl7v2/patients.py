"""The patient a message is about: known by a record number, made, changed, or merged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from wellpost.adapters.hl7v2 import Identifier, Merge, MessageRefusedError, Person
from wellpost.adapters.hl7v2.refusal import Where
from wellpost.errors import RequestError
from wellpost.server.clock import time as clock
from wellpost.server.people.actions import add_patient, change_patient, merge_patients
from wellpost.server.people.models import Patient, PatientIdentifier, Practice

from .models import About
from .words import latest_word

NUMBERS, PRIOR = Where("PID", 3), Where("MRG", 1)
UNNAMED = {"given_name": "(no given name)", "family_name": "(no family name)"}


def known(practice: Practice, identifiers: Iterable[Identifier], where: Where) -> Patient | None:
    """The record that stands for these numbers; MessageRefusedError when they fit several."""
    wanted = Q(pk__in=())
    for each in identifiers:
        wanted |= Q(system=each.system, value=each.value)
    held = PatientIdentifier.objects.filter(wanted, practice=practice)
    found = {each.patient.surviving for each in held.select_related("patient__merged_into")}
    if len(found) > 1:
        says = (
            f"these numbers belong to {len(found)} records here; send A40 to merge them, or send "
            "the right numbers."
        )
        raise MessageRefusedError(204, where, says)
    return found.pop() if found else None


def taken_over(practice: Practice, person: Person, said_at: datetime) -> Patient:
    """The patient as the message says, made where not known here."""
    _check_birth(practice, person)
    patient = known(practice, person.identifiers, NUMBERS)
    if patient is None:
        return _made(practice, person, said_at)
    _name(patient, person.identifiers)
    _change(patient, person, said_at)
    return patient


def changed(practice: Practice, person: Person, said_at: datetime) -> Patient | None:
    """The same of a patient who is known here; None, and nothing done, of anybody else."""
    if known(practice, person.identifiers, NUMBERS) is None:
        return None
    return taken_over(practice, person, said_at)


def merged(practice: Practice, merge: Merge, said_at: datetime) -> Patient:
    """The record that stays. What is not here yet is made, so that what comes late finds it."""
    prior = known(practice, merge.prior, PRIOR)
    kept = known(practice, merge.person.identifiers, NUMBERS)
    if kept and prior and kept != prior:
        _merge(kept, prior)
    elif prior and not kept:
        _name(prior, merge.person.identifiers)
    patient = taken_over(practice, merge.person, said_at)
    _name(patient, merge.prior)
    return patient


def _made(practice: Practice, person: Person, said_at: datetime) -> Patient:
    said = {**UNNAMED, **person.says}
    try:
        patient = add_patient(practice=practice, by=None, identifiers=person.identifiers, **said)  # type: ignore[arg-type]  # the names are those of a patient's columns
    except RequestError as refused:
        raise MessageRefusedError(102, Where("PID"), str(refused)) from None
    latest_word(practice, About.PATIENT, patient.pk, said_at)
    return patient


def _change(patient: Patient, person: Person, said_at: datetime) -> None:
    """Write what is new, unless a later word was heard."""
    _, is_latest = latest_word(patient.practice, About.PATIENT, patient.pk, said_at)
    new = {name: each for name, each in person.says.items() if getattr(patient, name) != each}
    if not is_latest or not new:
        return
    try:
        change_patient(patient=patient, by=None, **new)
    except RequestError as refused:
        raise MessageRefusedError(102, Where("PID"), str(refused)) from None


def _merge(kept: Patient, prior: Patient) -> None:
    try:
        merge_patients(keep=kept, merge=prior, by=None)
    except RequestError as refused:
        raise MessageRefusedError(205, PRIOR, str(refused)) from None


def _name(patient: Patient, identifiers: Iterable[Identifier]) -> None:
    """Let the patient be found by these numbers, too."""
    practice = patient.practice
    for each in identifiers:
        PatientIdentifier.objects.get_or_create(
            practice=practice, system=each.system, value=each.value, defaults={"patient": patient}
        )


def _check_birth(practice: Practice, person: Person) -> None:
    born = person.says.get("birth_on")
    if isinstance(born, date) and born > clock.today(practice.time_zone):
        raise MessageRefusedError(102, Where("PID", 7), "the day of birth is still to come.")
