"""The codes of a second factor: wrong ones are counted as tries.py says."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms

from .tries import CODE, take_try


class _Counted:
    """Counts a try before the code is looked at, and takes it back when the code is right."""

    user: Any

    def clean_code(self) -> str:
        """The code, as typed."""
        counted = take_try(context.request, CODE, self.user.email)
        if counted is None:
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()  # type: ignore[misc]  # of the form it is mixed into
        counted.rollback()
        return code


class CodeForm(_Counted, forms.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """Asked after the password."""


class CodeAgainForm(_Counted, forms.ReauthenticateForm):  # type: ignore[misc]  # as above
    """Asked before what weighs much."""
