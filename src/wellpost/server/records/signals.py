"""What the record does when people change: who can reach it, and from when, is told anew."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from wellpost.server.people.models import Invitation, Patient, Representative
from wellpost.server.people.signals import (
    account_opened,
    patients_merged,
    representative_added,
    representative_ended,
)

from .grants import refresh_patient


@receiver(account_opened)
def account(patient: Patient, **_: Any) -> None:
    """Somebody of the patient's side can sign in from now on."""
    refresh_patient(patient)


@receiver(post_save, sender=Invitation)
def invited(instance: Invitation, created: bool, **_: Any) -> None:
    """The patient's side was given what it needs to open an account."""
    if created:
        refresh_patient(instance.patient)


@receiver(representative_added)
@receiver(representative_ended)
def represented(representative: Representative, **_: Any) -> None:
    """Who may see the record, or until when, has changed."""
    refresh_patient(representative.patient)


@receiver(patients_merged)
def merged(kept: Patient, **_: Any) -> None:
    """Two records are one person's: an account of one opens both."""
    refresh_patient(kept)
