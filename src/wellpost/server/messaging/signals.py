"""What messaging does when people change: keys made, shared, and begun anew."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from wellpost.server.notices.actions import Kind, tell
from wellpost.server.people.models import Patient, Representative, User
from wellpost.server.people.permissions import same_person
from wellpost.server.people.signals import (
    account_opened,
    account_recovered,
    patient_created,
    patients_merged,
    representative_added,
    representative_ended,
    sign_ins_ended,
)

from .access import representatives_of
from .granting import grant, grant_all
from .keys.opened import opened_keys
from .keys.parties import keys_of, party_of
from .renewing import renew_threads_of, replace_key


@receiver(patient_created)
def make_key(patient: Patient, **_: Any) -> None:
    """A patient's key exists from the day the record does."""
    keys_of([party_of(patient), party_of(patient.practice)])


@receiver(account_recovered)
def cut_off(patient: Patient, user: User, **_: Any) -> None:
    """Tell whose account it was; give every record of the patient a new key, for which the
    practice wraps the history again; what is written from now on the old key never opens.
    """
    tell(users=[user.pk], kind=Kind.ACCOUNT_RECOVERED)
    for each in Patient.objects.filter(same_person(patient.pk)).select_related("practice"):
        replace_key(each)
    opened_keys.forget(user.pk)


@receiver(representative_added)
def let_in(representative: Representative, **_: Any) -> None:
    """One whose authority begins later is let in on the first visit after it began."""
    keys_of([party_of(representative)])
    if representative in representatives_of(representative.patient):
        grant(representative)


@receiver(representative_ended)
def shut_out(representative: Representative, **_: Any) -> None:
    """What is written from now on is under keys that the representative never had."""
    if representative.user_id:
        opened_keys.forget(representative.user_id)
    renew_threads_of(representative.patient)


@receiver(account_opened)
def open_to_new_account(representative: Representative | None, **_: Any) -> None:
    """A representative who just took up the invitation finds what was granted."""
    if representative and representative in representatives_of(representative.patient):
        grant(representative)


@receiver(patients_merged)
def share_between_records(kept: Patient, **_: Any) -> None:
    """Who may act for one of the records may act for both."""
    grant_all(kept, representatives_of(kept))


@receiver(user_logged_out)
@receiver(sign_ins_ended)
def forget_opened_keys(user: User | None, **_: Any) -> None:
    """Nothing that was opened for the sign-in outlives it; what another of theirs still needs,
    it opens again.
    """
    if user is not None:
        opened_keys.forget(user.pk)
