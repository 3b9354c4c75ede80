"""Telling people that something waits; what it is, they learn after signing in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, DateTimeField, Exists, OuterRef, QuerySet, UUIDField

from wellpost.server.clock import time as clock
from wellpost.server.people.models import User
from wellpost.server.prepared import Prepared, Slot

from .delivery import deliver_soon
from .models import Notice
from .texts import ALWAYS, Kind

__all__ = ["Kind", "acted", "tell"]

QUIET = timedelta(days=1)
PLACES = ("one", "two", "three", "four")


def tell(*, users: Iterable[UUID], kind: Kind) -> list[Notice]:
    """A notice for each user (by identifier), in the caller's transaction; mailed after it.

    Somebody who was told within a day and has not come to look is not told again, but of the
    kinds in ALWAYS.
    """
    moment = clock.now()
    since = moment if kind in ALWAYS else moment - QUIET
    notices = [
        Notice(user=each, address=each.email, kind=kind, created_at=moment)
        for each in _to_be_told(users, kind, since)
    ]
    if notices:
        Notice.objects.bulk_create(notices)
        waiting = [each.pk for each in notices]
        transaction.on_commit(lambda: deliver_soon(waiting))
    return notices


def acted(user: User) -> None:
    """The user came and looked: what happens from now on is worth a new notice."""
    Notice.objects.filter(user=user, acted_at=None).update(acted_at=clock.now())


def _to_be_told(users: Iterable[UUID], kind: Kind, since: datetime) -> Iterator[User]:
    """Four at a time, which is nearly always all of them; a place left over repeats the first."""
    waiting = sorted(set(users))
    for start in range(0, len(waiting), 4):
        some = waiting[start : start + 4]
        places = dict(zip(PLACES, [*some, *some[:1] * 3], strict=False))
        yield from _NOT_TOLD(**places, kind=str(kind), since=since)


def _not_told() -> QuerySet[User]:
    told = Notice.objects.filter(
        user=OuterRef("pk"),
        kind=Slot("kind", CharField()),
        acted_at=None,
        created_at__gt=Slot("since", DateTimeField()),
    )
    those: list[Any] = [Slot(each, UUIDField()) for each in PLACES]
    return User.objects.filter(~Exists(told), pk__in=those, is_active=True)


_NOT_TOLD = Prepared(_not_told)
