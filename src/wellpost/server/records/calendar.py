"""What the practice says of its days: when it is closed, and what it holds back how long."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

import holidays
from django.db import transaction
from django.db.models import QuerySet

from wellpost.adapters.fhir.plain import SECTIONS
from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import Permission, require

from .grants import refresh, refresh_practice
from .models import ClosedDay, ReleaseHold, Resource
from .moments import released_at

LONGEST_HOLD = 30
"""Days. Nothing may be held back without end (45 CFR part 171)."""

WEEKS_AROUND = timedelta(days=60)
"""How far back from a closed day something may have begun to wait for which it matters."""


def closed_days(practice: Practice, by: User | None, year: int) -> QuerySet[ClosedDay]:
    """The practice's closed days of a year, in order."""
    require(by, Permission.MANAGE_PEOPLE, practice)
    return practice.closed_days.filter(closed_on__year=year).order_by("closed_on")


def federal_holidays(year: int) -> Mapping[date, str]:
    """The weekdays of a year on which the federal government is closed, in order (5 USC 6103)."""
    found: Mapping[date, str] = holidays.country_holidays("US", years=year)
    return {day: found[day] for day in sorted(found) if day.weekday() < 5 and day.year == year}


@transaction.atomic
def close_days(*, practice: Practice, by: User | None, days: Mapping[date, str]) -> int:
    """Mark days as closed, with what they are; how many were not yet. RequestError for weekends."""
    require(by, Permission.MANAGE_PEOPLE, practice)
    weekends = [day for day in days if day.weekday() >= 5]
    if weekends:
        raise RequestError("Saturdays and Sundays are no business days in any case.")
    held = set(practice.closed_days.filter(closed_on__in=days).values_list("closed_on", flat=True))
    made = [
        ClosedDay(practice=practice, closed_on=day, says=says[:100])
        for day, says in days.items()
        if day not in held
    ]
    ClosedDay.objects.bulk_create(made)
    _changed(practice, by, [each.closed_on for each in made], "closed")
    return len(made)


@transaction.atomic
def open_day(*, practice: Practice, by: User | None, on: date) -> None:
    """The practice was, or will be, open on that day after all."""
    require(by, Permission.MANAGE_PEOPLE, practice)
    deleted, _ = practice.closed_days.filter(closed_on=on).delete()
    _changed(practice, by, [on] if deleted else [], "opened")


def _changed(practice: Practice, by: User | None, days: Collection[date], how: str) -> None:
    """Put it on record, and tell anew which of an encounter's entries waited longest."""
    if not days:
        return
    since = datetime.combine(min(days), time(), UTC) - WEEKS_AROUND
    refresh_practice(practice, since)
    record(
        by=by,
        deed=Deed.CLOSED_DAYS_CHANGED,
        target=practice,
        practice_id=practice.pk,
        details={how: sorted(day.isoformat() for day in days)},
    )


@transaction.atomic
def hold_back(*, practice: Practice, by: User | None, days: Mapping[str, int]) -> None:
    """How many days each part of the record waits before patients see it; 0: none.

    What waits already waits no longer than the new days say. RequestError for an unknown part,
    and for more than thirty days.
    """
    require(by, Permission.MANAGE_PEOPLE, practice)
    _check(days)
    before = dict(practice.holds.values_list("section", "days"))
    practice.holds.all().delete()
    ReleaseHold.objects.bulk_create(
        ReleaseHold(practice=practice, section=section, days=many)
        for section, many in days.items()
        if many
    )
    shorter = [name for name in before if days.get(name, 0) < before[name]]
    _release(practice, shorter, days)
    details = {"before": before, "now": {name: many for name, many in days.items() if many}}
    record(
        by=by,
        deed=Deed.RELEASE_HOLDS_CHANGED,
        target=practice,
        practice_id=practice.pk,
        details=details,
    )


def _check(days: Mapping[str, int]) -> None:
    unknown = sorted(set(days) - SECTIONS.keys())
    if unknown:
        raise RequestError(f"{', '.join(unknown)}: no part of the record.")
    if any(not 0 <= many <= LONGEST_HOLD for many in days.values()):
        raise RequestError(f"Write how many days, from 0 to {LONGEST_HOLD}.")


def _release(practice: Practice, sections: Iterable[str], days: Mapping[str, int]) -> None:
    now = clock.now()
    waiting = list(
        Resource.objects.filter(
            practice=practice, section__in=list(sections), available_to_patient_at__gt=now
        ).defer("body", "came")
    )
    for row in waiting:
        known = row.available_to_clinician_at
        row.available_to_patient_at = released_at(known, now, days.get(row.section, 0))
    Resource.objects.bulk_update(waiting, ["available_to_patient_at"], batch_size=500)
    refresh(row.encounter_id for row in waiting if row.encounter_id)
