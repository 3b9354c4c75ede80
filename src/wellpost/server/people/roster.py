"""The clinicians and staff of a practice: adding, ending."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed

from .accounts import make_account
from .checks import (
    check_address,
    check_days,
    check_name,
    check_npi_given,
)
from .models import Clinician, Membership, Practice, Role, User
from .permissions import Permission, require


@transaction.atomic
def add_clinician(
    *,
    practice: Practice,
    by: User | None,
    npi: str,
    name: str,
    starts_on: date,
    ends_on: date | None = None,
    email: str = "",
) -> Membership:
    """A clinician works at the practice between two days.

    `email` gives a clinician without an account one, to be opened by `invite_member`. A
    clinician who has one already, elsewhere, joins with that account's address only: so nobody
    comes into this practice by an account that it does not know.
    """
    require(by, Permission.MANAGE_PEOPLE, practice)
    check_npi_given(npi)
    check_name(name, "name")
    check_address(email)
    check_days(starts_on, ends_on)
    clinician, _ = Clinician.objects.get_or_create(npi=npi, defaults={"name": name.strip()})
    give_account(clinician, email, practice, by)
    return add_member(practice, by, Role.CLINICIAN, starts_on, ends_on, clinician=clinician)


@transaction.atomic
def add_staff(
    *,
    practice: Practice,
    by: User | None,
    email: str,
    name: str,
    role: Role | str,
    starts_on: date,
    ends_on: date | None = None,
) -> Membership:
    """A user has a role other than clinician at the practice between two days.

    Somebody new gets an account, to be opened by `invite_member`.
    """
    require(by, Permission.MANAGE_PEOPLE, practice)
    if role == Role.CLINICIAN:
        raise RequestError("A clinician is added with an NPI, not as staff.")
    check_name(name, "name")
    check_name(email, "email address")
    check_address(email)
    check_days(starts_on, ends_on)
    user = account_of(email, name)
    return add_member(practice, by, Role(role), starts_on, ends_on, user=user)


@transaction.atomic
def end_membership(*, membership: Membership, by: User | None, on: date) -> Membership:
    """The membership ends: `on` is the first day without it."""
    require(by, Permission.MANAGE_PEOPLE, membership)
    membership.ends_on = on - timedelta(days=1)
    membership.save(update_fields=["ends_on"])
    record(by=by, deed=Deed.MEMBERSHIP_ENDED, target=membership)
    return membership


def add_member(
    practice: Practice,
    by: User | None,
    role: Role,
    starts_on: date,
    ends_on: date | None,
    *,
    clinician: Clinician | None = None,
    user: User | None = None,
) -> Membership:
    """Somebody at the practice between two days, on record; the caller has asked for permission."""
    membership = Membership.objects.create(
        practice=practice,
        clinician=clinician,
        user=user,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    deed = Deed.CLINICIAN_ADDED if clinician else Deed.STAFF_ADDED
    record(by=by, deed=deed, target=membership, details={"role": str(role)})
    return membership


def account_of(email: str, name: str) -> User:
    """The account of this address, made where there is none."""
    found = User.objects.filter(email__iexact=email.strip()).first()
    return found or make_account(email=email, name=name, verified=False)


def give_account(clinician: Clinician, email: str, practice: Practice, by: User | None) -> None:
    """The clinician signs in with the account of this address; see `add_clinician` for when not."""
    address = email.strip().lower()
    if clinician.user:
        if by is not None and clinician.user.email != address:
            raise RequestError(
                f"npi {clinician.npi} has an account; give the email address it signs in with."
            )
        return
    if not address:
        return
    if clinician.memberships.exclude(practice=practice).exists():
        raise RequestError(
            f"npi {clinician.npi} is at another practice without an account; that practice "
            "opens it first, then give its email address here."
        )
    clinician.user = account_of(address, clinician.name)
    clinician.save(update_fields=["user"])
