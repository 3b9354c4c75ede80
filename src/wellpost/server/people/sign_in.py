"""How django-allauth is bent to our ways: no self-registration, resets to shown addresses only."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from .accounts import address_is_shown


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are opened by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account on a patient's record comes from the practice."""
        return False


class ResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Sends a new password's link to an address that was shown to be its owner's."""

    def clean_email(self) -> str:
        """The address; for one not shown nothing is sent, and the answer is the same."""
        email: str = super().clean_email()
        self.users = [user for user in self.users if address_is_shown(user)]
        return email
