"""What stays unanswered: first who takes part and who covers, then the pool, then administrators.

Each step comes after as many whole business days more as the practice said; each is taken once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.messaging.coverage import away_today
from wellpost.server.messaging.models import Thread, ThreadState
from wellpost.server.messaging.taking_part import participants_of
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.notices.actions import tell
from wellpost.server.notices.texts import Kind
from wellpost.server.people.models import Membership, Practice, Role
from wellpost.server.people.queries import members_of

from .hours import Calendar, answering_of, calendar_of
from .models import Task, Waiting
from .one_by_one import one_by_one
from .pools import members_today
from .tasks import held_task

LAST_STEP = 3


def escalate() -> int:
    """Take every step that is due at every practice; how many were taken."""
    return sum(_at(each) for each in Practice.objects.all())


def _at(practice: Practice) -> int:
    days = max(answering_of(practice).escalate_after_days, 1)
    waiting = Task.objects.filter(
        practice=practice,
        waiting=Waiting.PRACTICE,
        waiting_since__lt=clock.now() - timedelta(days=days),
        step__lt=LAST_STEP,
        thread__state=ThreadState.OPEN,
    )
    found = list(waiting.values_list("thread", flat=True))
    if not found:
        return 0
    calendar = calendar_of(practice)
    return one_by_one(lambda each: _stepped(each, calendar, days), found)


@transaction.atomic
def _stepped(thread_id: UUID, calendar: Calendar, days: int) -> bool:
    thread = thread_with_parties(thread_id, locked=True)
    task = held_task(thread)
    due = _due(task, calendar, days, clock.now())
    if task.waiting != Waiting.PRACTICE or due <= task.step:
        return False
    told = {each for step in range(task.step + 1, due + 1) for each in whom(step, task, thread)}
    task.step = due
    task.save(update_fields=["step"])
    tell(users=told, kind=Kind.WORK_WAITING, thread=thread.pk)
    details = {"step": due, "told": len(told)}
    record(by=None, deed=Deed.TASK_ESCALATED, target=thread, details=details)
    return True


def _due(task: Task, calendar: Calendar, days: int, now: datetime) -> int:
    if task.waiting_since is None:
        return 0
    return min(calendar.whole_days_since(task.waiting_since, now) // days, LAST_STEP)


def whom(step: int, task: Task, thread: Thread) -> set[UUID]:
    """The accounts of those who are told at that step; never none where the next has somebody."""
    if step == 1:
        return _accounts(_nearest(task, thread)) or whom(2, task, thread)
    at_practice = members_of(thread.practice)
    if step == 2:
        staff = [each for each in at_practice if each.role == Role.STAFF]
        return _accounts(_here_of_pool(task, thread) or staff) or whom(3, task, thread)
    return _accounts(each for each in at_practice if each.role == Role.ADMINISTRATOR)


def _nearest(task: Task, thread: Thread) -> list[Membership]:
    """Who looks after it and who takes part; for those who are away, who covers."""
    today = clock.today(thread.practice.time_zone)
    held = [each.membership for each in participants_of(thread)]
    here = [each for each in [*held, task.owner] if each and each.active_on(today)]
    away = {each.membership_id: each.covered_by for each in away_today(thread.practice, here)}
    return [away.get(each.pk, each) for each in here]


def _here_of_pool(task: Task, thread: Thread) -> list[Membership]:
    """Who is in its pool today and not away."""
    in_pool = members_today(task.pool) if task.pool else []
    away = {each.membership_id for each in away_today(thread.practice, in_pool)}
    return [each for each in in_pool if each.pk not in away]


def _accounts(memberships: Iterable[Membership]) -> set[UUID]:
    accounts = (each.account for each in memberships)
    return {each.pk for each in accounts if each and each.is_active}
