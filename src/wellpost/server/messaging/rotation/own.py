"""What this room, and those below it, have the key provider wrap."""

from __future__ import annotations

from wellpost.server.people.models import EmergencyAccess

from .. import sealed_words
from ..emergency import reason_context
from ..keys.parties import private_key_context
from ..models import ChartSearch, LegalHold, PartyKey
from .holdings import HOLDINGS, Holding

HOLDINGS += [
    Holding(PartyKey, "wrapping_key_id", "wrapped_private_key", private_key_context),
    Holding(EmergencyAccess, "reason_key_id", "reason_sealed", reason_context),
    Holding(LegalHold, "reason_key_id", "reason_sealed", sealed_words.reason_context),
    Holding(ChartSearch, "words_key_id", "words_sealed", sealed_words.search_context),
]
