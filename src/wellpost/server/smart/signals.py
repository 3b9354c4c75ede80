"""What happens to the apps of an account that is lost."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import same_person
from wellpost.server.people.signals import account_recovered

from .actions import end_connections_of


@receiver(account_recovered)
def cut_off(patient: Patient, user: User, **_: Any) -> None:
    """Every app that the account let in reads nothing more."""
    end_connections_of(user, Patient.objects.filter(same_person(patient.pk)))
