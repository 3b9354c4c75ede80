"""Reading what is on record. Whoever asks has checked that the viewer may, and records that too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from .models import AuditRow

ROWS_A_PAGE = 50


def rows_of_patient(
    patient_ids: Collection[UUID],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    not_by: Collection[str] = (),
    category: str = "",
) -> QuerySet[AuditRow]:
    """What was done with the data of these records (one patient's), newest first; without what
    these actors did, and of one category, where they are given.
    """
    rows = AuditRow.objects.filter(patient_id__in=[str(each) for each in patient_ids])
    if not_by:
        rows = rows.exclude(actor_id__in=not_by)
    if category:
        rows = rows.filter(category=category)
    return _between(rows, since, until)


def rows_of_practice(
    practice_id: UUID,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    deed: str = "",
    actor_id: str = "",
    patient_id: str = "",
    outcome: str = "",
    category: str = "",
) -> QuerySet[AuditRow]:
    """What was done at the practice, newest first; narrowed by what is given."""
    wanted = {
        "deed": deed,
        "actor_id": actor_id,
        "patient_id": patient_id,
        "outcome": outcome,
        "category": category,
    }
    narrowed = {name: value for name, value in wanted.items() if value}
    return _between(AuditRow.objects.filter(practice_id=str(practice_id), **narrowed), since, until)


def page_of(rows: QuerySet[AuditRow], number: int | str | None) -> Page[AuditRow]:
    """One page of rows; a number out of range gives the nearest page."""
    return Paginator(rows, ROWS_A_PAGE).get_page(number)


def _between(
    rows: QuerySet[AuditRow], since: datetime | None, until: datetime | None
) -> QuerySet[AuditRow]:
    if since:
        rows = rows.filter(recorded_at__gte=since)
    if until:
        rows = rows.filter(recorded_at__lt=until)
    return rows.order_by("-id")
