"""Whether a patient can be reached, and what would make it so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from wellpost.server.clock import time as clock
from wellpost.server.messaging.models import Message, SenderKind
from wellpost.server.people.models import Invitation, Patient, Practice, Representative


class Reach(StrEnum):
    """How a message to the patient fares today."""

    ACCOUNT = "account"
    REPRESENTATIVE = "representative"
    INVITED = "invited"
    NOT_INVITED = "not_invited"
    NO_EMAIL = "no_email"


@dataclass(frozen=True)
class Reached:
    """One patient: how reachable, and whether a message waits for the first sign-in."""

    reach: Reach
    message_waits: bool

    @property
    def reachable(self) -> bool:
        """Whether somebody can open a message today."""
        return self.reach in (Reach.ACCOUNT, Reach.REPRESENTATIVE)


class Reaching:
    """Answers for every patient of a practice, with four queries however many are asked about."""

    def __init__(self, practice: Practice) -> None:
        self._accounts = _with_account(practice)
        self._represented = _represented(practice)
        self._invited = _invited(practice)
        self._written = _written_to(practice)

    def of(self, patient: Patient) -> Reached:
        """How this patient (a surviving record) can be reached."""
        reach = self._reach(patient)
        found = Reached(reach, message_waits=False)
        return Reached(reach, patient.pk in self._written and not found.reachable)

    def _reach(self, patient: Patient) -> Reach:
        if patient.pk in self._accounts:
            return Reach.ACCOUNT
        if patient.pk in self._represented:
            return Reach.REPRESENTATIVE
        if patient.pk in self._invited:
            return Reach.INVITED
        return Reach.NOT_INVITED if patient.email else Reach.NO_EMAIL


def _surviving(pairs: Iterable[tuple[UUID, UUID | None]]) -> set[UUID]:
    return {merged or own for own, merged in pairs}


def _with_account(practice: Practice) -> set[UUID]:
    opened = Patient.objects.filter(practice=practice, account_opened_on__isnull=False)
    return _surviving(opened.values_list("pk", "merged_into_id"))


def _represented(practice: Practice) -> set[UUID]:
    today = clock.today(practice.time_zone)
    held = Representative.objects.filter(
        patient__practice=practice,
        account_opened_on__lte=today,
        may_message=True,
        starts_on__lte=today,
    )
    active = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    return _surviving(active.values_list("patient_id", "patient__merged_into_id"))


def _invited(practice: Practice) -> set[UUID]:
    waiting = Invitation.objects.filter(
        patient__practice=practice, used_at=None, withdrawn_at=None, expires_at__gt=clock.now()
    )
    return _surviving(waiting.values_list("patient_id", "patient__merged_into_id"))


def _written_to(practice: Practice) -> set[UUID]:
    written = Message.objects.filter(
        thread__practice=practice,
        sender_kind__in=[SenderKind.CLINICIAN, SenderKind.STAFF],
        retracted_at__isnull=True,
    )
    return _surviving(written.values_list("thread__patient_id", "thread__patient__merged_into_id"))
