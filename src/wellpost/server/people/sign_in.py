"""How django-allauth is bent to our ways: no self-registration, resets to shown addresses only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ResetPasswordForm
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from .bound import came_by_provider
from .models import User
from .recent import latest_proof, proved_within
from .resets import ask_for_reset
from .tries import PASSWORD, take_try


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are opened by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account on a patient's record comes from the practice."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try; allauth takes it back (`rollback`) where the password was right."""
        counted = take_try(request, PASSWORD, str(credentials.get("email", "")))
        if counted is None:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage = counted

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Before what one signs in with is changed; not while one sets up the first second
        factor, within minutes of signing in without one."""
        if app == "allauth.mfa" and _came_in_without_second_factor(context.request):
            return False
        required: bool = super().is_reauthentication_required(app=app, **more)
        if required and _comes_by_provider_alone(context.request):
            raise ReauthenticationRequired
        return required

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, str]]:
        """Allauth's, and the practice's own sign-in for those who came by it."""
        ways: list[dict[str, str]] = super().get_reauthentication_methods(user)
        if isinstance(user, User) and came_by_provider(user):
            address = reverse("single_sign_on_again")
            says = settings.SINGLE_SIGN_ON.name or _("Use your practice's own sign-in")
            ways.append({"id": "single_sign_on", "description": says, "url": address})
        return ways

    def get_login_stages(self) -> list[str]:
        """Allauth's, but for who has shown a second factor to the practice's own sign-in."""
        stages: list[str] = super().get_login_stages()
        ours = "wellpost.server.people.stages.SecondFactorStage"
        return [ours if each == "allauth.mfa.stages.AuthenticateStage" else each for each in stages]


def _comes_by_provider_alone(request: HttpRequest) -> bool:
    """Allauth asks nothing of who has neither password nor second factor here; we do."""
    if not isinstance(request.user, User) or get_reauthentication_flows(request.user):
        return False
    return not proved_within(request, float(app_settings.REAUTHENTICATION_TIMEOUT))


def _came_in_without_second_factor(request: HttpRequest) -> bool:
    if not proved_within(request, float(app_settings.REAUTHENTICATION_TIMEOUT)):
        return False
    latest = latest_proof(request)
    older = {"user": request.user, "created_at__lt": datetime.fromtimestamp(latest, UTC)}
    return not Authenticator.objects.filter(**older).exists()


class ResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Puts down that somebody asked for a new password. Whose the address is, and whether to write
    there, is looked at after the answer has gone: neither it nor its time tells.
    """

    def clean_email(self) -> str:
        """The address, looked up nowhere."""
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **_: Any) -> str:
        """Ask; the letter goes out by itself."""
        email = self.cleaned_data["email"]
        ask_for_reset(str(email))
        return str(email)
