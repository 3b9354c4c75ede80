"""What this room has the key provider wrap: the key of each file."""

from __future__ import annotations

from wellpost.server.messaging.rotation.holdings import HOLDINGS, Holding

from .models import HomeFile
from .sealing import key_context

HOLDINGS.append(Holding(HomeFile, "wrapping_key_id", "wrapped_key", key_context))
