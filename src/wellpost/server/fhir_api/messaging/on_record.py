"""That an app asked about messages: when it was last used. What was read stands in the audit.

It is no use of the health information by API in the law's sense (45 CFR 170.315(g)(10)): opening a
message on the portal is no view of it either. Messages count where they are sent, as messages.
"""

from __future__ import annotations

from wellpost.server.clock import time as clock
from wellpost.server.smart.models import Connection

from ..record.on_record import GRAIN
from .asker import Asker


def used(asker: Asker) -> None:
    """Note when the app last asked, once in a while; the practice's people have sessions."""
    if asker.reader is None:
        return
    held, now = asker.reader.connection, clock.now()
    if held.last_used_at is None or now - held.last_used_at > GRAIN:
        Connection.objects.filter(pk=held.pk).update(last_used_at=now)
