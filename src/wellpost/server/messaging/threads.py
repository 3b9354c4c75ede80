"""Threads brought from the database with what every deed asks of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet, UUIDField

from wellpost.server.prepared import Prepared, Slot

from .models import Message, Thread
from .seats import no_such_thread

M = TypeVar("M", Message, Thread)

ACCOUNT = ("password", "last_login", "email", "joined_at")
PATIENT = ("email", "phone", "address", "county", "sex", "birth_on")
"""What a row holds of somebody with an account, and of a patient, that no message tells."""


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
    return _but(_but(joined, "sender", ACCOUNT), "addressed_to__user", ACCOUNT)


def with_people(messages: QuerySet[Message]) -> QuerySet[Message]:
    """The messages with all that is told of them joined, their patients too."""
    patient, kept = "thread__patient", "thread__patient__merged_into"
    joined = with_writers(messages).select_related("thread__practice", kept)
    return _but(_but(joined, patient, PATIENT), kept, PATIENT)


def with_names(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """The threads as they are listed: parties joined, of patients no more than a name brought."""
    return _but(_but(with_parties(threads), "patient", PATIENT), "patient__merged_into", PATIENT)


def _but(rows: QuerySet[M], joined: str, columns: Iterable[str]) -> QuerySet[M]:
    return rows.defer(*(f"{joined}__{each}" for each in columns))


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
