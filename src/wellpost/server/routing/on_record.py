"""How changes of what the practice decided go on record."""

from __future__ import annotations

from django.db.models import Model

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import Practice, User


def record_change(
    by: User, practice: Practice, target: Model, what: str, **details: object
) -> None:
    """One row: which setting, and how it was changed, in identifiers and numbers."""
    record(
        by=by,
        deed=Deed.ROUTING_CHANGED,
        practice_id=practice.pk,
        target=target,
        details={"what": what, **details},
    )
