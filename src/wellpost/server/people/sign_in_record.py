"""Signing in and out, and what one signs in with, on record. Never what was typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

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

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed

from .models import User
from .queries import patients_for, practice_of


@receiver(user_logged_in)
def signed_in(user: User, **_: Any) -> None:
    """Somebody came in."""
    _record(Deed.SIGNED_IN, user)


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
def password_was_changed(user: User, **_: Any) -> None:
    """By the one signed in."""
    _record(Deed.PASSWORD_CHANGED, user)


@receiver(email_changed)
def address_was_changed(user: User, **_: Any) -> None:
    """By the one signed in, who has shown that the new address is theirs."""
    _record(Deed.ADDRESS_CHANGED, user)


@receiver(password_reset)
def password_was_reset(user: User, **_: Any) -> None:
    """By the link in an email."""
    _record(Deed.PASSWORD_RESET, user)


def _record(deed: Deed, user: User, **details: str) -> None:
    practice_id, patient_id = _place(user)
    record(
        by=user,
        deed=deed,
        target=user,
        practice_id=practice_id,
        patient_id=patient_id,
        details=details,
    )


def _record_failure(tried: User | None, way: str) -> None:
    practice_id, patient_id = _place(tried) if tried else (None, None)
    record(
        by=None,
        deed=Deed.SIGN_IN_FAILED,
        outcome="refused",
        target=tried,
        practice_id=practice_id,
        patient_id=patient_id,
        details={"way": way},
    )


def _place(user: User) -> tuple[UUID | None, UUID | None]:
    """The practice the user works at, else that of the record they have: where it can be read."""
    if practice := practice_of(user):
        return practice.pk, None
    own = patients_for(user)
    return (own[0].practice_id, own[0].pk) if own else (None, None)
