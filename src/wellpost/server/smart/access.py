"""Whether a connection still gives anything, asked at each renewal. No token outlives one."""

from __future__ import annotations

from wellpost.server.clock import time as clock
from wellpost.server.people.permissions import Permission, may

from .models import Connection
from .queries import is_approved


def still_allowed(connection: Connection) -> bool:
    """Not ended, the app still approved, and the user still stands to the record today."""
    return (
        connection.ended_at is None
        and (connection.runs_out_at is None or clock.now() < connection.runs_out_at)
        and is_approved(connection.app, connection.patient.practice)
        and may(connection.user, Permission.CONNECT_APPS, connection.patient)
    )
