"""Threads brought from the database with what every deed asks of them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet, UUIDField

from wellpost.server.prepared import Prepared, Slot

from .access import no_such_thread
from .models import Message, Thread

ACCOUNTS = ("sender", "addressed_to__user")
"""The people of a message of whom a row holds more than is told."""
UNTOLD = ("password", "last_login", "email", "joined_at")


def with_parties(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """The threads with practice, patient and surviving record joined."""
    return threads.select_related("practice", "patient__merged_into")


def with_writers(messages: QuerySet[Message]) -> QuerySet[Message]:
    """The messages with their epochs, who wrote them and to whom they are addressed joined; of
    accounts no more than a name is brought.
    """
    joined = messages.select_related(
        "epoch", "sender", "representative", "clinician", "addressed_to__clinician",
        "addressed_to__user",
    )  # fmt: skip
    return joined.defer(*(f"{one}__{column}" for one in ACCOUNTS for column in UNTOLD))


def thread_with_parties(thread_id: UUID, *, locked: bool = False) -> Thread:
    """One thread; `locked` holds its row until the transaction ends, so that sequences follow
    one another. NotAllowed when there is none.
    """
    thread = next(iter((_LOCKED if locked else _FREE)(thread=thread_id)), None)
    return _joined(thread) if thread else no_such_thread()


def _one_thread() -> QuerySet[Thread]:
    return with_parties(Thread.objects.filter(pk=Slot("thread", UUIDField())))


_FREE = Prepared(_one_thread)
_LOCKED = Prepared(lambda: _one_thread().select_for_update(of=("self",)))


def _joined(thread: Thread) -> Thread:
    """A thread's practice is its patient's: spare the second look-up."""
    thread.patient.practice = thread.practice
    return thread
