"""Everything that changes conversations: each deed whole, in one transaction, on record."""

from __future__ import annotations

from .coverage import cover, end_coverage
from .reading import mark_read
from .renewing import revoke_key
from .retracting import replace_message, retract_message
from .sending import send_automatically, send_message, start_thread
from .states import lock_thread, reopen_thread, resolve_thread
from .taking_part import add_participant

__all__ = [
    "add_participant",
    "cover",
    "end_coverage",
    "lock_thread",
    "mark_read",
    "reopen_thread",
    "replace_message",
    "resolve_thread",
    "retract_message",
    "revoke_key",
    "send_automatically",
    "send_message",
    "start_thread",
]
