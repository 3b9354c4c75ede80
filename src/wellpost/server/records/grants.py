"""When an encounter's information could be reached: told by what is kept, never entered.

Of the resources of an encounter the one that kept the patient waiting longest speaks for all:
the encounter is timely if and only if each of them was. Worked out from what is on record, so
that the same history gives the same days, whenever it is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from wellpost.server.people.models import Patient, Practice

from .business_days import between
from .means import Days, first_day, means_of
from .models import AccessGrant, ClosedDay, Encounter, Resource

AT_ONCE = 500


class Waited(NamedTuple):
    """A resource's day with the clinician and its first day with the patient (none yet)."""

    available_on: date
    reached_on: date | None


def refresh(encounters: Iterable[UUID]) -> None:
    """Write the grants of these encounters anew; one of which nothing is kept has none.

    In the caller's transaction.
    """
    wanted = list(dict.fromkeys(encounters))
    for start in range(0, len(wanted), AT_ONCE):
        _refresh(wanted[start : start + AT_ONCE])


def refresh_patient(patient: Patient) -> None:
    """All the grants of a person: their account, or somebody's who acts for them, has changed."""
    person = patient.surviving.pk
    records = Patient.objects.filter(Q(pk=person) | Q(merged_into=person))
    held = Resource.objects.filter(patient__in=records).exclude(encounter=None)
    refresh(held.order_by().values_list("encounter_id", flat=True).distinct())


def refresh_practice(practice: Practice, since: datetime) -> None:
    """The grants of what became available from then on: the practice's calendar has changed."""
    held = Resource.objects.filter(practice=practice, available_to_clinician_at__gte=since)
    refresh(held.exclude(encounter=None).values_list("encounter_id", flat=True).distinct())


def _refresh(encounters: Sequence[UUID]) -> None:
    moments = _moments(encounters)
    held = Encounter.objects.select_related("practice", "patient").in_bulk(list(moments))
    means = means_of({_person(each) for each in held.values()})
    closed = _closed({each.practice_id for each in held.values()})
    days = {
        pk: _longest(_waits(moments[pk], each, means), closed[each.practice_id])
        for pk, each in held.items()
    }
    _write(encounters, days)


def _moments(encounters: Sequence[UUID]) -> Mapping[UUID, list[tuple[datetime, datetime | None]]]:
    found: defaultdict[UUID, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    kept = Resource.objects.filter(encounter__in=encounters, withdrawn_at=None).values_list(
        "encounter_id", "available_to_clinician_at", "available_to_patient_at"
    )
    for encounter, known_at, released_at in kept.iterator():
        if encounter is not None:
            found[encounter].append((known_at, released_at))
    return found


def _person(encounter: Encounter) -> UUID:
    return encounter.patient.merged_into_id or encounter.patient_id


def _closed(practices: Collection[UUID]) -> defaultdict[UUID, set[date]]:
    found: defaultdict[UUID, set[date]] = defaultdict(set)
    for day in ClosedDay.objects.filter(practice__in=practices):
        found[day.practice_id].add(day.closed_on)
    return found


def _waits(
    moments: Iterable[tuple[datetime, datetime | None]],
    encounter: Encounter,
    means: Mapping[UUID, Collection[Days]],
) -> Iterable[Waited]:
    """What was there before the visit became its information on the day of the visit."""
    zone, of_person = ZoneInfo(encounter.practice.time_zone), means.get(_person(encounter), ())
    for known_at, released_at in moments:
        known_on = max(known_at.astimezone(zone).date(), encounter.seen_on)
        if released_at is None:
            yield Waited(known_on, None)
        else:
            released_on = max(released_at.astimezone(zone).date(), known_on)
            yield Waited(known_on, first_day(of_person, released_on))


def _longest(waits: Iterable[Waited], closed: Collection[date]) -> Waited:
    """The one that waited most business days, of several the first; one still waiting is it."""
    return max(waits, key=lambda one: (_lag(one, closed), -one.available_on.toordinal()))


def _lag(waited: Waited, closed: Collection[date]) -> float:
    if waited.reached_on is None:
        return float("inf")
    return between(waited.available_on, waited.reached_on, closed)


def _write(encounters: Sequence[UUID], days: Mapping[UUID, Waited]) -> None:
    there = {each.encounter_id: each for each in AccessGrant.objects.filter(encounter__in=days)}
    made, changed = [], []
    for encounter, (available_on, reached_on) in days.items():
        held = there.get(encounter)
        values = {"available_on": available_on, "vdt_on": reached_on, "api_on": reached_on}
        if held is None:
            made.append(AccessGrant(encounter_id=encounter, **values))
        elif any(getattr(held, name) != value for name, value in values.items()):
            changed.append(AccessGrant(pk=held.pk, encounter_id=encounter, **values))
    AccessGrant.objects.bulk_create(made)
    AccessGrant.objects.bulk_update(changed, ["available_on", "vdt_on", "api_on"])
    gone = [pk for pk in encounters if pk not in days]
    AccessGrant.objects.filter(encounter__in=gone).delete()
