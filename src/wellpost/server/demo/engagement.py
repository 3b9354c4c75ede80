"""What the demo's patients do with their records, and what they bring from home, day by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from wellpost.server.clock import time as clock
from wellpost.server.from_home.adding import Measured, add_note, add_readings
from wellpost.server.from_home.models import HomeDatum
from wellpost.server.from_home.reviewing import incorporate
from wellpost.server.people.models import Patient, User
from wellpost.server.records.uses import use
from wellpost.server.smart.actions import decide
from wellpost.server.smart.models import Decision
from wellpost.server.smart.registering import register

from . import cast
from .stage import Cast, at, user_of

USES = (
    *("view", "view", "download", "view", "api"),
    *("view", "transmit", "view", "view"),
)
"""What nine of the hundred do, a week apart: enough for the measure."""
GAVE_DATA = 3
"""Of how many data were taken over by the autumn: not enough yet."""
APP, OTHER_APP = "Heart Diary", "Step Friend"
TO_WHOM = "front.desk@example.org"
DANGEROUS = ("186", "118")

NOTE = "My knee is much better. I walk to the harbor and back most days."


def engagement(story: Cast) -> None:
    """Nine of the hundred used their record (met); data of three were taken in (not met yet)."""
    _apps(story)
    every = story.hundred
    for number, (patient, action) in enumerate(zip(every[5:], USES, strict=False)):
        _uses(patient, action, date(2021, 6, 20) + timedelta(days=7 * number))
    for number, patient in enumerate(every[10 : 10 + GAVE_DATA]):
        _gives(story, patient, date(2021, 7, 1) + timedelta(days=number))
    _waiting(story)


def _apps(story: Cast) -> None:
    """One that the practice approved, and one that waits for its decision."""
    with clock.held_at(at(date(2021, 5, 3))):
        for name in (APP, OTHER_APP):
            made = register(
                {
                    "client_name": name,
                    "redirect_uris": ["https://app.example/back"],
                    "token_endpoint_auth_method": "none",
                    "client_uri": "https://app.example",
                    "policy_uri": "https://app.example/privacy",
                }
            )
            if name == APP:
                administrator = User.objects.get(email=cast.ADMINISTRATOR.email)
                decide(
                    app=made.app, practice=story.here, by=administrator, decision=Decision.APPROVED
                )


def _uses(patient: Patient, action: str, day: date) -> None:
    patient.refresh_from_db()  # the account may have been opened since
    if patient.user is None:
        raise ValueError("who uses the record has an account")
    with clock.held_at(at(day, 20)):
        use(
            by=patient.user,
            patient=patient,
            action=action,
            what={"download": "pdf", "transmit": "pdf", "api": "Observation"}.get(action, ""),
            to_whom=TO_WHOM if action == "transmit" else "",
            through=APP if action == "api" else "",
        )


def _gives(story: Cast, patient: Patient, day: date) -> None:
    with clock.held_at(at(day)):
        made = _reads(patient, at(day) - timedelta(hours=7), ("128", "82"))
    with clock.held_at(at(day + timedelta(days=1))):
        data = [each.pk for each in made]
        incorporate(practice=story.here, data=data, by=user_of(story.alden))


def _waiting(story: Cast) -> None:
    """A week of blood pressure and a note of the demo's patient; of another, one too high."""
    asker, _plain, answered = story.hundred[:3]
    for number in range(7):
        moment = at(date(2021, 9, 8) + timedelta(days=number), 12)
        with clock.held_at(moment + timedelta(minutes=5)):
            _reads(asker, moment, (str(126 + number * 3 % 11), str(78 + number * 2 % 7)))
    with clock.held_at(at(date(2021, 9, 14))):
        asker.refresh_from_db()
        add_note(by=_account(asker), patient=asker, text=NOTE, measured_at=clock.now())
        _reads(answered, clock.now() - timedelta(minutes=10), DANGEROUS)


def _reads(patient: Patient, moment: datetime, pressure: tuple[str, str]) -> list[HomeDatum]:
    upper, lower = pressure
    said = Measured("blood_pressure", upper, "mm[Hg]", moment, lower, device="Home monitor")
    patient.refresh_from_db()
    return add_readings(by=_account(patient), patient=patient, readings=[said])


def _account(patient: Patient) -> User:
    if patient.user is None:
        raise ValueError("who brings something has an account")
    return patient.user
