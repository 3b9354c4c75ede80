"""When somebody looked at a record before: what came since is new to them."""

from __future__ import annotations

from datetime import datetime, timedelta

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, User

from .models import RecordVisit

ONE_VISIT = timedelta(hours=1)
"""Pages looked at within this time belong to one visit, in which new things stay new."""


def look(user: User, patient: Patient) -> datetime | None:
    """Note that the user looks now; when they looked before this visit, None for the first."""
    now = clock.now()
    first = {"looked_at": now, "looked_before_at": None}
    visit, made = RecordVisit.objects.get_or_create(user=user, patient=patient, defaults=first)
    if not made and not timedelta() <= now - visit.looked_at < ONE_VISIT:
        visit.looked_at, visit.looked_before_at = now, visit.looked_at
        visit.save(update_fields=["looked_at", "looked_before_at"])
    return visit.looked_before_at
