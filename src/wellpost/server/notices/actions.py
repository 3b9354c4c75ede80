"""Telling people that something waits; what it is, they learn after signing in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from wellpost.server.clock import time as clock
from wellpost.server.people.models import User

from .delivery import deliver_soon
from .models import Notice
from .texts import Kind

__all__ = ["Kind", "acted", "tell"]

QUIET = timedelta(days=1)


def tell(*, users: Iterable[object], kind: Kind) -> list[Notice]:
    """A notice for each user (by identifier), in the caller's transaction; mailed after it.

    Somebody who was told within a day and has not come to look is not told again.
    """
    moment = clock.now()
    told = Notice.objects.filter(
        user=OuterRef("pk"), kind=kind, acted_at=None, created_at__gt=moment - QUIET
    )
    people = User.objects.filter(~Exists(told), pk__in=set(users), is_active=True)
    notices = [
        Notice(user=each, address=each.email, kind=kind, created_at=moment) for each in people
    ]
    if notices:
        Notice.objects.bulk_create(notices)
        waiting = [each.pk for each in notices]
        transaction.on_commit(lambda: deliver_soon(waiting))
    return notices


def acted(user: User) -> None:
    """The user came and looked: what happens from now on is worth a new notice."""
    Notice.objects.filter(user=user, acted_at=None).update(acted_at=clock.now())
