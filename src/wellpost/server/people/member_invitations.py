"""How clinicians and staff come to their accounts: a code, used once, to set the password."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock

from .accounts import check_password_strength, mark_address_shown
from .checks import check_address
from .codes import code_hash, make_code
from .mail import mail_member_invitation, was_taken
from .models import MemberInvitation, Membership, User
from .permissions import Permission, require
from .roster import give_account

REFUSED = "This code does not open an account. Check it, or ask your administrator for a new one."


@transaction.atomic
def invite_member(
    *, membership: Membership, by: User | None, email: str = ""
) -> tuple[MemberInvitation, str]:
    """Send a member a code to set their password with. `email` gives an account to a clinician
    who has none. RequestError when they can sign in already.
    """
    require(by, Permission.MANAGE_PEOPLE, membership)
    check_address(email)
    user = _account_to_open(membership, by, email)
    _waiting().filter(user=user).update(withdrawn_at=clock.now())
    code = make_code()
    invitation = MemberInvitation.objects.create(
        user=user,
        code_hash=code_hash(code),
        created_by=by,
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=settings.INVITATION_DAYS),
    )
    record(by=by, deed=Deed.INVITATION_MADE, target=membership)
    transaction.on_commit(lambda: _mail(invitation, user.email, code))
    return invitation, code


def _mail(invitation: MemberInvitation, address: str, code: str) -> None:
    """One that the mail server did not take is withdrawn: nobody has its code."""
    if not was_taken(lambda: mail_member_invitation(address, code)):
        invitation.withdrawn_at = clock.now()
        invitation.save(update_fields=["withdrawn_at"])


def open_member_invitation(*, code: str) -> MemberInvitation:
    """The waiting invitation of this code; RequestError when there is none."""
    invitation = _waiting().filter(code_hash=code_hash(code)).first()
    if invitation is None:
        raise RequestError(REFUSED)
    return invitation


@transaction.atomic
def take_up_member_invitation(*, code: str, password: str) -> User:
    """Set the password of the account the code opens. The code came to its address, so that is
    shown to be theirs.
    """
    invitation = open_member_invitation(code=code)
    held = MemberInvitation.objects.select_for_update().get(pk=invitation.pk)
    if held.used_at:
        raise RequestError(REFUSED)
    user = held.user
    check_password_strength(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    mark_address_shown(user)
    held.used_at = clock.now()
    held.save(update_fields=["used_at"])
    record(by=user, deed=Deed.ACCOUNT_OPENED, target=user)
    return user


def _account_to_open(membership: Membership, by: User | None, email: str) -> User:
    if membership.clinician and email:
        give_account(membership.clinician, email, membership.practice, by)
    user = membership.account
    if user is None:
        raise RequestError("There is no email address to send it to; give one.")
    if user.has_usable_password():
        raise RequestError("There is an account with a password already.")
    return user


def _waiting() -> QuerySet[MemberInvitation]:
    return MemberInvitation.objects.filter(
        used_at=None, withdrawn_at=None, expires_at__gt=clock.now()
    )
