"""How often somebody may try a password or a code: counted so that a stranger who tries somebody
else's account shuts nobody out but himself.

A browser that its owner signed in with before has a count of its own, and so has each place
(network address) that is new to the account. All new places together have a high limit a day: it
stops a guess from many places at once, and still leaves the owner their known browsers, their
passkey, and a new password by email, which makes the browser known. What nobody has an address
for is counted just so: the limits tell nothing.
"""

from __future__ import annotations

from allauth.core.internal.ratelimit import RateLimitUsage, consume, get_ip
from django.http import HttpRequest

from .known_devices import known_device

PASSWORD = "password"  # noqa: S105 - what is tried
CODE = "code"


class Try:
    """One try that was counted; `rollback` when it was right."""

    def __init__(self, counted: list[RateLimitUsage]) -> None:
        self._counted = counted

    def rollback(self) -> None:
        """It is as if nothing was tried: only wrong ones count."""
        for each in self._counted:
            each.rollback()


def take_try(request: HttpRequest, what: str, address: str) -> Try | None:
    """Count a try of the account with this address; None when there were too many already.

    `what`: PASSWORD or CODE. The limits: ACCOUNT_RATE_LIMITS.
    """
    account = address.strip().lower()
    if device := known_device(request, account):
        return _taken(request, [(f"{what}_known", f"{device} {account}")])
    place = f"{get_ip(request)} {account}"
    return _taken(request, [(f"{what}_place", place), (f"{what}_account", account)])


def _taken(request: HttpRequest, counts: list[tuple[str, str]]) -> Try | None:
    counted: list[RateLimitUsage] = []
    for action, key in counts:
        usage = consume(request, app="allauth.account", action=action, key=key)
        if usage is None:
            return None
        counted.append(usage)
    return Try(counted)
