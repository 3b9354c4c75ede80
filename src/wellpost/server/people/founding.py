"""A practice and its administrators, as the machine's own command line makes them."""

from __future__ import annotations

from django.db import transaction

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock

from .accounts import check_password_strength, make_account, mark_address_shown
from .checks import check_address, check_name, check_time_zone, check_tin_given
from .models import Membership, Practice, Role, User
from .queries import members_of
from .roster import add_member


@transaction.atomic
def set_up_practice(
    *,
    name: str,
    tin: str,
    time_zone: str,
    administrator_email: str,
    administrator_name: str,
    password: str,
) -> tuple[Practice, User]:
    """A new practice with its first administrator; see `appoint_administrator`."""
    check_tin_given(tin)
    check_time_zone(time_zone)
    check_name(name, "practice's name")
    if Practice.objects.filter(tin=tin).exists():
        raise RequestError(f"A practice with tin {tin} exists already.")
    practice = Practice.objects.create(name=name.strip(), tin=tin, time_zone=time_zone)
    record(by=None, deed=Deed.PRACTICE_SET_UP, target=practice, practice_id=practice.pk)
    administrator = appoint_administrator(
        practice=practice, email=administrator_email, name=administrator_name, password=password
    )
    return practice, administrator


@transaction.atomic
def appoint_administrator(*, practice: Practice, email: str, name: str, password: str) -> User:
    """An administrator from today on, with an account of this address. Whoever signs in already
    keeps their name and password; see `signs_in_already`.

    RequestError when they are the practice's administrator, or the password is too easily guessed.
    """
    check_address(email)
    check_name(email, "email address")
    user = _account(email, name, password)
    if any(each.user == user and each.role == Role.ADMINISTRATOR for each in members_of(practice)):
        raise RequestError("This address is an administrator's of that practice already.")
    starts_on = clock.today(practice.time_zone)
    add_member(practice, None, Role.ADMINISTRATOR, starts_on, None, user=user)
    return user


def signs_in_already(email: str) -> bool:
    """Whether there is an account of this address that has a password."""
    found = User.objects.filter(email__iexact=email.strip()).first()
    return found is not None and found.has_usable_password()


def practices_without_administrator() -> int:
    """How many practices nobody administers today, as after an import."""
    held = Membership.objects.filter(role=Role.ADMINISTRATOR).select_related("practice")
    led = {
        each.practice_id for each in held if each.active_on(clock.today(each.practice.time_zone))
    }
    return Practice.objects.exclude(pk__in=led).count()


def _account(email: str, name: str, password: str) -> User:
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        check_name(name, "name")
        return make_account(email=email, name=name, password=password, verified=True)
    if not user.has_usable_password():
        check_password_strength(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        mark_address_shown(user)
    return user
