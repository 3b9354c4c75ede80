"""Who is in conversations besides the patient and the practice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet, UUIDField

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Representative
from wellpost.server.prepared import Prepared, PreparedOfMany, slots

from .models import Participant, Thread


@dataclass(frozen=True)
class Parties:
    """Who is in a thread besides the patient and the practice."""

    representatives: Sequence[Representative]
    participants: Sequence[Participant]


def parties_of(threads: Collection[Thread]) -> dict[UUID, Parties]:
    """Who is in each of the threads today, in two statements."""
    if not threads:
        return {}
    people = {one.id: person_of(one) for one in threads}
    held: dict[UUID, list[Participant]] = {}
    for each in _PARTICIPANTS({"threads": list(people)}):
        held.setdefault(each.thread_id, []).append(each)
    acting = _acting(set(people.values()))
    return {of: Parties(acting.get(one, ()), held.get(of, ())) for of, one in people.items()}


def _participants(threads: int) -> QuerySet[Participant]:
    joined = Participant.objects.select_related("membership__clinician", "membership__user")
    of_them = joined.filter(thread__id__in=slots("threads", UUIDField(), threads))
    return of_them.order_by("since", "pk")


_PARTICIPANTS = PreparedOfMany(Prepared, _participants)


def person_of(thread: Thread) -> UUID:
    """The surviving record of whose conversation it is."""
    return thread.patient.merged_into_id or thread.patient_id


def _acting(people: set[UUID]) -> dict[UUID, list[Representative]]:
    """Who may read the messages of each of these people today."""
    found: dict[UUID, list[Representative]] = {}
    for each in _REPRESENTATIVES({"people": list(people)}):
        if each.active_on(clock.today(each.patient.practice.time_zone)):
            kept = each.patient.merged_into_id or each.patient_id
            found.setdefault(kept, []).append(each)
    return found


def _representatives(people: int) -> QuerySet[Representative]:
    them = slots("people", UUIDField(), people)
    of_people = Q(patient__id__in=them) | Q(patient__merged_into__id__in=them)
    held = Representative.objects.filter(of_people, may_message=True)
    return held.select_related("patient__practice").order_by("pk")


_REPRESENTATIVES = PreparedOfMany(Prepared, _representatives)
