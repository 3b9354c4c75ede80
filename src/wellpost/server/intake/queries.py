"""What the pages of intake show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Max

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Clinician, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, require
from wellpost.server.records.models import Encounter

from .hl7v2.models import Answer, ReceivedMessage

LATEST = 25
DAYS = 30
"""How long a refused message is shown; by then it came again, or never will."""


class Registration(NamedTuple):
    """What came by HL7 v2: when the last message was taken over, and which were refused lately."""

    last_at: datetime | None
    refused: list[ReceivedMessage]


def registration(by: User, practice: Practice) -> Registration | None:
    """What registration sent to the practice; None when it never sent anything."""
    require(by, Permission.IMPORT_VISITS, practice)
    held = ReceivedMessage.objects.filter(practice=practice)
    taken = held.filter(answer=Answer.ACCEPTED).aggregate(last=Max("received_at"))["last"]
    since = clock.now() - timedelta(days=DAYS)
    refused = held.exclude(answer=Answer.ACCEPTED).filter(received_at__gte=since)
    latest = list(refused.order_by("-received_at", "pk")[:LATEST])
    return Registration(taken, latest) if taken or latest else None


def latest_visits(by: User, practice: Practice) -> list[Encounter]:
    """The visits that came in last, by any way; those taken back too."""
    require(by, Permission.RECORD_VISIT, practice)
    held = practice.encounters.select_related("patient__merged_into", "clinician")
    return list(held.order_by("-recorded_at", "-seen_on", "pk")[:LATEST])


def visit_for(by: User, visit_id: UUID) -> Encounter:
    """One visit of the practice `by` works at; NotAllowed for any other and for none."""
    visit = Encounter.objects.select_related("practice", "patient").filter(pk=visit_id).first()
    if visit is None:
        raise NotAllowed("there is no such visit here.")
    require(by, Permission.RECORD_VISIT, visit)
    return visit


def clinicians_to_choose(practice: Practice) -> list[Clinician]:
    """Everybody who was ever a clinician of the practice, by name: visits are of days past."""
    ever = Clinician.objects.filter(memberships__practice=practice).distinct()
    return list(ever.order_by("name", "npi"))
