"""Telling people that something waits; what it is, they learn after signing in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    OuterRef,
    QuerySet,
    Subquery,
    UUIDField,
)

from wellpost.server.audit.models import AuditRow
from wellpost.server.changes import PreparedUpdate, at_once
from wellpost.server.clock import time as clock
from wellpost.server.people.models import User
from wellpost.server.prepared import Prepared, Slot

from .delivery import deliver_soon
from .models import Channel, Muted, Notice, Wishes
from .texts import ALWAYS, Kind
from .timing import due

__all__ = ["Kind", "acted", "tell"]

QUIET = timedelta(days=1)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
PLACES = ("one", "two", "three", "four")


def tell(*, users: Iterable[UUID], kind: Kind, thread: UUID | None = None) -> list[Notice]:
    """A notice for each user (by identifier) and way, in the caller's transaction; sent after it.

    `thread`: of which conversation, so that who muted it is not told. Somebody who was told
    within a day and has not come to look is not told again, but of the kinds in ALWAYS.
    """
    moment = clock.now()
    since = moment if kind in ALWAYS else moment - QUIET
    told = _to_be_told(users, kind, since, None if kind in ALWAYS else thread)
    in_order = sorted(told, key=lambda each: each.pk)  # so that no two sendings wait for each other
    notices = [notice for each in in_order for notice in _notices(each, kind, moment)]
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        if now := [each.pk for each in notices if each.due_at <= moment]:
            transaction.on_commit(lambda: deliver_soon(now), robust=True)  # what was done stands
    return notices


def acted(user: User) -> None:
    """The user came and looked: what happens from now on is worth a new notice."""
    _ACTED(user=user.pk, now=clock.now())


def acted_as_recorded(user: User, row: AuditRow) -> None:
    """The same, with the row that tells of it, in one statement."""
    at_once(_ACTED.to(user=user.pk, now=clock.now()), row)


def _acted() -> tuple[QuerySet[Notice], dict[str, object]]:
    waiting = Notice.objects.filter(user=Slot("user", UUIDField()), acted_at=None)
    return waiting, {"acted_at": Slot("now", DateTimeField())}


_ACTED = PreparedUpdate(_acted)


def _notices(user: User, kind: Kind, moment: datetime) -> Iterator[Notice]:
    """One for each way the user wishes to be told by."""
    wishes: Wishes | None = getattr(user, "wishes", None)
    hours = None if kind in ALWAYS else wishes
    follows = None if kind in ALWAYS else getattr(user, "told_at", None) or NEVER
    for channel, address in _ways(user, wishes, kind):
        yield Notice(
            user=user,
            channel=channel,
            address=address,
            kind=kind,
            follows=follows,
            created_at=moment,
            due_at=due(moment, hours),
            together=bool(hours and hours.daily_at is not None),
        )


def _ways(user: User, wishes: Wishes | None, kind: Kind) -> Iterator[tuple[str, str]]:
    if wishes is None or wishes.by_email or kind in ALWAYS:
        yield Channel.EMAIL, user.email
    if wishes and wishes.by_sms and wishes.phone_shown_at:
        yield Channel.SMS, wishes.phone
    if wishes and wishes.by_push:
        yield Channel.PUSH, str(user.pk)


def _to_be_told(
    users: Iterable[UUID], kind: Kind, since: datetime, thread: UUID | None
) -> Iterator[User]:
    """Four at a time, which is nearly always all of them; a place left over repeats the first."""
    waiting = sorted(set(users))
    for start in range(0, len(waiting), 4):
        some = waiting[start : start + 4]
        places = dict(zip(PLACES, [*some, *some[:1] * 3], strict=False))
        yield from _NOT_TOLD(**places, kind=str(kind), since=since, thread=thread)


def _not_told() -> QuerySet[User]:
    """With `told_at`: when each was last told of that kind and did not come; it is older."""
    unseen = Notice.objects.filter(
        user=OuterRef("pk"), kind=Slot("kind", CharField()), acted_at=None
    )
    told = unseen.filter(created_at__gt=Slot("since", DateTimeField()))
    last = unseen.order_by("-created_at").values("created_at")[:1]
    muted = Muted.objects.filter(user=OuterRef("pk"), thread_id=Slot("thread", UUIDField()))
    those: list[Any] = [Slot(each, UUIDField()) for each in PLACES]
    held = User.objects.filter(~Exists(told), ~Exists(muted), pk__in=those, is_active=True)
    return held.select_related("wishes").annotate(told_at=Subquery(last))


_NOT_TOLD = Prepared(_not_told)
