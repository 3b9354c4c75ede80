"""Requests that were refused, on record where it is known who asked (ASVS 5.0, 16.3.2).

The row says what page was asked for, by its name, and the identifiers in its address; it stands
with the practice of the one who asked, for nobody else may learn that there is such a thing.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed

from .models import User
from .queries import place_of


def refused(request: HttpRequest, user: User | None = None, **details: object) -> None:
    """Put it on record for `user`, else for who is signed in; a stranger's is left to the log."""
    by = user or getattr(request, "user", None)
    if not isinstance(by, User):
        return
    practice_id, patient_id = place_of(by)
    record(
        by=by,
        deed=Deed.REFUSED,
        outcome="refused",
        practice_id=practice_id,
        patient_id=patient_id,
        details={"method": str(request.method), **_asked(request), **details},
    )


def _asked(request: HttpRequest) -> dict[str, Any]:
    found = request.resolver_match
    if found is None:
        return {}
    asked = {key: str(each) for key, each in found.kwargs.items()}
    return {"page": found.view_name, "asked": asked}
