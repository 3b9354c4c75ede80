"""Whose messages these are, as whoever began to listen said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Feed:
    """What whoever began to listen said: for which practice, the TINs of facilities by the names
    that messages give them, and whether tests (MSH-11 T or D) are taken over.
    """

    tin: str | None = None
    facilities: Mapping[str, str] = field(default_factory=dict)
    test_messages: bool = False
