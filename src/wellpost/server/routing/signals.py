"""What follows here when something is written: whose word a conversation waits for now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.signals import post_save
from django.dispatch import receiver

from wellpost.server.changes import PreparedUpdate, insert
from wellpost.server.clock import time as clock
from wellpost.server.messaging.happenings import (
    message_taken_back,
    message_written,
    thread_state_changed,
)
from wellpost.server.messaging.models import Addressee, Message, SenderKind, Thread, ThreadState
from wellpost.server.messaging.practice_seats import ROLES
from wellpost.server.messaging.seats import Seat, Side
from wellpost.server.messaging.telling import LOOKING_AFTER
from wellpost.server.people.models import Practice
from wellpost.server.prepared import Slot

from .models import Reading, Reason, Task, Waiting
from .pools import in_pool, looking_after
from .standard import standard_reasons
from .standing import as_it_stands

ROLES.append(in_pool)
LOOKING_AFTER.append(looking_after)

_about: ContextVar[Reason | None] = ContextVar("about", default=None)


@contextmanager
def about(reason: Reason | None) -> Iterator[None]:
    """A thread begun in this block is for that reason, and goes to its pool."""
    token = _about.set(reason)
    try:
        yield
    finally:
        _about.reset(token)


@receiver(message_written)
def follow(message: Message, seat: Seat, **_: Any) -> None:
    """One statement for a message; a thread's first makes its task."""
    changes = _changes(message, seat)
    if message.sequence == 1 or (changes and not _brought_up_to_date(message, changes)):
        insert(_task(message, changes))


@receiver(thread_state_changed)
def settle(thread: Thread, **_: Any) -> None:
    """What is resolved or closed waits for nobody; what is taken up again, as its messages say.
    For the practice it waits from now: a matter once settled is not overdue at once.
    """
    now = clock.now()
    settled: dict[str, Any] = {"waiting": Waiting.NOBODY, "step": 0}
    if thread.state == ThreadState.OPEN:
        settled = as_it_stands(thread)
        if settled["waiting"] == Waiting.PRACTICE:
            settled["waiting_since"] = now
    Task.objects.filter(thread=thread).update(**settled, changed_at=now)


@receiver(message_taken_back)
def wait_again(message: Message, seat: Seat, **_: Any) -> None:
    """What the practice answered and took back is not answered: it waits as if never written."""
    open_still = Task.objects.filter(thread=message.thread_id, thread__state=ThreadState.OPEN)
    if seat.side == Side.PRACTICE:
        open_still.update(**as_it_stands(message.thread), changed_at=clock.now())


@receiver(post_save, sender=Practice)
def begin_with_reasons(instance: Practice, created: bool, raw: bool = False, **_: Any) -> None:
    """Every practice begins with the usual reasons, to be changed as it likes."""
    if created and not raw:
        Reason.objects.bulk_create(standard_reasons(instance))


def _changes(message: Message, seat: Seat) -> dict[str, Any]:
    """What becomes of the task. What is automatic, or to a colleague, answers no patient."""
    since = {"waiting_since": message.sent_at, "changed_at": message.sent_at}
    if seat.side == Side.PATIENT:
        return {"waiting": Waiting.PRACTICE, "to_look_at": True, **since}
    if message.sender_kind == SenderKind.AUTOMATED or message.sent_to == Addressee.CLINICIAN:
        return {}
    return {"waiting": Waiting.PATIENT, "step": 0, **since}


def _brought_up_to_date(message: Message, changes: dict[str, Any]) -> int:
    update = _FOR_PRACTICE if changes["waiting"] == Waiting.PRACTICE else _FOR_PATIENT
    return update(thread=message.thread_id, sent_at=message.sent_at)


def _waits_for_practice() -> tuple[QuerySet[Task], dict[str, Any]]:
    """What waits already waits since it began to."""
    waits = When(waiting=Waiting.PRACTICE, then=F("waiting_since"))
    step = Case(When(waiting=Waiting.PRACTICE, then=F("step")), default=Value(0))
    changes = {"waiting": Waiting.PRACTICE, "to_look_at": True, "step": step}
    return _of_thread(), {**changes, "waiting_since": Case(waits, default=_sent_at()), **_told()}


def _waits_for_patient() -> tuple[QuerySet[Task], dict[str, Any]]:
    changes = {"waiting": Waiting.PATIENT, "step": 0, "waiting_since": _sent_at()}
    return _of_thread(), {**changes, **_told()}


def _of_thread() -> QuerySet[Task]:
    return Task.objects.filter(thread=Slot("thread", Thread._meta.pk))


def _told() -> dict[str, Any]:
    return {"reading": Reading.UNKNOWN, "changed_at": _sent_at()}


def _sent_at() -> Slot:
    return Slot("sent_at", Task._meta.get_field("changed_at"))


_FOR_PRACTICE = PreparedUpdate(_waits_for_practice)
_FOR_PATIENT = PreparedUpdate(_waits_for_patient)


def _task(message: Message, changes: dict[str, Any]) -> Task:
    reason = _about.get() if message.sequence == 1 else None
    return Task(
        thread=message.thread,
        practice_id=message.thread.practice_id,
        reason=reason,
        pool_id=reason.pool_id if reason else None,
        **changes,
    )
