"""How django-allauth is bent to our ways: no self-registration, resets to shown addresses only."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ResetPasswordForm
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from .accounts import address_is_shown
from .models import User


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are opened by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account on a patient's record comes from the practice."""
        return False

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Before what one signs in with is changed; not while one sets up the first second
        factor, within minutes of signing in without one."""
        if app == "allauth.mfa" and _came_in_without_second_factor(context.request):
            return False
        required: bool = super().is_reauthentication_required(app=app, **more)
        return required


def _came_in_without_second_factor(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    latest = max((float(each["at"]) for each in records), default=0.0)
    if time.time() - latest > float(app_settings.REAUTHENTICATION_TIMEOUT):
        return False
    older = {"user": request.user, "created_at__lt": datetime.fromtimestamp(latest, UTC)}
    return not Authenticator.objects.filter(**older).exists()


class ResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Sends a new password's link to an address that was shown to be its owner's."""

    users: list[User]

    def clean_email(self) -> str:
        """The address; for one not shown nothing is sent, and the answer is the same."""
        email: str = super().clean_email()
        self.users = [user for user in self.users if address_is_shown(user)]
        return email
