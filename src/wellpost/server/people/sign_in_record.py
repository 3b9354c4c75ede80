"""Signing in and out, and what one signs in with, on record. Never what was typed."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed

from .devices import device_of
from .known_devices import remember
from .models import User
from .queries import place_of
from .session_keys import BEGAN, DEVICE
from .sign_ins import end_all, end_oldest


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Somebody came in, on a device that their list names; of too many the oldest ends."""
    remember(request, user.email)
    request.session[BEGAN] = int(time.time())
    request.session[DEVICE] = device_of(request.META.get("HTTP_USER_AGENT", ""))
    _record(Deed.SIGNED_IN, user)
    end_oldest(user)


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    """Somebody left; nobody had been there when `user` is None."""
    if user is not None:
        _record(Deed.SIGNED_OUT, user)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], **_: Any) -> None:
    """A wrong password, or an address nobody has; the account tried is named where there is one."""
    tried = User.objects.filter(email__iexact=credentials.get("email") or "").first()
    _record_failure(tried, "password")


@receiver(authentication_failed)
def second_factor_failed(user: User, **_: Any) -> None:
    """A wrong code, or a passkey that did not answer rightly."""
    _record_failure(user, "second_factor")


@receiver(authenticator_added)
@receiver(authenticator_reset)
def second_factor_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    """An authenticator app, a passkey, or new recovery codes."""
    made_codes = authenticator.type == Authenticator.Type.RECOVERY_CODES
    deed = Deed.RECOVERY_CODES_MADE if made_codes else Deed.SECOND_FACTOR_ADDED
    _record(deed, user, kind=str(authenticator.type))


@receiver(authenticator_removed)
def second_factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    """An authenticator app or a passkey less."""
    _record(Deed.SECOND_FACTOR_REMOVED, user, kind=str(authenticator.type))


@receiver(password_changed)
@receiver(password_set)
def password_was_changed(request: HttpRequest, user: User, **_: Any) -> None:
    """By the one signed in; elsewhere they are signed in no more."""
    _record(Deed.PASSWORD_CHANGED, user)
    end_all(user, here=request.session.session_key or "")


@receiver(email_changed)
def address_was_changed(user: User, **_: Any) -> None:
    """By the one signed in, who has shown that the new address is theirs."""
    _record(Deed.ADDRESS_CHANGED, user)


@receiver(password_reset)
def password_was_reset(request: HttpRequest, user: User, **_: Any) -> None:
    """By the link in an email: this browser is known from now on, and nobody stays signed in with
    the old one.
    """
    remember(request, user.email)
    _record(Deed.PASSWORD_RESET, user)
    end_all(user)


def _record(deed: Deed, user: User, **details: str) -> None:
    practice_id, patient_id = place_of(user)
    record(
        by=user,
        deed=deed,
        target=user,
        practice_id=practice_id,
        patient_id=patient_id,
        details=details,
    )


def _record_failure(tried: User | None, way: str) -> None:
    """Where nobody has the address as much is asked: how long it takes tells nothing."""
    practice_id, patient_id = place_of(tried or User())
    record(
        by=None,
        deed=Deed.SIGN_IN_FAILED,
        outcome="refused",
        target=tried,
        practice_id=practice_id,
        patient_id=patient_id,
        details={"way": way},
    )
