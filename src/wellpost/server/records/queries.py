"""What is asked of the record: each gives only what the one who asks may see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, may

from .models import Resource
from .sight import Sight, patients_side, practices_side


def visible(
    patient: Patient,
    by: User | None,
    *,
    start: date | None = None,
    end: date | None = None,
    kinds: Collection[str] | None = None,
) -> QuerySet[Resource]:
    """The resources of a patient's record that `by` may see, the latest first.

    On the patient's side what is available to the patient by now; the practice (READ_CHART), and
    the machine itself (None), all that stands. Of every record of the person that was merged.
    `start` and `end` are local days, both included: what has no day is there in any case.
    NotAllowed for everybody else. The caller puts the reading on record.
    """
    if by is not None and may(by, Permission.READ_RECORD, patient):
        return released(patient, by, start=start, end=end, kinds=kinds)
    return charted(patient, by, start=start, end=end, kinds=kinds)


def released(
    patient: Patient,
    by: User | None,
    *,
    start: date | None = None,
    end: date | None = None,
    kinds: Collection[str] | None = None,
) -> QuerySet[Resource]:
    """As `visible` for the patient's side alone: also for one who works at the practice."""
    return seen(patients_side(patient, by), start=start, end=end, kinds=kinds)


def charted(
    patient: Patient,
    by: User | None,
    *,
    start: date | None = None,
    end: date | None = None,
    kinds: Collection[str] | None = None,
) -> QuerySet[Resource]:
    """As `visible` for the practice alone, whether the patient has it yet or not."""
    return seen(practices_side(patient, by), start=start, end=end, kinds=kinds)


def seen(
    sight: Sight,
    *,
    start: date | None = None,
    end: date | None = None,
    kinds: Collection[str] | None = None,
) -> QuerySet[Resource]:
    """The resources in somebody's sight, the latest first: for a page that asks several times."""
    found = Resource.objects.filter(patient__in=sight.records, withdrawn_at=None).defer("came")
    if not sight.chart:
        found = found.filter(available_to_patient_at__lte=clock.now())
    if kinds is not None:
        found = found.filter(kind__in=kinds)
    found = _between(found, ZoneInfo(sight.patient.practice.time_zone), start, end)
    return found.order_by(F("occurred_at").desc(nulls_last=True), "-changed_at", "id")


def seen_at(
    practice: Practice, identifiers: Collection[UUID], kinds: Collection[str] | None = None
) -> QuerySet[Resource]:
    """Practitioners, places and other resources of no patient, by id: of this practice only.

    Not asked by whom: names of those a record mentions are no patient's data.
    """
    found = Resource.objects.filter(
        pk__in=list(identifiers), practice=practice, patient=None, withdrawn_at=None
    )
    return found if kinds is None else found.filter(kind__in=kinds)


def one_of(found: QuerySet[Resource], resource_id: UUID) -> Resource:
    """The resource of that id among those found; NotAllowed where it is none of them."""
    row = found.filter(pk=resource_id).first()
    if row is None:
        raise NotAllowed("there is no such entry here.")
    return row


def _between(
    found: QuerySet[Resource], zone: ZoneInfo, start: date | None, end: date | None
) -> QuerySet[Resource]:
    if start:
        found = found.filter(Q(occurred_at__gte=_midnight(start, zone)) | Q(occurred_at=None))
    if end:
        after = end + timedelta(days=1) if end < date.max else end
        found = found.filter(Q(occurred_at__lt=_midnight(after, zone)) | Q(occurred_at=None))
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)
