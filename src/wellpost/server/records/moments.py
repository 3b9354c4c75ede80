"""From when a resource could be read: by the clinician, and by the patient."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from wellpost.server.people.models import Practice

from .models import ReleaseHold
from .spans import span

_SAID_IN = ("issued", "recorded", "recordedDate", "dateRecorded", "authoredOn", "dateAsserted")
_OR_IN = ("date", "statusDate", "created")
"""When somebody wrote it down, by the elements of R4's kinds, the surest first."""


def known_at(resource: Mapping[str, Any], now: datetime, time_zone: tzinfo) -> datetime:
    """The moment the clinician had it: issued or recorded, else its last update, else now.

    A visit is known when it ends. Never later than `now`: nobody has what is still to come.
    """
    for said in _said(resource):
        moment = _moment(said, time_zone)
        if moment is not None:
            return min(moment, now)
    return now


def _said(resource: Mapping[str, Any]) -> list[object]:
    said = [resource.get(name) for name in _SAID_IN]
    period, meta = resource.get("period"), resource.get("meta")
    if resource.get("resourceType") == "Encounter" and isinstance(period, dict):
        said += [period.get("end"), period.get("start")]
    said += [resource.get(name) for name in _OR_IN]
    if isinstance(meta, dict):
        said.append(meta.get("lastUpdated"))
    return said


def _moment(said: object, time_zone: tzinfo) -> datetime | None:
    try:
        return span(said, time_zone)[0] if isinstance(said, str) else None
    except ValueError:
        return None


def released_at(known: datetime, now: datetime, days_held: int) -> datetime:
    """When the patient's side may see it: at once, or when the practice's hold has passed."""
    return max(now, known + timedelta(days=days_held)) if days_held else now


def holds_of(practice: Practice) -> Mapping[str, int]:
    """The days that the practice holds parts of the record back, by section; none as a rule."""
    return dict(ReleaseHold.objects.filter(practice=practice).values_list("section", "days"))
