"""Whether a connection still gives anything, asked at each request and each renewal."""

from __future__ import annotations

from wellpost.server.people.permissions import Permission, may

from .models import Connection
from .queries import is_approved


def still_allowed(connection: Connection) -> bool:
    """Not ended, the app still approved, and the user still stands to the record today."""
    return (
        connection.ended_at is None
        and is_approved(connection.app, connection.patient.practice)
        and may(connection.user, Permission.CONNECT_APPS, connection.patient)
    )
