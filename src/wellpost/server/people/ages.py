"""Which rights follow from a child's age, and on which days they change.

A parent's or guardian's authority stands as one row of Representative for each stretch of days
with the same rights, so that every room that asks for the rows of a day finds the right ones,
whether or not anything ran at midnight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml
from django.db import transaction

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock

from .models import AgedRight, AgeRule, Patient, Practice, User
from .permissions import Permission, require
from .signals import ages_changed

USUAL = Path(__file__).with_name("ages.yaml")
DAY = timedelta(days=1)
OLDEST = 25


@dataclass(frozen=True)
class Age:
    """The birthday of a right, whether the practice set it, and why else it is that one."""

    right: AgedRight
    age: int
    own: bool = False
    cite: str = ""
    says: str = ""


@dataclass(frozen=True)
class Stretch:
    """Days (both included; no last one: open) with the same rights."""

    starts_on: date
    ends_on: date | None
    may_message: bool
    may_see_record: bool


@cache
def usual_ages() -> Mapping[AgedRight, Age]:
    """The ages every practice starts with, each with its source."""
    read = yaml.safe_load(USUAL.read_text(encoding="utf-8"))["ages"]
    held = (
        Age(AgedRight(row["right"]), row["age"], False, row["cite"], row["says"]) for row in read
    )
    return {each.right: each for each in held}


@cache
def reminder_days() -> int:
    """How many days before such a birthday the practice is reminded."""
    return int(yaml.safe_load(USUAL.read_text(encoding="utf-8"))["reminder_days"])


def ages_at(practice: Practice) -> dict[AgedRight, Age]:
    """What holds at the practice."""
    own = {
        right: Age(right, each.age, True, usual_ages()[right].cite, usual_ages()[right].says)
        for each in practice.age_rules.all()
        for right in [AgedRight(each.right)]
    }
    return {**usual_ages(), **own}


@transaction.atomic
def set_ages(*, practice: Practice, by: User | None, ages: Mapping[AgedRight, int]) -> None:
    """The birthdays at which rights change here; parents follow them from today on.

    RequestError for an age that no child has.
    """
    require(by, Permission.MANAGE_PEOPLE, practice)
    for right, age in ages.items():
        if not 0 <= age <= OLDEST:
            raise RequestError(f"{right.label}: give an age from 0 to {OLDEST}, not {age}.")
        AgeRule.objects.update_or_create(practice=practice, right=right, defaults={"age": age})
    ages_changed.send(sender=AgeRule, practice=practice)
    details = {right.value: age for right, age in ages.items()}
    record(by=by, deed=Deed.AGE_RULE_SET, target=practice, practice_id=practice.pk, details=details)


def birthday(born: date, age: int) -> date:
    """The day on which that age is reached; of a 29 February, the 1 March where there is none."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def old_enough(patient: Patient) -> bool:
    """Whether the patient may have an account of their own; who has no date of birth here may."""
    if patient.birth_on is None:
        return True
    from_age = ages_at(patient.practice)[AgedRight.ACCOUNT].age
    return birthday(patient.birth_on, from_age) <= clock.today(patient.practice.time_zone)


def stretches(
    born: date, starts_on: date, ages: Mapping[AgedRight, Age], *, messages: bool, record: bool
) -> list[Stretch]:
    """The days of a parent with these rights, from the first day to the last right's end."""
    ends = {
        right: birthday(born, ages[right].age)
        for right, given in ((AgedRight.MESSAGES, messages), (AgedRight.RECORD, record))
        if given
    }
    found, first = [], starts_on
    for end in sorted({each for each in ends.values() if each > starts_on}):
        holds = {right for right, until in ends.items() if until >= end}
        found.append(
            Stretch(first, end - DAY, AgedRight.MESSAGES in holds, AgedRight.RECORD in holds)
        )
        first = end
    return found
