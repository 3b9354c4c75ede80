"""Who looks after a conversation: taken on, given back, passed on, arranged. Each on record.

Every deed holds the thread's row first and the task's after it, as a sending does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.messaging.access import seat_at
from wellpost.server.messaging.checks import check_members
from wellpost.server.messaging.errors import MessageRefusedError
from wellpost.server.messaging.models import Message, Thread
from wellpost.server.messaging.seats import Seat, Side
from wellpost.server.messaging.taking_part import bring_in
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.notices.actions import tell
from wellpost.server.notices.texts import Kind
from wellpost.server.people.models import Membership, Role, User

from .models import Pool, Priority, Reason, Task
from .notes import add_note
from .pools import in_pool, members_today

Change = Callable[[Task, Seat], dict[str, Any] | None]
"""Changes the task; gives what goes on record, or None where nothing changed."""


def claim(*, thread: Thread, by: User) -> Task:
    """`by` looks after it from now on, and takes part; MessageRefusedError where somebody else
    does. Who answers for one away stays the one who covers.
    """

    def change(task: Task, seat: Seat) -> dict[str, Any] | None:
        if task.owner == seat.membership:
            return None
        if task.owner:
            raise MessageRefusedError(
                f"{task.owner.name} took this on already. Pass it on if you are to do it."
            )
        task.owner = seat.membership
        if task.owner and not seat.covering:
            _bring_in(thread_with_parties(thread.pk), task.owner, by)
        return {"membership": str(task.owner_id)}

    return _changed(thread, by, Deed.TASK_CLAIMED, change)


def release(*, thread: Thread, by: User) -> Task:
    """Nobody in particular looks after it; it lies in its pool, which is told of what comes."""

    def change(task: Task, seat: Seat) -> dict[str, Any] | None:
        before, task.owner = task.owner, None
        if before is None:
            return None
        _let_go(thread, before)
        return {"membership": str(before.pk)}

    return _changed(thread, by, Deed.TASK_RELEASED, change)


@transaction.atomic
def reassign(
    *, thread: Thread, by: User, why: str, to: Membership | None = None, pool: Pool | None = None
) -> Task:
    """Pass it to a colleague, or into a pool; `why` is kept as a note that only staff read."""

    def change(task: Task, seat: Seat) -> dict[str, Any] | None:
        _check_target(task, to, pool)
        task.owner, task.pool = to, pool or task.pool
        return {"to": str(to.pk) if to else "", "pool": str(task.pool_id or "")}

    add_note(thread=thread, by=by, text=why, to=to)  # before: `by` may see it no more after
    task = _changed(thread, by, Deed.TASK_REASSIGNED, change)
    if to:
        _let_in(thread, to, by)
    elif task.pool:
        _tell(members_today(task.pool), thread, by)
    return task


def arrange(
    *,
    thread: Thread,
    by: User,
    priority: int,
    follow_up_on: date | None,
    reason: Reason | None,
) -> Task:
    """Its priority, the day to come back to it, and its topic; another topic, another pool."""

    def change(task: Task, seat: Seat) -> dict[str, Any] | None:
        _check_arrangement(task, priority, reason)
        before = (task.priority, task.follow_up_on, task.reason_id)
        if reason != task.reason:
            task.reason, task.pool = reason, reason.pool if reason else None
            if task.pool and not task.owner:
                _tell(members_today(task.pool), thread, by)
        task.priority, task.follow_up_on = priority, follow_up_on
        if before == (task.priority, task.follow_up_on, task.reason_id):
            return None
        return {
            "priority": priority,
            "follow_up_on": str(follow_up_on or ""),
            "reason": str(task.reason_id or ""),
        }

    return _changed(thread, by, Deed.TASK_ARRANGED, change)


def held_task(thread: Thread) -> Task:
    """The thread's task, its row held; one is made where an import made the thread."""
    joined = Task.objects.select_related(
        "owner__clinician__user", "owner__user", "pool", "reason", "practice"
    ).select_for_update(of=("self",))
    found = joined.filter(thread=thread).first()
    return found or Task.objects.create(thread=thread, practice=thread.practice)


@transaction.atomic
def _changed(thread: Thread, by: User, deed: Deed, change: Change) -> Task:
    held = thread_with_parties(thread.pk, locked=True)
    seat = seat_at(by, held, Side.PRACTICE)
    task = held_task(held)
    details = change(task, seat)
    if details is not None:
        task.changed_at = clock.now()
        task.save()
        record(by=by, deed=deed, target=held, details=details)
    return task


def _check_target(task: Task, to: Membership | None, pool: Pool | None) -> None:
    if (to is None) == (pool is None):
        raise MessageRefusedError("Choose one: a colleague, or a pool.")
    if to:
        check_members([to], task.practice)
    if pool and (pool.practice_id != task.practice_id or not pool.is_open):
        raise MessageRefusedError("Choose a pool of this practice.")


def _check_arrangement(task: Task, priority: int, reason: Reason | None) -> None:
    if priority not in Priority.values:
        raise MessageRefusedError("Choose a priority of the list.")
    if reason and reason.practice_id != task.practice_id:
        raise MessageRefusedError("Choose a topic of this practice.")


def _let_in(thread: Thread, to: Membership, by: User) -> None:
    """Who looks after it takes part: a clinician could not read it else, and is told of what
    the patient writes.
    """
    _bring_in(thread_with_parties(thread.pk), to, by)
    _tell([to], thread, by)


def _bring_in(thread: Thread, membership: Membership, by: User) -> None:
    if thread.participants.filter(membership=membership).exists():
        return
    bring_in(thread, [membership])
    details = {"membership": str(membership.pk)}
    record(by=by, deed=Deed.PARTICIPANT_ADDED, target=thread, details=details)


def _let_go(thread: Thread, membership: Membership) -> None:
    """Who gave it back without a word takes part no more, where they can read it all the same."""
    today = clock.today(membership.practice.time_zone)
    reads = membership.role == Role.STAFF or in_pool(membership, thread, today).exists()
    own = Q(sender=membership.account) | Q(addressed_to=membership)
    if membership.clinician_id:
        own |= Q(clinician=membership.clinician_id)
    if reads and not Message.objects.filter(own, thread=thread).exists():
        thread.participants.filter(membership=membership).delete()


def _tell(whom: Iterable[Membership], thread: Thread, by: User) -> None:
    """That it waits for them now; nobody is told of what they did themselves."""
    accounts = {each.account.pk for each in whom if each.account}
    tell(users=accounts - {by.pk}, kind=Kind.WORK_WAITING, thread=thread.pk)
