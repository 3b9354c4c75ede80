"""From whom and to whom a message goes: checked against who asks and what the practice offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wellpost.server.clock import time as clock
from wellpost.server.messaging.models import Message
from wellpost.server.messaging.sight import Sight
from wellpost.server.people.models import Clinician, Membership, Patient, Representative
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.people.queries import representatives_of
from wellpost.server.routing.models import Reason
from wellpost.server.routing.reasons import offered
from wellpost.server.routing.recipients import clinicians_for

from .asker import Asker
from .asking import key, links
from .coming import Coming
from .references import Directory
from .refusals import wrong_at
from .resources import reasons_system

SENDER, RECIPIENT = "Communication.sender", "Communication.recipient"


@dataclass(frozen=True)
class Addressed:
    """Whom a message goes to, beside the patient or the practice themselves."""

    clinician: Membership | None = None
    colleague: Membership | None = None
    representative: Representative | None = None

    @property
    def for_clinician(self) -> Clinician | None:
        """The clinician whom the patient addresses."""
        return self.clinician.clinician if self.clinician else None


def sight_for(coming: Coming, asker: Asker) -> Sight:
    """The sight of the subject, who is always the patient, whoever writes."""
    found = links([coming.subject], "Patient")
    try:
        return asker.sight_of(found[0][1] if found else UUID(int=0))
    except NotAllowed:
        raise wrong_at(
            "Communication.subject",
            "is the patient it is about: Patient/ and the id of a record that you may write of.",
        ) from None


def check_sender(coming: Coming, asker: Asker, sight: Sight) -> None:
    """One writes in one's own name: as the patient, as RelatedPerson for the patient, or as the
    Practitioner one is. Left out, it is that.
    """
    if not coming.sender:
        return
    named = links([coming.sender], "Patient", "RelatedPerson", "Practitioner")
    right = _self(asker, sight)
    if not named or not set(named) & right:
        kind, identifier = next(iter(right))
        raise wrong_at(
            SENDER, f"whoever asks writes in their own name, {kind}/{identifier}; or leave it out."
        )


def _self(asker: Asker, sight: Sight) -> set[tuple[str, UUID]]:
    representative = sight.seat.representative
    if representative:
        return {("RelatedPerson", representative.pk)}
    if asker.reader:
        return {("Patient", each) for each in asker.reader.records}
    membership = sight.seat.membership
    return {("Practitioner", Directory(asker.practice).id_of(membership))} if membership else set()


def addressed(coming: Coming, asker: Asker, sight: Sight) -> Addressed:
    """The one person of the recipients; those who read it anyway need not be named."""
    if asker.reader:
        return _from_patient(coming, asker, sight)
    return _from_practice(coming, asker, sight)


def _from_patient(coming: Coming, asker: Asker, sight: Sight) -> Addressed:
    directory = Directory(asker.practice)
    practice = links([directory.organization["reference"]], "Organization")
    chosen = []
    for each in coming.recipients:
        found = links([each], "Organization", "Practitioner")
        if found != practice:
            chosen.append(_clinician(found, sight, directory))
    if len(chosen) > 1:
        raise wrong_at(RECIPIENT, "name one clinician at most; the practice reads it anyway.")
    return Addressed(clinician=chosen[0]) if chosen else Addressed()


def _clinician(found: list[tuple[str, UUID]], sight: Sight, directory: Directory) -> Membership:
    known = clinicians_for(sight.patient) if sight.patient else []
    for each in known:
        if ("Practitioner", directory.id_of(each)) in found:
            return each
    raise wrong_at(
        RECIPIENT,
        "is the practice, or one of the clinicians that Communication/$options names.",
        "not-supported",
    )


def _from_practice(coming: Coming, asker: Asker, sight: Sight) -> Addressed:
    people = [
        _person(found[0], asker, sight) if (found := links([each], *KINDS)) else None
        for each in coming.recipients
    ]
    if None in people:
        raise wrong_at(RECIPIENT, f"is one of {', '.join(KINDS)} and an id.")
    chosen = [each for each in people if each and each != Addressed()]
    if len(chosen) > 1:
        raise wrong_at(RECIPIENT, "name one person at most beside the patient.")
    return chosen[0] if chosen else Addressed()


KINDS = ("Patient", "RelatedPerson", "Practitioner")


def _person(found: tuple[str, UUID], asker: Asker, sight: Sight) -> Addressed:
    kind, identifier = found
    patient = sight.patient
    if kind == "Patient" and patient and identifier in (patient.pk, *_merged(patient)):
        return Addressed()
    if kind == "RelatedPerson" and patient:
        for each in representatives_of(patient):
            if each.pk == identifier:
                return Addressed(representative=each)
    today = clock.today(asker.practice.time_zone)
    for held in Directory(asker.practice).members.get(identifier, []):
        if kind == "Practitioner" and held.active_on(today):
            return Addressed(colleague=held)
    raise wrong_at(
        RECIPIENT, "is the patient, somebody who acts for them today, or a colleague.", "value"
    )


def _merged(patient: Patient) -> list[UUID]:
    return list(patient.merged_records.values_list("pk", flat=True))


def reason_of(category: Mapping[str, Any] | None, asker: Asker) -> Reason | None:
    """The reason of the practice's list that the category names."""
    if category is None:
        return None
    codings = category.get("coding", [])
    named = {
        key(str(each.get("code")))
        for each in (codings if isinstance(codings, list) else [])
        if isinstance(each, dict) and each.get("system") == reasons_system()
    }
    for each in offered(asker.practice):
        if each.pk in named:
            return each
    raise wrong_at(
        "Communication.category",
        f"is a reason that Communication/$options names, of the system {reasons_system()}.",
        "code-invalid",
    )


def answered(coming: Coming, sight: Sight) -> Message | None:
    """The message it is in response to."""
    if not coming.in_response_to:
        return None
    found = links([coming.in_response_to], "Communication")
    held = sight.messages.filter(pk__in=[each for _, each in found]).first()
    if held is None:
        raise wrong_at(
            "Communication.inResponseTo", "there is no such message in the conversation."
        )
    return held


__all__ = [
    "Addressed",
    "addressed",
    "answered",
    "check_sender",
    "reason_of",
    "sight_for",
]
