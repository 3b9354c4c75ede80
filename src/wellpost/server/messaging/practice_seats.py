"""Seats on the practice's side, and the conversations that are carried from them.

Staff keep the pool. A clinician sits where they take part, where they answer for a colleague who
is away, and where another role (`ROLES`) lets them in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    DateField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
)

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Membership, Practice, Role, User
from wellpost.server.people.permissions import ALLOWED, Permission, Standing
from wellpost.server.prepared import Prepared, Slot

from .keys.parties import party_of
from .models import Coverage, Participant, SenderKind, Thread
from .seats import Seat, Side, no_such_thread

READING_ROLES = [
    role.value for role in Role if Permission.READ_MESSAGES in ALLOWED[Standing(role.value)]
]

RoleElsewhere = Callable[[Any, Any, Any], QuerySet[Any]]
ROLES: list[RoleElsewhere] = []
"""Further roles at a thread, by other rooms: each gives, for a membership, a thread and a day
(values, or references to an outer query), the rows that let the one in to the other on the day;
for no thread (None), those that let the one in to any."""


def carried_by(seat: Seat, practice: Practice) -> Q:
    """The threads of the practice that the clinician of the seat carries."""
    if seat.membership is None:
        no_such_thread()
    of = Q(membership__clinician=seat.clinician)
    if seat.wider:
        covered = Coverage.objects.filter(coverage_on(_today(practice)), covered_by=seat.membership)
        of |= Q(membership__in=list(covered.values_list("membership", flat=True)))
    found = Q(Exists(Participant.objects.filter(of, thread=OuterRef("pk"))))
    for each in ROLES if seat.wider else ():
        found |= Q(Exists(each(seat.membership.pk, OuterRef("pk"), _today(practice))))
    return found


def coverage_on(day: object) -> Q:
    """The condition that a coverage holds on the day, and that who covers works there still."""
    still_here = Q(covered_by__ends_on=None) | Q(covered_by__ends_on__gte=day)
    return still_here & Q(withdrawn_at=None, starts_on__lte=day, ends_on__gte=day)


def practice_seat(by: User, practice: Practice, thread: Thread | None) -> Seat | None:
    """The seat of `by` at the practice, at the thread if one is given; None for who has none."""
    held = _memberships(by, practice, thread) if by.is_active else []
    clinical = [each for each in held if each.role == Role.CLINICIAN]
    pool = [each for each in held if each.role == Role.STAFF]
    reading = pool + [each for each in clinical if thread is None or _lets_in(each)]
    if not reading:
        return None
    membership = (clinical or reading)[0]
    kind = SenderKind.CLINICIAN if membership.clinician else SenderKind.STAFF
    return Seat(
        side=Side.PRACTICE,
        kind=kind,
        party=party_of(practice),
        membership=membership,
        keeps_pool=bool(pool),
        takes_part=_takes_part(membership),
        covering=_covered(membership),
        wider=bool(getattr(membership, "wider", False)),
    )


def _takes_part(membership: Membership) -> bool:
    """As asked along with the membership; never where there is no thread yet."""
    return bool(getattr(membership, "takes_part", False))


def _lets_in(membership: Membership) -> bool:
    return _takes_part(membership) or getattr(membership, "covers", None) is not None


def _covered(membership: Membership) -> Membership | None:
    """The clinician away in whose place a clinician sits who takes no part otherwise."""
    covers = getattr(membership, "covers", None)
    if covers is None or _takes_part(membership) or membership.clinician is None:
        return None
    held = Membership.objects.select_related("clinician").get(pk=covers)
    return held if held.clinician else None


def _memberships(by: User, practice: Practice, thread: Thread | None) -> list[Membership]:
    asked = {"user": by.pk, "practice": practice.pk, "today": _today(practice)}
    held = _MEMBERSHIPS(**asked, thread=thread.pk if thread else None)
    return [each for each in held if each.active_on(_today(practice))]


def _memberships_at() -> QuerySet[Membership]:
    """Of a user at a practice, each with whether it takes part in the thread, by itself or in
    another role; for whom away it answers there (`covers`); and whether there is anything it
    carries besides (`wider`).
    """
    user, thread = Slot("user", UUIDField()), Slot("thread", UUIDField())
    held = Membership.objects.filter(
        Q(user=user) | Q(clinician__user=user),
        practice=Slot("practice", UUIDField()),
        role__in=READING_ROLES,
    )
    same = Q(membership=OuterRef("pk")) | Q(membership__clinician=OuterRef("clinician"))
    takes_part = Q(Exists(Participant.objects.filter(same, thread=thread)))
    today = Slot("today", DateField())
    covering = Coverage.objects.filter(coverage_on(today), covered_by=OuterRef("pk"))
    wider = Q(Exists(covering))
    for each in ROLES:
        takes_part |= Q(Exists(each(OuterRef("pk"), thread, today)))
        wider |= Q(Exists(each(OuterRef("pk"), None, today)))
    away = Q(membership=OuterRef("membership")) | Q(
        membership__clinician=OuterRef("membership__clinician")
    )
    here = covering.filter(Exists(Participant.objects.filter(away, thread=thread)))
    return held.select_related("clinician").annotate(
        takes_part=ExpressionWrapper(takes_part, BooleanField()),
        covers=Subquery(here.values("membership")[:1]),
        wider=ExpressionWrapper(wider, BooleanField()),
    )


_MEMBERSHIPS = Prepared(_memberships_at)


def _today(practice: Practice) -> date:
    return clock.today(practice.time_zone)
