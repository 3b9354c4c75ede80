"""What patients sent from home that nobody at the practice has decided about yet."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from wellpost.server.from_home.models import HomeDatum, State
from wellpost.server.people.models import Practice


def waiting_from_home(practice: Practice) -> Mapping[UUID, str]:
    """By person the kind of what waits longest."""
    waiting = HomeDatum.objects.filter(practice=practice, state=State.WAITING)
    rows = waiting.order_by("-received_at").values_list(
        "patient_id", "patient__merged_into_id", "kind"
    )
    return {merged or own: kind for own, merged, kind in rows.iterator()}
