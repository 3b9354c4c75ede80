"""Who is told that a message waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from django.db.models import Q

from wellpost.server.clock import time as clock
from wellpost.server.notices.actions import Kind, tell
from wellpost.server.people.models import Membership, Representative, Role

from .models import Message, Participant, Thread
from .seats import Seat, Side

LOOKING_AFTER: list[Callable[[Thread], Iterable[Membership]]] = []
"""Who looks after a conversation besides those who take part, by other rooms."""


def tell_others(
    message: Message,
    seat: Seat,
    representatives: Sequence[Representative],
    participants: Sequence[Participant],
) -> None:
    """Tell everybody whom the message concerns, but its writer."""
    thread = message.thread
    told: set[UUID | None] = {thread.patient.surviving.user_id}
    told |= {each.user_id for each in representatives}
    if seat.side == Side.PATIENT:
        told |= _at_practice(message, participants)
    elif message.addressed_to:
        told |= _accounts([message.addressed_to])
    tell(
        users={each for each in told if each and each != message.sender_id},
        kind=Kind.MESSAGE_WAITING,
        thread=thread.pk,
    )


def _at_practice(message: Message, participants: Sequence[Participant]) -> set[UUID]:
    """Those who take part and can still sign in, and who answers for those away; of a new matter,
    and where nobody takes part, who looks after it; else staff.
    """
    thread = message.thread
    today = clock.today(thread.practice.time_zone)
    active = [each.membership for each in participants if each.membership.active_on(today)]
    told = _accounts(active) | {each for each in map(_answering_for, participants) if each}
    if not told or message.sequence == 1:
        told |= _accounts(each for those in LOOKING_AFTER for each in those(thread))
    return told or _accounts(_staff(thread))


def _answering_for(participant: Participant) -> UUID | None:
    """Asked along with the participants: who answers for one who is away."""
    return getattr(participant, "covered_by_user", None)


def _accounts(memberships: Iterable[Membership]) -> set[UUID]:
    accounts = (each.account for each in memberships)
    return {each.pk for each in accounts if each and each.is_active}


def _staff(thread: Thread) -> list[Membership]:
    today = clock.today(thread.practice.time_zone)
    still = Q(ends_on=None) | Q(ends_on__gte=today)
    return list(
        Membership.objects.filter(
            still, practice=thread.practice_id, role=Role.STAFF, starts_on__lte=today
        ).select_related("user", "clinician__user")
    )
