"""Whom messages name, for apps that read both: so that every reference in a message can be read.

These makers join those of the record's API, which searches, pages and scopes what they make.
"""

from __future__ import annotations

from collections.abc import Iterator

from wellpost.server.clock import time as clock
from wellpost.server.messaging.models import Participant, SenderKind
from wellpost.server.messaging.sight import Sight, sight_of_patient
from wellpost.server.people.models import Membership, Representative
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.smart import scopes

from ..record.own import FURTHER, Parts, representative_resource
from ..record.reader import Reader
from .people import of_member
from .references import Directory


def practitioners(reader: Reader) -> Iterator[Parts]:
    """Who takes part in the patient's conversations, or wrote in them."""
    sight = _sight(reader)
    if sight is None:
        return
    directory, wanted = Directory(reader.patient.practice), _members(sight)
    for key, held in directory.members.items():
        if any(each.pk in wanted for each in held):
            made = of_member(directory, held[0])
            yield key, reader.patient.created_at, {n: v for n, v in made.items() if n != "meta"}


def representatives(reader: Reader) -> Iterator[Parts]:
    """Who may write for the patient, or did."""
    if _sight(reader) is None:
        return
    today = clock.today(reader.patient.practice.time_zone)
    held = Representative.objects.filter(patient__in=reader.records, may_message=True)
    for each in held.order_by("pk"):
        yield each.pk, reader.patient.created_at, representative_resource(each, today)


def _sight(reader: Reader) -> Sight | None:
    """None for an app that reads no messages, or whose user may not today."""
    if scopes.constraints(reader.scope, "Communication", scopes.READ) is None:
        return None
    try:
        return sight_of_patient(reader.connection.user, reader.patient)
    except NotAllowed:
        return None


def _members(sight: Sight) -> set[object]:
    """Their memberships: of participants, of clinicians who wrote, of staff who wrote."""
    taking_part = Participant.objects.filter(thread__in=sight.threads.order_by().values("pk"))
    written = sight.messages.order_by().exclude(sender_kind=SenderKind.PATIENT)
    clinicians = written.filter(clinician__isnull=False).values("clinician")
    staff = written.filter(sender_kind=SenderKind.STAFF).values("sender")
    here = Membership.objects.filter(practice=sight.practice)
    return {
        *taking_part.values_list("membership", flat=True),
        *here.filter(clinician__in=clinicians).values_list("pk", flat=True),
        *here.filter(user__in=staff).values_list("pk", flat=True),
    }


FURTHER["Practitioner"] = practitioners
FURTHER["RelatedPerson"] = representatives
