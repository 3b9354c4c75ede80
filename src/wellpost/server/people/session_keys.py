"""What a session holds of itself, by these names: moments in seconds, and words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

BEGAN = "began_at"
SEEN = "seen_at"
DEVICE = "device"
PROVED_BY_PROVIDER = "second_factor_by_provider"
"""The user whose practice's own sign-in asked for a second factor as well."""

SIGNED_ON = "signed_on"
"""Of a session that began at the practice's own sign-in: `user`, `subject` and `session` there (as
digests), and `until`, the second from which one signs in there again.
"""


def moment(session: Mapping[str, Any], name: str) -> datetime | None:
    """What a session (or its data) holds in seconds under that name."""
    seconds = session.get(name)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def began(session: Mapping[str, Any]) -> datetime | None:
    """When the sign-in began; its row says the same."""
    return moment(session, BEGAN)
