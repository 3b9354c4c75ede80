"""What happened in the demo's practice before one looks at it, dated day by day.

Maine's clarification of 2021: Dr. Alden reports June to August; a hundred patients seen, five of
them written to, which is not more than 5 percent. A sixth, on any day of 2021, makes it so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from wellpost.server.clock import time as clock
from wellpost.server.intake.actions import import_fhir
from wellpost.server.messaging.actions import mark_read, send_message, start_thread
from wellpost.server.messaging.models import Message
from wellpost.server.people import actions as people
from wellpost.server.people.models import (
    Clinician,
    Membership,
    Patient,
    PatientIdentifier,
    Practice,
    Role,
    User,
)
from wellpost.server.quality.actions import choose_period
from wellpost.server.records.models import PatientDatum, PortalAction
from wellpost.terms import Period

from . import cast
from .accounts import open_account, plain_account, prepare
from .visits import Seen, write_folder

Say = Callable[[str], None]
FIRST_DAY = date(2021, 1, 4)
SUMMER = Period(date(2021, 6, 1), date(2021, 8, 31))
WITH_ACCOUNT, VIEWED, GAVE_DATA = 40, 9, 3
LATE, GROWN_UP, OLD = date.max, date(2003, 1, 1), date(1950, 1, 1)


@dataclass
class Cast:
    """The demo's people as rows, as far as the story has come."""

    here: Practice
    there: Practice
    alden: Membership
    reyes: Membership
    marsh: Membership
    staff: User
    patients: dict[str, Patient]
    seen: Seen

    @property
    def hundred(self) -> list[Patient]:
        """Dr. Alden's hundred, grown-up people first."""
        every = self.of(self.seen.alden)
        return sorted(every, key=lambda each: (each.birth_on or LATE) > GROWN_UP)

    @property
    def represented(self) -> Patient:
        """A woman of some age without an account, whose daughter acts for her."""
        without = self.hundred[WITH_ACCOUNT:]
        return next(one for one in without if one.sex == "female" and (one.birth_on or LATE) < OLD)

    @property
    def waiting(self) -> Patient:
        """Somebody without an account who has an email address."""
        without = self.hundred[WITH_ACCOUNT:]
        return next(one for one in without if one.email and one != self.represented)

    def of(self, identifiers: tuple[str, ...]) -> list[Patient]:
        """The patients of these FHIR ids."""
        return [self.patients[each] for each in identifiers]


def at(day: date, hour: int = 15) -> datetime:
    """A moment of that day, in the working hours of Maine."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def tell(say: Say) -> None:
    """Make everything, in the order in which it happened."""
    with clock.held_at(at(FIRST_DAY)):
        say("Setting up two practices and the people who work there")
        here, there, staff = _practices()
        alden, reyes, marsh = _clinicians(here, there)
        say("Importing Synthea's patients and encounters, moved to 2021")
        seen = _import()
        patients = _patients(here) | _patients(there)
        people_of = Cast(here, there, alden, reyes, marsh, staff, patients, seen)
        say("Opening accounts by invitation")
        _open_accounts(people_of)
    say("Writing to five of Dr. Alden's hundred patients")
    _conversations(people_of)
    _other_measures(people_of)
    with clock.held_at(at(date(2021, 9, 14))):
        _choose_period(people_of)


def _practices() -> tuple[Practice, Practice, User]:
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


def _clinicians(here: Practice, there: Practice) -> tuple[Membership, Membership, Membership]:
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


def _import() -> Seen:
    with TemporaryDirectory() as folder:
        seen = write_folder(Path(folder))
        import_fhir(folder, by=None)
    return seen


def _patients(practice: Practice) -> dict[str, Patient]:
    known = PatientIdentifier.objects.filter(practice=practice, system="fhir:Patient")
    return {each.value: each.patient for each in known.select_related("patient__practice")}


def _open_accounts(story: Cast) -> None:
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


def _conversations(story: Cast) -> None:
    """Five that count, each in another way; and what does not count beside them."""
    asker, plain, answered, by_staff, copied = story.hundred[:5]
    represented, waiting = story.represented, story.waiting
    alden, staff = _user(story.alden), story.staff
    _write(plain, alden, date(2021, 2, 9), "Your blood pressure", PRESSURE)
    _answer(answered, story.alden, date(2021, 6, 16))
    _write(
        by_staff, staff, date(2021, 7, 6), "Your results", RESULTS, for_clinician=_of(story.alden)
    )
    _write(copied, alden, date(2021, 7, 21), "Your knee", KNEE, to_colleague=story.reyes)
    helper = represented.representatives.get()
    _write(
        represented, alden, date(2021, 8, 12), "Your mother's visit", MOTHER, representative=helper
    )
    _ask(asker, story.alden, date(2021, 9, 13))
    _write(waiting, alden, date(2021, 9, 10), "Your prescription", PRESCRIPTION)
    for number, patient in enumerate(story.of(story.seen.reyes[-3:])):
        day = date(2021, 7, 12) + timedelta(days=number)
        _write(patient, _user(story.reyes), day, "Your visit", VISIT)


def _write(patient: Patient, by: User, day: date, subject: str, body: str, **more: Any) -> Message:
    patient.refresh_from_db()  # the account may have been opened since
    with clock.held_at(at(day)):
        return start_thread(
            practice=patient.practice,
            patient=patient,
            by=by,
            subject=subject,
            body=body,
            client_key=f"demo-{patient.pk.hex}-{day}",
            **more,
        )


def _ask(patient: Patient, clinician: Membership, day: date) -> Message:
    patient.refresh_from_db()
    asker = patient.user
    if asker is None:
        raise ValueError("who asks has an account")
    return _write(patient, asker, day, "A question", QUESTION, for_clinician=_of(clinician))


def _answer(patient: Patient, clinician: Membership, day: date) -> None:
    asked = _ask(patient, clinician, day)
    with clock.held_at(at(day + timedelta(days=1))):
        mark_read(thread=asked.thread, by=_user(clinician))
        send_message(
            thread=asked.thread,
            by=_user(clinician),
            body=ANSWER,
            client_key=f"demo-{asked.pk.hex}",
            in_reply_to=asked,
        )


def _other_measures(story: Cast) -> None:
    """Nine of the hundred viewed their record (met), three gave data (not met)."""
    every = story.hundred
    for number, patient in enumerate(every[5 : 5 + VIEWED]):
        patient.refresh_from_db()
        day = date(2021, 6, 20) + timedelta(days=7 * number)
        PortalAction.objects.create(
            patient=patient,
            practice=story.here,
            user=patient.user,
            acted_at=at(day, 20),
            acted_on=day,
            action="view",
            acted_by="patient",
        )
    for number, patient in enumerate(every[10 : 10 + GAVE_DATA]):
        day = date(2021, 7, 1) + timedelta(days=number)
        PatientDatum.objects.create(
            patient=patient,
            practice=story.here,
            clinician=_of(story.alden),
            received_on=day,
            incorporated_on=day,
            source="device",
        )


def _choose_period(story: Cast) -> None:
    choose_period(practice=story.here, by=None, program="stage-3", year=2021, period=SUMMER)


def _of(membership: Membership) -> Clinician:
    if membership.clinician is None:
        raise ValueError("a clinician's membership")
    return membership.clinician


def _user(membership: Membership) -> User:
    clinician = Clinician.objects.select_related("user").get(pk=_of(membership).pk)
    if clinician.user is None:
        raise ValueError("every clinician of the demo has an account")
    return clinician.user


PRESSURE = "Your readings from last week are where we want them. Please go on as before."
RESULTS = (
    "Dr. Alden asked me to tell you that your results are in and nothing needs to be changed. "
    "She will go through them with you at your next visit."
)
KNEE = (
    "Jonah, would you look at this knee next week? I have told our patient to rest it. "
    "You both read this here."
)
MOTHER = "Your mother did well on Tuesday. Please bring the list of her medicines next time."
PRESCRIPTION = "Your prescription is renewed for three months. Write here if something is unclear."
VISIT = "Thank you for coming in. The exercises we spoke of are best done twice a day."
QUESTION = "Should I take the new tablets before or after breakfast? The label does not say."
ANSWER = "After breakfast, with a glass of water. Write again if they upset your stomach."
