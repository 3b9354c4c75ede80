"""Who is away, and who answers meanwhile: between two days, for one of the practice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import DateField, QuerySet, UUIDField

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Membership, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, may
from wellpost.server.prepared import Prepared, Slot

from .checks import check_members
from .errors import MessageRefusedError
from .models import Coverage, Participant
from .practice_seats import coverage_on


@transaction.atomic
def cover(
    *, membership: Membership, covered_by: Membership, starts_on: date, ends_on: date, by: User
) -> Coverage:
    """`covered_by` sees and answers what `membership` carries, from the first day to the last.

    By the one who is away, or an administrator. MessageRefusedError with the sentence for the
    page; NotAllowed for others.
    """
    _check_who(membership, by)
    check_members([membership, covered_by], membership.practice)
    _check(membership, covered_by, starts_on, ends_on)
    made = Coverage.objects.create(
        practice=membership.practice, membership=membership, covered_by=covered_by,
        starts_on=starts_on, ends_on=ends_on, made_by=by, made_at=clock.now(),
    )  # fmt: skip
    _record(Deed.COVERAGE_SET, made, by)
    return made


@transaction.atomic
def end_coverage(*, coverage: Coverage, by: User) -> None:
    """From now on the colleague sees and answers no more in the other's place."""
    held = Coverage.objects.select_for_update().get(pk=coverage.pk)
    _check_who(held.membership, by)
    if held.withdrawn_at is None:
        held.withdrawn_at = clock.now()
        held.save(update_fields=["withdrawn_at"])
        _record(Deed.COVERAGE_ENDED, held, by)


def coverages_of(practice: Practice) -> QuerySet[Coverage]:
    """Those of today and of later, the first to begin first."""
    held = practice.coverages.filter(
        withdrawn_at=None, ends_on__gte=clock.today(practice.time_zone)
    )
    return _with_both(held)


def away_today(practice: Practice, memberships: Iterable[Membership]) -> list[Coverage]:
    """Which of them are away today, and who answers for them."""
    today = clock.today(practice.time_zone)
    return list(coverages_of(practice).filter(coverage_on(today), membership__in=list(memberships)))


def away_in_thread(practice: Practice, thread_id: UUID) -> list[Coverage]:
    """The same of those who take part in the conversation, by one statement."""
    return _AWAY(thread=thread_id, today=clock.today(practice.time_zone))


def _away() -> QuerySet[Coverage]:
    taking_part = Participant.objects.filter(thread=Slot("thread", UUIDField()))
    held = Coverage.objects.filter(coverage_on(Slot("today", DateField())))
    return _with_both(held.filter(membership__in=taking_part.values("membership")))


_AWAY = Prepared(_away)


def _with_both(held: QuerySet[Coverage]) -> QuerySet[Coverage]:
    return held.select_related(
        "membership__clinician__user", "membership__user", "covered_by__clinician__user",
        "covered_by__user",
    ).order_by("starts_on", "pk")  # fmt: skip


def _check_who(membership: Membership, by: User) -> None:
    own = membership.account == by and by.is_active
    if not own and not may(by, Permission.MANAGE_PEOPLE, membership.practice):
        raise NotAllowed("is neither the one who is away nor an administrator.")


def _check(membership: Membership, covered_by: Membership, start: date, end: date) -> None:
    if membership == covered_by:
        raise MessageRefusedError("Nobody covers for themselves. Choose a colleague.")
    if end < start or end < clock.today(membership.practice.time_zone):
        raise MessageRefusedError(
            f"The last day is {end}: it must not be past, nor before the first day, {start}."
        )
    held = Coverage.objects.filter(
        membership=membership, withdrawn_at=None, starts_on__lte=end, ends_on__gte=start
    )
    if found := held.first():
        raise MessageRefusedError(
            f"From {found.starts_on} to {found.ends_on} somebody covers already. End that first, "
            "or choose other days."
        )


def _record(deed: Deed, coverage: Coverage, by: User) -> None:
    details = {
        "membership": str(coverage.membership_id), "covered_by": str(coverage.covered_by_id),
        "from": str(coverage.starts_on), "to": str(coverage.ends_on),
    }  # fmt: skip
    record(by=by, deed=deed, target=coverage, details=details)
