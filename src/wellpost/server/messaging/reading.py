"""Receipts: that a person opened a message."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import User

from .access import seat_at
from .models import Receipt, Thread
from .threads import thread_with_parties
from .unread import unread


@transaction.atomic
def mark_read(*, thread: Thread, by: User) -> int:
    """Give a receipt for everything that waits for `by` in the thread; how many those were."""
    held = thread_with_parties(thread.pk)
    seat = seat_at(by, held)
    waiting = list(unread(by, seat).filter(thread=held).values_list("pk", flat=True))
    give_receipts(by, waiting)
    details = {"messages": len(waiting)}
    record(by=by, deed=Deed.MESSAGES_MARKED_READ, target=held, details=details)
    return len(waiting)


@contextmanager
def read_for_the_first_time(by: User, messages: Collection[UUID]) -> Iterator[None]:
    """Give `by` receipts for the messages and do what follows in one transaction; in none of its
    own where there is nothing to give: most readings are a second look.
    """
    if not messages:
        yield
        return
    with transaction.atomic():
        give_receipts(by, messages)
        yield


def give_receipts(by: User, messages: Iterable[UUID]) -> None:
    """A receipt of `by` for each message; one that exists stays as it is."""
    moment = clock.now()
    receipts = [Receipt(message_id=each, user=by, read_at=moment) for each in messages]
    if receipts:
        Receipt.objects.bulk_create(receipts, ignore_conflicts=True)
