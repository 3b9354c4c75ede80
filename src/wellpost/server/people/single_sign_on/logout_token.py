"""The logout token: what must hold before it ends a session (Back-Channel Logout 1.0, 2.6)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from .errors import NotSignedOnError
from .provider import Provider
from .tokens import LEEWAY, believed, text

EVENT = "http://schemas.openid.net/event/backchannel-logout"
NEEDED = ("exp", "iat", "jti", "events")
RECENT = 600
REMEMBERED = 2 * RECENT + 4 * LEEWAY
"""Seconds: how long ago a token may be made, and for how long its number is known."""
TYPES = {None, "JWT", "logout+jwt"}


class Ended(NamedTuple):
    """Whose session ended, or (without a `subject`) which. `number`: the token's own."""

    issuer: str
    subject: str
    session: str
    number: str


def read_logout(found: Provider, raw: str) -> Ended:
    """What the token says; NotSignedOnError unless all of it holds."""
    header, claims = believed(found, raw, NEEDED)
    if header.get("typ") not in TYPES or "nonce" in claims or not _is_logout(claims):
        raise NotSignedOnError("no_logout_token")
    if not _is_recent(claims["iat"]):
        raise NotSignedOnError("not_recent")
    told = Ended(found.issuer, text(claims, "sub"), text(claims, "sid"), text(claims, "jti"))
    if not told.number or not (told.subject or told.session):
        raise NotSignedOnError("of_nobody")
    return told


def _is_logout(claims: Mapping[str, Any]) -> bool:
    events = claims["events"]
    return isinstance(events, dict) and isinstance(events.get(EVENT), dict)


def _is_recent(at: object) -> bool:
    now = time.time()
    return isinstance(at, int | float) and -RECENT - LEEWAY <= at - now <= LEEWAY
