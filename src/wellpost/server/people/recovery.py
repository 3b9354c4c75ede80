"""A patient's account is lost: it is taken off the record, and the way is open for a new one.

Nothing of the history is lost: it belongs to the record, not to the account.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock

from .models import Clinician, Membership, Patient, Proof, Representative, User
from .permissions import Permission, require, same_person
from .sign_ins import end_all
from .signals import account_recovered

__all__ = ["Loss", "Proof", "recover_account"]


class Loss(TextChoices):
    """Why an account is taken off a record."""

    CANNOT_SIGN_IN = "cannot_sign_in", _("The patient can no longer sign in")
    ADDRESS_LOST = "address_lost", _("The patient no longer has that email address")
    STRANGER = "stranger", _("Somebody else may be using the account")


@transaction.atomic
def recover_account(*, patient: Patient, by: User | None, loss: str, proof: str) -> Patient:
    """Take the account off every record of the patient and cut it off; then somebody can be
    invited anew. An account that nothing else hangs on is closed, and its address is free again.

    NotAllowed for who may not; RequestError where there is no account.
    """
    require(by, Permission.RECOVER_ACCOUNT, patient)
    why, known_by = Loss(loss), Proof(proof)
    records = list(Patient.objects.select_for_update().filter(same_person(patient.pk)))
    users = User.objects.filter(pk__in={each.user_id for each in records if each.user_id})
    if not users:
        raise RequestError("There is no account on this record; invite the patient instead.")
    kept = next(each for each in records if each.merged_into_id is None)
    kept.invitations.filter(representative=None, used_at=None, withdrawn_at=None).update(
        withdrawn_at=clock.now()
    )
    for user in users:
        _take_off(user, kept, records, by, {"loss": why.value, "proof": known_by.value})
    kept.refresh_from_db()
    return kept


def _take_off(
    user: User, kept: Patient, records: list[Patient], by: User | None, said: dict[str, str]
) -> None:
    """In this order: who is told must still have an address, and what hangs on it is asked last."""
    account_recovered.send(sender=Patient, patient=kept, user=user)
    Patient.objects.filter(pk__in=[each.pk for each in records], user=user).update(user=None)
    closed = not _needed_elsewhere(user)
    if closed:
        _close(user)
    record(
        by=by,
        deed=Deed.ACCOUNT_RECOVERED,
        target=user,
        practice_id=kept.practice_id,
        patient_id=kept.pk,
        details={**said, "closed": closed},
    )


def _needed_elsewhere(user: User) -> bool:
    holders = (Patient, Representative, Membership, Clinician)
    return any(each._default_manager.filter(user=user).exists() for each in holders)


def _close(user: User) -> None:
    """Nobody signs in with it again, and nobody still is."""
    end_all(user)
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    user.email = f"{user.pk}@closed.invalid"
    user.is_active = False
    user.set_unusable_password()
    user.save()
