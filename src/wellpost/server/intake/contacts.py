"""Visits as contacts: messages are kept so many years after the last one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db.models import Max
from django.db.models.functions import Coalesce

from wellpost.server.messaging.retention.planning import CONTACTS
from wellpost.server.people.models import Practice
from wellpost.server.records.models import Encounter


def last_visits(practice: Practice) -> Mapping[UUID, date]:
    """The day of each patient's last visit, by the record that is kept."""
    held = Encounter.objects.filter(practice=practice, cancelled_at=None)
    kept = held.annotate(kept=Coalesce("patient__merged_into", "patient")).order_by()
    return dict(kept.values_list("kept").annotate(last=Max("seen_on")))


CONTACTS.append(last_visits)
