"""Practices, clinicians, memberships and patients of a batch, found or made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from wellpost.server.messaging.keys.parties import keys_of, party_of
from wellpost.server.people.models import (
    Clinician,
    Membership,
    Patient,
    PatientIdentifier,
    Practice,
    Role,
)
from wellpost.server.people.signals import patient_created

from .batch import Days, PatientRow
from .writing import Writing, change, update

WRITTEN = ("given_name", "family_name", "birth_on", "sex", "email", "phone", "address")
Identifiers: TypeAlias = dict[tuple[UUID, str, str], Patient]
"""Patients by practice, system and value."""


def write_practices(writing: Writing) -> None:
    """Practices by TIN. One that is there keeps the name its people gave it."""
    names = writing.batch.practices
    there = {each.tin: each for each in _in("tin", Practice, names)}
    made = [Practice(tin=tin, name=name[:200]) for tin, name in names.items() if tin not in there]
    writing.insert(made, "practices")
    writing.report.of("practices").unchanged += len(there)
    writing.practices = there | {each.tin: each for each in made}


def write_clinicians(writing: Writing) -> None:
    """Clinicians by NPI; the name follows the source until the clinician has an account here."""
    names = {npi: name[:200] for npi, name in writing.batch.clinicians.items()}
    there = {each.npi: each for each in _in("npi", Clinician, names)}
    unclaimed = (each for each in there.values() if each.user_id is None)
    renamed = [each for each in unclaimed if change(each, {"name": names[each.npi]})]
    update(renamed, ["name"])
    made = [Clinician(npi=npi, name=name) for npi, name in names.items() if npi not in there]
    writing.insert(made, "clinicians")
    tally = writing.report.of("clinicians")
    tally.changed += len(renamed)
    tally.unchanged += len(there) - len(renamed)
    writing.clinicians = there | {each.npi: each for each in made}


def write_memberships(writing: Writing) -> None:
    """Who works where; days that are there change only when the source itself says days."""
    there = _memberships(writing)
    made, changed, tally = [], [], writing.report.of("memberships")
    for (npi, tin), days in writing.batch.memberships.items():
        clinician, practice = writing.clinicians[npi], writing.practices[tin]
        held = there.get((clinician.pk, practice.pk))
        if held is None:
            made.append(_membership(clinician, practice, days))
        elif days.said and change(held, {"starts_on": days.starts_on, "ends_on": days.ends_on}):
            changed.append(held)
        else:
            tally.unchanged += 1
    writing.insert(made, "memberships")
    update(changed, ["starts_on", "ends_on"])
    tally.changed += len(changed)


def _memberships(writing: Writing) -> dict[tuple[UUID | None, UUID], Membership]:
    """By clinician and practice the membership that began last."""
    held = Membership.objects.filter(role=Role.CLINICIAN).order_by("starts_on", "id")
    return {
        (each.clinician_id, each.practice_id): each for each in writing.of_these_practices(held)
    }


def _membership(clinician: Clinician, practice: Practice, days: Days) -> Membership:
    return Membership(
        clinician=clinician,
        practice=practice,
        role=Role.CLINICIAN,
        starts_on=days.starts_on,
        ends_on=days.ends_on,
    )


def write_patients(writing: Writing) -> None:
    """Patients by any identifier the practice knows them by; what the feed says is written."""
    known = patients_by_identifier(writing)
    made, changed, named = [], [], []
    for key, row in writing.batch.patients.items():
        practice = writing.practices[key.tin]
        patient = _found(known, practice, row)
        if patient is None:
            patient = _made(practice, row)
            made.append(patient)
        elif not patient._state.adding and change(patient, _values(row, patient)):
            changed.append(patient)
        writing.patients[key] = patient
        named += _named(patient, practice, row, known)
    writing.insert(made, "patients")
    update(changed, WRITTEN)
    PatientIdentifier.objects.bulk_create(named, batch_size=2_000)
    tally = writing.report.of("patients")
    tally.changed += len(changed)
    tally.unchanged += len(writing.batch.patients) - len(made) - len(changed)
    _make_keys(made)
    for patient in made:
        patient_created.send(sender=Patient, patient=patient)


def _make_keys(patients: Sequence[Patient]) -> None:
    """The keys that every new record gets, many at a time."""
    practices = {each.practice.pk: each.practice for each in patients}
    parties = [*map(party_of, practices.values()), *map(party_of, patients)]
    for start in range(0, len(parties), 500):
        keys_of(parties[start : start + 500])


def patients_by_identifier(writing: Writing) -> Identifiers:
    """Every patient of the batch's practices by each of their identifiers."""
    held = PatientIdentifier.objects.select_related("patient")
    return {
        (each.practice_id, each.system, each.value): each.patient
        for each in writing.of_these_practices(held)
    }


def _found(known: Identifiers, practice: Practice, row: PatientRow) -> Patient | None:
    keys = ((practice.pk, system, value) for system, value in row.identifiers)
    return next((known[key] for key in keys if key in known), None)


def _made(practice: Practice, row: PatientRow) -> Patient:
    return Patient(practice=practice, **{name: getattr(row, name) for name in WRITTEN})


def _values(row: PatientRow, patient: Patient) -> dict[str, Any]:
    """What the feed says; where it says nothing, what the practice knows stays."""
    return {name: getattr(row, name) or getattr(patient, name) for name in WRITTEN}


def _named(
    patient: Patient, practice: Practice, row: PatientRow, known: Identifiers
) -> list[PatientIdentifier]:
    """The identifiers by which the practice does not know the patient yet."""
    made = []
    for system, value in row.identifiers:
        key = practice.pk, system, value
        if key not in known:
            known[key] = patient
            made.append(
                PatientIdentifier(patient=patient, practice=practice, system=system, value=value)
            )
    return made


def _in(name: str, model: Any, wanted: Iterable[str]) -> list[Any]:
    """The rows whose column is one of many values, asked for five hundred at a time."""
    values = list(wanted)
    return [
        row
        for start in range(0, len(values), 500)
        for row in model.objects.filter(**{f"{name}__in": values[start : start + 500]})
    ]
