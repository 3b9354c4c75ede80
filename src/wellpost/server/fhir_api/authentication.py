"""Who asks. Today whoever signed in to the pages; what apps bring will be read here too."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from wellpost.server.people.models import User
from wellpost.server.people.queries import works_anywhere

from .outcomes import Refused

SIGN_IN = "/account/login/"


def signed_in(request: HttpRequest) -> User:
    """The user who asks; 401 for nobody, 403 for staff without a second factor."""
    user = request.user
    if not isinstance(user, User):
        raise Refused(401, "login", f"Sign in at {SIGN_IN} first.", _how_to_sign_in())
    if works_anywhere(user) and not is_mfa_enabled(user):
        raise Refused(
            403, "forbidden", "First set up a second way to prove that it is you: /account/2fa/."
        )
    return user


def _how_to_sign_in() -> dict[str, str]:
    """A 401 names a scheme (RFC 9110, 11.6.1); ours is the cookie of a session."""
    cookie = settings.SESSION_COOKIE_NAME
    return {
        "WWW-Authenticate": f'Cookie realm="Wellpost", form-action="{SIGN_IN}", '
        f'cookie-name="{cookie}"'
    }
