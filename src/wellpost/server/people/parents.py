"""Parents and guardians, whose authority follows from the child's age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver

from wellpost.errors import RequestError
from wellpost.server.clock import time as clock

from .ages import DAY, Stretch, ages_at, reminder_days, stretches
from .enrolment import add_representative
from .models import Patient, Practice, Representative, User
from .permissions import Permission, require
from .signals import (
    account_opened,
    ages_changed,
    birth_changed,
    representative_added,
    representative_ended,
)

FREE = ("starts_on", "ends_on", "may_message", "may_see_record")


@dataclass(frozen=True)
class Change:
    """A right that a birthday ends soon: whose, of whom, on which day, and which."""

    who: Representative
    on: date
    messages: bool
    record: bool


@transaction.atomic
def add_parent(
    *,
    patient: Patient,
    by: User | None,
    name: str,
    email: str = "",
    relationship: str,
    starts_on: date,
    may_message: bool = True,
    may_see_record: bool = True,
) -> Representative:
    """A parent or guardian may act for the child until the birthdays the practice set.

    The first stretch of days, to which the others are tied. RequestError for a patient whose
    date of birth is not known, or who is too old for every right.
    """
    if patient.birth_on is None:
        raise RequestError("Write down the child's date of birth first: the rights end by it.")
    ages = ages_at(patient.practice)
    planned = stretches(
        patient.birth_on, starts_on, ages, messages=may_message, record=may_see_record
    )
    if not planned:
        raise RequestError(
            "At this age the practice gives no parent these rights. Add the person as one whom "
            "the patient named, if that is so."
        )
    said: dict[str, Any] = {"patient": patient, "by": by, "name": name, "email": email}
    made = [
        add_representative(relationship=relationship, **said, **_columns(each)) for each in planned
    ]
    for each in made:
        _tie(each, made[0])
    return made[0]


@receiver(ages_changed)
def follow_ages_at(practice: Practice, **_: Any) -> None:
    """Parents here have the rights that the ages set now give them. What they lose ends today."""
    held = Representative.objects.filter(patient__practice=practice, by_age=True, continues=None)
    for first in held.select_related("patient__practice"):
        _follow(first)


@receiver(birth_changed)
def follow_birth(patient: Patient, **_: Any) -> None:
    """The same for one child whose date of birth was corrected."""
    for first in patient.representatives.filter(by_age=True, continues=None):
        _follow(first)


def changes_soon(by: User, practice: Practice) -> list[Change]:
    """Which rights of parents end within the days of the reminder, the next first.

    Those to be looked after: the child is to be invited to an account, and both to be told.
    """
    require(by, Permission.MANAGE_REPRESENTATIVES, practice)
    today = clock.today(practice.time_zone)
    until = today + timedelta(days=reminder_days())
    held = Representative.objects.filter(
        patient__practice=practice, by_age=True, starts_on__lte=today, ends_on__range=(today, until)
    )
    rows = held.select_related("patient__user").prefetch_related("continued_by")
    return sorted((_change(each) for each in rows), key=lambda each: (each.on, each.who.name))


@receiver(account_opened)
def open_later_stretches(representative: Representative | None, user: User, **_: Any) -> None:
    """One account for all stretches of a parent."""
    if representative is None or not representative.by_age:
        return
    first = representative.continues_id or representative.pk
    others = Representative.objects.filter(Q(pk=first) | Q(continues=first), user=None)
    others.update(user=user, account_opened_on=representative.account_opened_on)


def _change(held: Representative) -> Change:
    first = held.continues_id or held.pk
    on = (held.ends_on or date.max - DAY) + DAY
    after = Representative.objects.filter(continues=first, starts_on=on).first()
    return Change(
        held,
        on,
        messages=held.may_message and not (after and after.may_message),
        record=held.may_see_record and not (after and after.may_see_record),
    )


def _columns(stretch: Stretch) -> dict[str, Any]:
    return {each: getattr(stretch, each) for each in FREE}


def _tie(made: Representative, first: Representative) -> None:
    made.by_age, made.continues = True, None if made == first else first
    made.save(update_fields=["by_age", "continues"])


def _follow(first: Representative) -> None:
    """The stretches of now laid over those that stand there; what is past stays as it was."""
    patient = first.patient
    if patient.birth_on is None:
        return
    today = clock.today(patient.practice.time_zone)
    rows = [first, *first.continued_by.order_by("starts_on", "id")]
    asked = {
        "messages": any(each.may_message for each in rows),
        "record": any(each.may_see_record for each in rows),
    }
    live = [each for each in rows if each.ends_on is None or each.ends_on >= today]
    if not live:
        return
    current, later = live[0], live[1:]
    begins = max(today, current.starts_on)
    planned = stretches(patient.birth_on, begins, ages_at(patient.practice), **asked)
    Representative.objects.filter(pk__in=[each.pk for each in later]).delete()
    if planned and (current.starts_on > today or _rights(current) == _rights(planned[0])):
        current.ends_on = planned[0].ends_on
        current.may_message, current.may_see_record = _rights(planned.pop(0))
        current.save(update_fields=list(FREE))
    else:
        _end_before(current, begins)
    for stretch in planned:
        _begin(first, stretch)


def _rights(held: Representative | Stretch) -> tuple[bool, bool]:
    return held.may_message, held.may_see_record


def _end_before(held: Representative, day: date) -> None:
    held.ends_on = day - DAY
    held.save(update_fields=["ends_on"])
    representative_ended.send(sender=Representative, representative=held)


def _begin(first: Representative, stretch: Stretch) -> None:
    made = Representative.objects.create(
        patient=first.patient, user=first.user, name=first.name, email=first.email,
        relationship=first.relationship, account_opened_on=first.account_opened_on,
        by_age=True, continues=first, **_columns(stretch),
    )  # fmt: skip
    representative_added.send(sender=Representative, representative=made)
