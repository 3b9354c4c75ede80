"""What was sent on, for who may see the record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import NotAllowed, Permission, require, same_person

from .history import what_in_words
from .links import State, erase_what_expired, state_of
from .models import Transmission

SHOWN = 50


@dataclass(frozen=True)
class Sent:
    """One sending, with how it stands now."""

    sending: Transmission
    state: State
    what: str
    by_me: bool

    @property
    def can_be_taken_back(self) -> bool:
        """Whether the link opens still."""
        return self.state is State.WAITING


def sent(patient: Patient, by: User) -> list[Sent]:
    """The latest sendings of the patient's record, whoever of their side made them."""
    require(by, Permission.READ_RECORD, patient)
    erase_what_expired()
    found = _of(patient).select_related("user").order_by("-made_at")[:SHOWN]
    return [
        Sent(each, state_of(each), what_in_words(each.what), each.user_id == by.pk)
        for each in found
    ]


def one_sent(patient: Patient, by: User, sending_id: UUID) -> Transmission:
    """The sending of that id; NotAllowed where it is none of the patient's."""
    require(by, Permission.READ_RECORD, patient)
    found = _of(patient).filter(pk=sending_id).first()
    if found is None:
        raise NotAllowed("there is no such sending here.")
    return found


def _of(patient: Patient) -> QuerySet[Transmission]:
    records = Patient.objects.filter(same_person(patient.pk)).values_list("pk", flat=True)
    return Transmission.objects.filter(patient__in=list(records))
