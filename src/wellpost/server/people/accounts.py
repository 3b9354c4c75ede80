"""Accounts that people sign in with."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from wellpost.errors import RequestError

from .models import User


@transaction.atomic
def make_account(*, email: str, name: str, password: str | None = None, verified: bool) -> User:
    """An account. `password` None: it cannot sign in until one is set. `verified`: the address
    is known to be this person's; else it must be shown to be at the first sign-in.

    RequestError when the address has an account already or the password is too easily guessed.
    """
    address = email.strip().lower()
    if has_account(address):
        raise RequestError("This email address cannot be used for a new account.")
    user = User(email=address, name=name.strip())
    if password is not None:
        check_password_strength(password, user)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=address, verified=verified, primary=True)
    return user


def has_account(address: str) -> bool:
    """Whether somebody signs in with that address. Nobody but its owner is told."""
    return User.objects.filter(email__iexact=address.strip()).exists()


def check_password_strength(password: str, user: User | None = None) -> None:
    """RequestError with what the password lacks."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RequestError(" ".join(error.messages)) from None


def address_is_shown(user: User) -> bool:
    """Whether the user's address was shown to be theirs."""
    shown = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return bool(shown.exists())


def mark_address_shown(user: User) -> None:
    """The user has shown that the address is theirs: a code sent there came back."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
