"""The reasons for which patients write: what the practice calls them, and who looks after them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from wellpost.errors import RequestError
from wellpost.server.messaging.models import Thread
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, require
from wellpost.server.records.models import ClosedDay

from .models import Pool, Reason, Task
from .on_record import record_change

LONGEST_NAME = 80


def offered(practice: Practice) -> QuerySet[Reason]:
    """Those a patient can choose, in the practice's order."""
    return practice.reasons.filter(is_offered=True).select_related("pool")


def offered_for(thread: Thread) -> QuerySet[Reason]:
    """The same, and the one that the conversation has, should it be offered no more."""
    chosen = Q(is_offered=True) | Q(pk__in=Task.objects.filter(thread=thread).values("reason"))
    return thread.practice.reasons.filter(chosen).select_related("pool")


@transaction.atomic
def keep_reason(
    *,
    practice: Practice,
    by: User,
    name: str,
    pool: Pool | None,
    answer_within_days: int,
    is_offered: bool,
    reason: Reason | None = None,
) -> Reason:
    """A new reason, or the changed one; RequestError where no reason would be left to choose."""
    require(by, Permission.MANAGE_PEOPLE, practice)
    _check(practice, name, pool, reason)
    kept = reason or Reason(practice=practice, position=practice.reasons.count())
    kept.name, kept.pool = " ".join(name.split()), pool
    kept.answer_within_days, kept.is_offered = answer_within_days, is_offered
    kept.save()
    if not practice.reasons.filter(is_offered=True).exists():
        raise RequestError("Leave at least one topic that patients can choose.")
    record_change(by, practice, kept, "reason", days=answer_within_days, offered=is_offered)
    return kept


@transaction.atomic
def close_on(*, practice: Practice, by: User, day: date, says: str = "") -> ClosedDay:
    """The practice is closed that day: no business day, and answered automatically."""
    require(by, Permission.MANAGE_PEOPLE, practice)
    made, _ = practice.closed_days.update_or_create(closed_on=day, defaults={"says": says})
    record_change(by, practice, made, "closed_day", day=str(day))
    return made


@transaction.atomic
def open_on(*, closed: ClosedDay, by: User) -> None:
    """It is open that day after all."""
    require(by, Permission.MANAGE_PEOPLE, closed.practice)
    record_change(by, closed.practice, closed, "open_after_all", day=str(closed.closed_on))
    closed.delete()


def _check(practice: Practice, name: str, pool: Pool | None, reason: Reason | None) -> None:
    if reason and reason.practice_id != practice.pk:
        raise NotAllowed("there is no such topic here.")
    if not 0 < len(" ".join(name.split())) <= LONGEST_NAME:
        raise RequestError(f"Give the topic a name of at most {LONGEST_NAME} characters.")
    if pool and (pool.practice_id != practice.pk or not pool.is_open):
        raise RequestError("Choose a pool of this practice.")
