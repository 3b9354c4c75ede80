"""What the pages of intake show."""

from __future__ import annotations

from uuid import UUID

from wellpost.server.people.models import Clinician, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, require
from wellpost.server.records.models import Encounter

LATEST = 25


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
