"""How people are referred to: the same ids that the API gives them when they are read.

A clinician has the id that the record's API knows them by; somebody of the staff one of the same
make. A representative is a RelatedPerson; what the practice writes as such is the Organization's.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from wellpost.server.messaging.models import Addressee, Message, SenderKind, Thread
from wellpost.server.messaging.showing import sender_name
from wellpost.server.people.fhir_ids import organization_id, practitioner_id, staff_id
from wellpost.server.people.models import (
    Clinician,
    Membership,
    Patient,
    Practice,
    Representative,
    User,
)

Reference = dict[str, Any]


def reference(kind: str, key: UUID, name: str) -> Reference:
    """A FHIR Reference."""
    return {"reference": f"{kind}/{key}", "display": name}


def of_patient(patient: Patient) -> Reference:
    """The surviving record of a patient."""
    kept = patient.surviving
    return reference("Patient", kept.id, str(kept))


def of_representative(representative: Representative) -> Reference:
    """Who acts for a patient."""
    return reference("RelatedPerson", representative.pk, representative.name)


class Directory:
    """The people of one practice by their references, and back."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice

    @property
    def organization(self) -> Reference:
        """The practice itself."""
        return reference("Organization", organization_id(self.practice), self.practice.name)

    def of_clinician(self, clinician: Clinician) -> Reference:
        """A clinician."""
        key = practitioner_id(self.practice, clinician)
        return reference("Practitioner", key, clinician.name)

    def of_user(self, user: User) -> Reference:
        """Somebody of the practice who is no clinician."""
        return reference("Practitioner", self.user_id(user), user.name)

    def user_id(self, user: User) -> UUID:
        """The id of the Practitioner that stands for them."""
        return staff_id(self.practice, user)

    def of_membership(self, membership: Membership) -> Reference:
        """Somebody of the practice."""
        if membership.clinician:
            return self.of_clinician(membership.clinician)
        return self.of_user(membership.user) if membership.user else self.organization

    def id_of(self, membership: Membership) -> UUID:
        """The id of the Practitioner that stands for them."""
        return UUID(self.of_membership(membership)["reference"].partition("/")[2])

    @cached_property
    def members(self) -> dict[UUID, list[Membership]]:
        """Everybody who works or worked here, the latest membership of each first."""
        found: dict[UUID, list[Membership]] = {}
        held = self.practice.memberships.select_related("clinician__user", "user")
        for each in held.order_by("-starts_on", "pk"):
            found.setdefault(self.id_of(each), []).append(each)
        return found

    def sender(self, message: Message) -> Reference:
        """Who wrote it; the practice itself where no person of it is known here."""
        if message.sender_kind == SenderKind.PATIENT:
            return of_patient(message.thread.patient)
        if message.sender_kind == SenderKind.REPRESENTATIVE and message.representative:
            return of_representative(message.representative)
        if message.sender_kind == SenderKind.CLINICIAN and message.clinician:
            return self.of_clinician(message.clinician)
        if message.sender_kind == SenderKind.STAFF and message.sender:
            return self.of_user(message.sender)
        if message.sender_kind == SenderKind.REPRESENTATIVE:  # of an import, which names none
            return {"display": sender_name(message, message.thread)}
        return self.organization

    def recipient(self, message: Message) -> Reference:
        """To whom it is addressed."""
        if message.sent_to == Addressee.PATIENT:
            return of_patient(message.thread.patient)
        if message.sent_to == Addressee.REPRESENTATIVE:
            who = message.representative
            return of_representative(who) if who else {"display": _("A representative")}
        held = message.addressed_to
        return self.of_membership(held) if held else self.organization

    def parties(self, thread: Thread, people: Any) -> list[Reference]:
        """Everybody who can read the thread: never only one clinician, always the practice."""
        return [
            of_patient(thread.patient),
            *(of_representative(each) for each in people.representatives),
            self.organization,
            *(self.of_membership(each.membership) for each in people.participants),
        ]
