"""How the demo's practices come to be: people, Synthea's patients, accounts by invitation."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from wellpost.server.intake.actions import import_fhir
from wellpost.server.people import actions as people
from wellpost.server.people.models import (
    Membership,
    Patient,
    PatientIdentifier,
    Practice,
    Role,
    User,
)

from . import cast
from .accounts import open_account, plain_account, prepare
from .stage import FIRST_DAY, WITH_ACCOUNT, Cast
from .visits import Seen, write_folder


def practices() -> tuple[Practice, Practice, User]:
    """Both practices, and who keeps the first one's inbox."""
    here, administrator = _set_up(cast.PRACTICE, cast.PRACTICE_TIN, cast.ADMINISTRATOR)
    there = Practice.objects.create(
        name=cast.OTHER_PRACTICE, tin=cast.OTHER_TIN, time_zone=cast.TIME_ZONE
    )
    prepare(administrator, cast.ADMINISTRATOR)
    staff = _add_staff(here, cast.STAFF, Role.STAFF)
    _add_staff(here, cast.REPORTER, Role.REPORTER)
    return here, there, staff


def _set_up(name: str, tin: str, administrator: cast.Person) -> tuple[Practice, User]:
    return people.set_up_practice(
        name=name,
        tin=tin,
        time_zone=cast.TIME_ZONE,
        administrator_email=administrator.email,
        administrator_name=administrator.name,
        password=cast.PASSWORD,
    )


def _add_staff(practice: Practice, person: cast.Person, role: Role) -> User:
    user = open_account(person)
    people.add_staff(
        practice=practice,
        by=None,
        email=person.email,
        name=person.name,
        role=role,
        starts_on=FIRST_DAY,
    )
    return user


def clinicians(here: Practice, there: Practice) -> tuple[Membership, Membership, Membership]:
    """Dr. Alden and Dr. Reyes here, Dr. Marsh there."""
    alden = _add_clinician(here, cast.ALDEN)
    return alden, _add_clinician(here, cast.REYES), _add_clinician(there, cast.OTHER_CLINICIAN)


def _add_clinician(practice: Practice, person: cast.Person) -> Membership:
    open_account(person)
    return people.add_clinician(
        practice=practice,
        by=None,
        npi=person.npi,
        name=person.name,
        starts_on=FIRST_DAY,
        email=person.email,
    )


def import_visits() -> Seen:
    """Synthea's patients and encounters, by the import that a practice uses."""
    with TemporaryDirectory() as folder:
        seen = write_folder(Path(folder))
        import_fhir(folder, by=None)
    return seen


def patients_of(practice: Practice) -> dict[str, Patient]:
    """The imported patients, by FHIR id."""
    known = PatientIdentifier.objects.filter(practice=practice, system="fhir:Patient")
    return {each.value: each.patient for each in known.select_related("patient__practice")}


def open_accounts(story: Cast) -> None:
    """The first forty of Dr. Alden's hundred, eight of Dr. Reyes's own, one elsewhere."""
    for number, patient in enumerate(story.hundred[:WITH_ACCOUNT]):
        _open_account(patient, cast.PATIENT if number == 0 else None)
    for patient in story.of(story.seen.reyes[-8:]):
        _open_account(patient)
    _open_account(story.patients[story.seen.elsewhere[0]], cast.OTHER_PATIENT)
    _represent(story, story.represented)


def _open_account(patient: Patient, person: cast.Person | None = None) -> None:
    """By an invitation, as everybody's account is."""
    _invitation, code = people.invite_patient(patient=patient, by=None, sent_by="letter")
    if person:
        user = open_account(person, str(patient))
    else:
        user = plain_account(f"account.{patient.pk.hex[:12]}@example.org", str(patient))
    _accept(patient, code, user)


def _represent(story: Cast, patient: Patient) -> None:
    representative = people.add_representative(
        patient=patient,
        by=story.staff,
        name=cast.REPRESENTATIVE.name,
        email=cast.REPRESENTATIVE.email,
        relationship="daughter",
        starts_on=FIRST_DAY,
    )
    _invitation, code = people.invite_representative(
        representative=representative, by=story.staff, sent_by="letter"
    )
    _accept(patient, code, open_account(cast.REPRESENTATIVE))


def _accept(patient: Patient, code: str, user: User) -> None:
    if patient.birth_on is None:
        raise ValueError("every patient of the demo has a date of birth")
    people.accept_invitation(code=code, birth_on=patient.birth_on, user=user)
