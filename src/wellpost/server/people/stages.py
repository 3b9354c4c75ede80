"""What stands between the password and being signed in."""

from __future__ import annotations

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from .session_keys import PROVED_BY_PROVIDER


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]  # allauth has no types
    """Asks for the second factor, unless the practice's own sign-in just did."""

    def _should_handle(self, request: HttpRequest) -> bool:
        proved = request.session.get(PROVED_BY_PROVIDER)
        if self.login.user is not None and proved == str(self.login.user.pk):
            return False
        asked: bool = super()._should_handle(request)
        return asked
