"""The only way to an account on a patient's record: a code of the practice, used once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, QuerySet

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock

from .accounts import check_password_strength, has_account, make_account
from .ages import old_enough
from .codes import code_hash, make_code
from .mail import mail_invitation, was_taken
from .models import Invitation, Patient, Proof, Representative, User
from .permissions import Permission, require
from .signals import account_opened

Way = Literal["email", "letter"]

REFUSED = (
    "This code and date of birth do not open an invitation. Check both; if it still fails, "
    "ask the practice for a new invitation."
)
ATTEMPTS = 5
"""Wrong dates of birth after which an invitation is withdrawn."""


def invite_patient(
    *, patient: Patient, by: User | None, sent_by: Way = "email", proof: str = ""
) -> tuple[Invitation, str]:
    """Invite the patient to open an account; earlier invitations still waiting are withdrawn.

    Gives the code too, for the letter; it is kept nowhere. By email it is sent at once, or, where
    the mail server does not take it, withdrawn again (`withdrawn_at`). `proof`: how `by` knows who
    it is (models.Proof), on record with the invitation.
    """
    if not old_enough(patient.surviving):
        raise RequestError(
            "The patient is too young for an account of their own here. Invite a parent or "
            "guardian, as one who may act for the patient."
        )
    return _invite(patient.surviving, None, by, sent_by, proof)


def invite_representative(
    *, representative: Representative, by: User | None, sent_by: Way = "email", proof: str = ""
) -> tuple[Invitation, str]:
    """Invite the representative to open an account, or to link the one they have."""
    return _invite(representative.patient.surviving, representative, by, sent_by, proof)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User | None) -> None:
    """The invitation can no longer be used."""
    require(by, Permission.INVITE_PATIENT, invitation.patient)
    _withdraw(Invitation.objects.filter(pk=invitation.pk))
    _record(Deed.INVITATION_WITHDRAWN, invitation, by)


def open_invitation(*, code: str, birth_on: date) -> Invitation:
    """The waiting invitation of this code, if the patient was born that day.

    RequestError otherwise, the same for every reason and with as much work. A wrong day is
    counted; after five the invitation is withdrawn.
    """
    invitation = _waiting().filter(code_hash=code_hash(code)).first()
    if invitation is None or invitation.patient.birth_on != birth_on:
        _count_failure(invitation)
        raise RequestError(REFUSED)
    return invitation


@transaction.atomic
def take_up_invitation(*, invitation: Invitation, user: User) -> Invitation:
    """Give the user the record, or the representation, that an opened invitation is for."""
    held = _waiting().select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if held is None:
        raise RequestError(REFUSED)
    _link(held, user)
    held.used_at = clock.now()
    held.save(update_fields=["used_at"])
    _record(Deed.INVITATION_ACCEPTED, held, user)
    _record(Deed.ACCOUNT_OPENED, held, user)
    account_opened.send(
        sender=Invitation,
        patient=held.patient.surviving,
        representative=held.representative,
        user=user,
    )
    return held


def accept_invitation(
    *,
    code: str,
    birth_on: date,
    user: User | None = None,
    email: str = "",
    password: str = "",
    name: str = "",
) -> Invitation:
    """Take up an invitation with an account that exists (`user`), or with a new one."""
    invitation = open_invitation(code=code, birth_on=birth_on)
    with transaction.atomic():
        holder = user or account_for(invitation, email=email, name=name, password=password)
        return take_up_invitation(invitation=invitation, user=holder)


def account_for(invitation: Invitation, *, email: str, name: str, password: str) -> User:
    """A new account; its address is known to be theirs if the code was sent there."""
    shown = was_sent_to(invitation, email)
    return make_account(email=email, name=name, password=password, verified=shown)


def was_sent_to(invitation: Invitation, email: str) -> bool:
    """Whether the code went to that address, so that who has the one has the other."""
    return invitation.sent_by == "email" and email.strip().lower() == address_of(invitation)


def hidden_account(invitation: Invitation, email: str, password: str) -> bool:
    """Whether the address has an account that its owner alone may be told of. It takes as long as
    opening one: the password is hashed as well.
    """
    if was_sent_to(invitation, email) or not has_account(email):
        return False
    check_password_strength(password)
    make_password(password)
    return True


def address_of(invitation: Invitation) -> str:
    """The email address the practice has for the one invited."""
    return (invitation.representative or invitation.patient).email.strip().lower()


def _invite(
    patient: Patient,
    representative: Representative | None,
    by: User | None,
    sent_by: Way,
    proof: str,
) -> tuple[Invitation, str]:
    require(by, Permission.INVITE_PATIENT, patient)
    invited = representative or patient
    _check_can_be_invited(patient, invited, sent_by)
    if proof and proof not in Proof.values:
        raise RequestError("Say how you know who it is by one of the ways offered.")
    code = make_code()
    with transaction.atomic():
        _withdraw(_waiting().filter(patient=patient, representative=representative))
        invitation = Invitation.objects.create(
            patient=patient,
            representative=representative,
            code_hash=code_hash(code),
            sent_by=sent_by,
            proof=proof,
            created_by=by,
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(days=settings.INVITATION_DAYS),
        )
        _record(Deed.INVITATION_MADE, invitation, by)
        if sent_by == "email":
            transaction.on_commit(lambda: _mail(invitation, invited.email, code))
    return invitation, code


def _mail(invitation: Invitation, address: str, code: str) -> None:
    """One that the mail server did not take is withdrawn: nobody has its code, and the next one is
    to be made.
    """
    if not was_taken(lambda: mail_invitation(address, code)):
        _withdraw(Invitation.objects.filter(pk=invitation.pk))
        invitation.refresh_from_db(fields=["withdrawn_at"])
        _record(Deed.INVITATION_WITHDRAWN, invitation, None)


def _check_can_be_invited(
    patient: Patient, invited: Patient | Representative, sent_by: Way
) -> None:
    if invited.user_id:
        raise RequestError("There is an account already; no invitation is needed.")
    if patient.birth_on is None:
        raise RequestError("The patient's date of birth is not known; write it down first.")
    if sent_by == "email" and not invited.email:
        raise RequestError("There is no email address; write one down, or send a letter.")


def _link(invitation: Invitation, user: User) -> None:
    linked = invitation.representative or invitation.patient.surviving
    if linked.user_id and linked.user_id != user.pk:
        raise RequestError(REFUSED)
    linked.user = user
    # One whose account was lost could read since the first one: what was sent then had arrived.
    today = clock.today(invitation.patient.practice.time_zone)
    linked.account_opened_on = linked.account_opened_on or today
    linked.save(update_fields=["user", "account_opened_on"])


def _count_failure(invitation: Invitation | None) -> None:
    """Without one, just as much is done, with no invitation's number."""
    with transaction.atomic():
        same = Invitation.objects.filter(pk=invitation.pk if invitation else uuid4())
        same.update(failed_attempts=F("failed_attempts") + 1)
        _record(Deed.INVITATION_FAILED, invitation, None, outcome="refused")
        if _withdraw(same.filter(failed_attempts__gte=ATTEMPTS)):
            _record(Deed.INVITATION_WITHDRAWN, invitation, None)


def _waiting() -> QuerySet[Invitation]:
    waiting = Invitation.objects.filter(used_at=None, withdrawn_at=None, expires_at__gt=clock.now())
    return waiting.select_related("patient__practice", "patient__merged_into", "representative")


def _withdraw(invitations: QuerySet[Invitation]) -> int:
    return invitations.filter(withdrawn_at=None).update(withdrawn_at=clock.now())


def _record(
    deed: Deed, invitation: Invitation | None, by: User | None, *, outcome: str = "done"
) -> None:
    practice_id = invitation.patient.practice_id if invitation else None
    details = {"sent_by": invitation.sent_by, "proof": invitation.proof} if invitation else {}
    record(
        by=by,
        deed=deed,
        target=invitation,
        practice_id=practice_id,
        outcome=outcome,
        details=details,
    )
