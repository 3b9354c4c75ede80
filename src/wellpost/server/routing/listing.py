"""The practice's inbox: a page of it found by its place, so that the length of the list is no
matter, and opened by messaging.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from wellpost.server.clock import time as clock
from wellpost.server.messaging.access import seat_in
from wellpost.server.messaging.inbox import list_threads
from wellpost.server.messaging.models import Message, Thread, ThreadState
from wellpost.server.messaging.practice_seats import carried_by
from wellpost.server.messaging.seats import Seat
from wellpost.server.messaging.showing import ThreadRow
from wellpost.server.messaging.threads import with_parties
from wellpost.server.messaging.unread import unread
from wellpost.server.people.models import Membership, Practice, User
from wellpost.server.people.permissions import same_person

from .filters import Filters, Place
from .models import Priority, Task, Waiting
from .not_read import still_not_read
from .pools import pools_of

PAGE_SIZE = 25


@dataclass(frozen=True)
class WorkRow:
    """A conversation in the list, and what is to be done about it. `days` it has waited;
    `not_read`: the patient's side leaves unread what was written last.
    """

    row: ThreadRow
    task: Task | None
    today: date
    days: int
    not_read: bool

    @property
    def waits_for_us(self) -> bool:
        """Whether the patient's side waits for a word of the practice."""
        waits = self.task is not None and self.task.waiting == Waiting.PRACTICE
        return waits and self.row.state == ThreadState.OPEN

    @property
    def due(self) -> bool:
        """Whether the day to come back to it is here."""
        on = self.task.follow_up_on if self.task else None
        return on is not None and on <= self.today

    @property
    def sooner(self) -> str:
        """Its priority in words, where it is not routine."""
        urgent = self.task is not None and self.task.priority != Priority.ROUTINE
        return self.task.get_priority_display() if self.task and urgent else ""


@dataclass(frozen=True)
class Page:
    """Some rows, and the places from which the older and the newer ones go on."""

    rows: Sequence[WorkRow]
    older: Place | None
    newer: Place | None


def page_of(by: User, practice: Practice, memberships: list[Membership], asked: Filters) -> Page:
    """The conversations that `by` carries at the practice and asks for, the latest first.
    NotAllowed for outsiders.
    """
    seat = seat_in(by, practice)
    found = _narrowed(by, seat, practice, memberships, asked)
    some, more = _from_place(found, asked)
    rows = list_threads(by, seat, some, practice=practice)
    older, newer = _places(some, more, asked)
    not_read = still_not_read(getattr(each, "task", None) for each in some)
    shown = [_row(each, thread, not_read) for each, thread in zip(rows, some, strict=True)]
    return Page(shown, older, newer)


def waiting_count(by: User, practice: Practice) -> int:
    """How many messages wait for `by`. No key is opened for it."""
    seat = seat_in(by, practice)
    waiting = _waiting(by, seat, practice)
    if seat.keeps_pool:
        return waiting.count()
    carried = Thread.objects.filter(carried_by(seat, practice), pk__in=waiting.values("thread"))
    return waiting.filter(thread__in=carried.values("pk")).count()


def _narrowed(
    by: User, seat: Seat, practice: Practice, memberships: list[Membership], asked: Filters
) -> QuerySet[Thread]:
    found = practice.threads.all()
    if not seat.keeps_pool:
        found = found.filter(carried_by(seat, practice))
    if asked.show == "unread":
        waiting = _waiting(by, seat, practice).values_list("thread", flat=True)
        found = found.filter(pk__in=set(waiting))
    elif asked.show == "open" and asked.due:  # a day to come back to it outlives its settling
        found = found.exclude(state=ThreadState.LOCKED)
    elif asked.show != "all":
        found = found.filter(state=asked.show)
    return _by_task(found, practice, memberships, asked)


def _by_task(
    found: QuerySet[Thread], practice: Practice, memberships: list[Membership], asked: Filters
) -> QuerySet[Thread]:
    today = clock.today(practice.time_zone)
    if asked.whose == "mine":
        found = found.filter(task__owner__in=memberships)
    elif asked.whose == "pools":
        found = found.filter(task__pool__in=pools_of(memberships, today))
    elif asked.whose == "nobody":
        found = found.filter(task__owner=None)
    if asked.waiting:
        found = found.filter(task__waiting=asked.waiting)
    if asked.due:
        found = found.filter(task__follow_up_on__lte=today)
    if asked.reason:
        found = found.filter(task__reason=asked.reason)
    if asked.priority is not None:
        found = found.filter(task__priority=asked.priority)
    if asked.patient:
        records = practice.patients.filter(same_person(asked.patient))
        found = found.filter(patient__in=list(records.values_list("pk", flat=True)))
    return found


def _waiting(by: User, seat: Seat, practice: Practice) -> QuerySet[Message]:
    """What waits for `by`, looked for only where something can: in the threads that wait for the
    practice, which are as many as a few days bring, and among what is addressed to them. Asked
    apart, so that the database takes each by its index however long the inbox is.
    """
    unanswered = Task.objects.filter(practice=practice, waiting=Waiting.PRACTICE)
    threads = list(unanswered.values_list("thread", flat=True))
    where = Q(thread__in=threads) | Q(addressed_to=seat.membership)
    return unread(by, seat).order_by().filter(where)


def _from_place(found: QuerySet[Thread], asked: Filters) -> tuple[list[Thread], bool]:
    """A page of them, the latest first, and whether there are more in the way one went."""
    joined = with_parties(found).select_related(
        "practice", "patient__merged_into", "task__owner__clinician", "task__owner__user",
        "task__pool", "task__reason",
    )  # fmt: skip
    if place := asked.before:
        later = Q(last_message_at__gt=place.at) | Q(pk__gt=place.thread)
        nearest = joined.filter(later, last_message_at__gte=place.at)
        some = list(nearest.order_by("last_message_at", "pk")[: PAGE_SIZE + 1])
        return some[:PAGE_SIZE][::-1], len(some) > PAGE_SIZE
    if place := asked.after:
        earlier = Q(last_message_at__lt=place.at) | Q(pk__lt=place.thread)
        joined = joined.filter(earlier, last_message_at__lte=place.at)
    some = list(joined.order_by("-last_message_at", "-pk")[: PAGE_SIZE + 1])
    return some[:PAGE_SIZE], len(some) > PAGE_SIZE


def _places(
    some: Sequence[Thread], more: bool, asked: Filters
) -> tuple[Place | None, Place | None]:
    if not some:
        return None, None
    went_back = asked.before is not None
    older = _place(some[-1]) if more or went_back else None
    newer = _place(some[0]) if (more if went_back else asked.after) else None
    return older, newer


def _place(thread: Thread) -> Place:
    return Place(thread.last_message_at, thread.pk)


def _row(row: ThreadRow, thread: Thread, not_read: set[UUID]) -> WorkRow:
    task = getattr(thread, "task", None)
    since: datetime | None = task.waiting_since if task else None
    days = (clock.now() - since).days if since else 0
    today = clock.today(thread.practice.time_zone)
    return WorkRow(row, task, today, days, thread.pk in not_read)
