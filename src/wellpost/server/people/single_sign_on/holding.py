"""How long a session that began at the provider holds here, and what the provider finds it by.

The provider's own session may end before, or go on: OWASP ASVS 5.0, 7.6.1 asks that both be
decided. Here it holds for the hours of the settings from the sign-in *there*, whenever one came
here, and ends when the provider says so (`ending.py`).
"""

from __future__ import annotations

import time
from hashlib import sha256

from django.http import HttpRequest

from ..models import User
from ..session_keys import SIGNED_ON
from .errors import NotSignedOnError
from .provider import in_use
from .tokens import Identity


def keep(request: HttpRequest, read: Identity, user: User) -> None:
    """Note in the session whose sign-in there it comes from, and until when it holds.

    NotSignedOnError where the sign-in there is older than a session may be. A provider that does
    not say when it was (`auth_time`, which it owes to who sends `max_age`) is taken to mean now.
    """
    now = time.time()
    until = min(now if read.proved_at is None else read.proved_at, now) + longest()
    if until <= now:
        raise NotSignedOnError("signed_in_too_long_ago")
    request.session[SIGNED_ON] = {
        "user": str(user.pk),
        "subject": digest(read.issuer, read.subject),
        "session": digest(read.issuer, read.session),
        "until": until,
    }


def is_over(request: HttpRequest) -> bool:
    """Whether the user's session began there, and they have to sign in there again."""
    held = request.session.get(SIGNED_ON)
    if not held or held["user"] != str(request.user.pk):
        return False
    return bool(time.time() >= held["until"])


def longest() -> int:
    """The seconds that a session holds after the sign-in there."""
    return in_use().hours * 3600


def digest(issuer: str, name: str) -> str:
    """What stands here for a subject or a session of the provider's; nothing for none."""
    return sha256(f"{issuer}\n{name}".encode()).hexdigest() if name else ""
