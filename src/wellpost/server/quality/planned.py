"""When a patient comes next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice

from .models import Appointment


def next_visits(practice: Practice) -> Mapping[UUID, date]:
    """The first day from today on for which each patient (a surviving record) has a visit."""
    planned = Appointment.objects.filter(
        practice=practice,
        cancelled_at=None,
        planned_on__gte=clock.today(practice.time_zone),
    )
    days = planned.order_by("-planned_on").values_list(
        "patient_id", "patient__merged_into_id", "planned_on"
    )
    return {merged or own: day for own, merged, day in days}
