"""Accounts of the demo's people, and the codes their second factor shows now."""

from __future__ import annotations

import time
from functools import cache

from allauth.account.models import EmailAddress
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password

from wellpost.server.people.models import User

from .cast import PASSWORD, Person


def open_account(person: Person, name: str | None = None) -> User:
    """The person's account, ready to sign in with."""
    user = plain_account(person.email, name or person.name)
    prepare(user, person)
    return user


def prepare(user: User, person: Person) -> None:
    """Give an account the demo's password and, where the person has one, the second factor."""
    user.password = _sealed_password()
    user.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    if person.second_factor and not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, person.secret)


def plain_account(email: str, name: str) -> User:
    """An account with the demo's password and nothing else."""
    user = User.objects.create(email=email, name=name, password=_sealed_password())
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def code_now(person: Person) -> tuple[str, int]:
    """The six digits that sign the person in now, and for how many seconds they are new."""
    period = app_settings.TOTP_PERIOD
    moment = int(time.time())
    digits = format_hotp_value(hotp_value(person.secret, moment // period))
    return digits, period - moment % period


@cache
def _sealed_password() -> str:
    """Everybody's, made once: Argon2 is slow, as it should be."""
    return make_password(PASSWORD)
