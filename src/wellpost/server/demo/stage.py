"""The demo's people as rows, and its days: what every part of the story stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from wellpost.server.people.models import (
    Clinician,
    Membership,
    Patient,
    Practice,
    User,
)

from .visits import Seen

FIRST_DAY = date(2021, 1, 4)
WITH_ACCOUNT = 40
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


def clinician_of(membership: Membership) -> Clinician:
    """The clinician of a clinician's membership."""
    if membership.clinician is None:
        raise ValueError("a clinician's membership")
    return membership.clinician


def user_of(membership: Membership) -> User:
    """Who signs in for it."""
    clinician = Clinician.objects.select_related("user").get(pk=clinician_of(membership).pk)
    if clinician.user is None:
        raise ValueError("every clinician of the demo has an account")
    return clinician.user
