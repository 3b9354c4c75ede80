"""A patient's conversations opened one after another, for who may read all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Length

from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import NotAllowed, Permission, require

from ..access import seat_for, seat_in, threads_on_side_of
from ..content import Content
from ..granting import grant
from ..keys.parties import party_of
from ..models import Message, Thread
from ..reader import Reader
from ..seats import Seat, Side
from ..showing import alarm_text
from ..threads import with_parties, with_writers

TOGETHER = 20
"""Conversations in memory at once."""


@dataclass(frozen=True)
class OpenedMessage:
    """A message with what it holds; an alarm's text where it does not open."""

    message: Message
    content: Content


@dataclass(frozen=True)
class OpenedThread:
    """A conversation with its messages, oldest first, and what opened them."""

    thread: Thread
    subject: str
    messages: tuple[OpenedMessage, ...]
    reader: Reader


@dataclass(frozen=True)
class Correspondence:
    """All conversations with a patient, as `by` may read them from one side."""

    by: User
    patient: Patient
    seat: Seat
    thread_ids: tuple[UUID, ...]

    @classmethod
    def of(cls, by: User, patient: Patient, side: Side, only: UUID | None = None) -> Correspondence:
        """The conversations; NotAllowed for who may not read every one of them: at the practice
        those who keep the pool and may take them away. `only`: this one.
        """
        kept = patient.surviving
        seat = _seat(by, kept, side)
        if seat.representative:
            grant(seat.representative, by)
        held = Thread.objects.filter(threads_on_side_of(kept)).order_by("started_at", "pk")
        chosen = held.filter(pk=only) if only else held
        return cls(by, kept, seat, tuple(chosen.values_list("pk", flat=True)))

    @property
    def size(self) -> int:
        """About how many bytes of text there are, sealed."""
        held = Message.objects.filter(thread__in=self.thread_ids)
        return held.aggregate(size=Sum(Length("sealed")))["size"] or 0

    def threads(self) -> Iterator[OpenedThread]:
        """Each, opened; a few are in memory at once."""
        for start in range(0, len(self.thread_ids), TOGETHER):
            yield from self._some(self.thread_ids[start : start + TOGETHER])

    def _some(self, ids: tuple[UUID, ...]) -> Iterator[OpenedThread]:
        threads = list(with_parties(Thread.objects.filter(pk__in=ids)).order_by("started_at", "pk"))
        own = self.seat.side == Side.PATIENT and not self.seat.representative
        parties = {party_of(each.patient) for each in threads} if own else {self.seat.party}
        reader = Reader(self.by, parties, ids)
        for each in threads:
            messages = tuple(_opened(each, reader, self._rows(each, reader)))
            subject = reader.subject(each) if self._sees_subject(each, reader) else ""
            yield OpenedThread(each, alarm_text() if subject is None else subject, messages, reader)

    def _rows(self, thread: Thread, reader: Reader) -> Iterator[Message]:
        """Every message; for a representative those of the epochs granted."""
        for each in with_writers(thread.messages.all()).order_by("sequence"):
            if not self.seat.representative or reader.holds(thread, each.epoch.number):
                yield each

    def _sees_subject(self, thread: Thread, reader: Reader) -> bool:
        return not self.seat.representative or reader.holds(thread, thread.subject_epoch)


def _seat(by: User, patient: Patient, side: Side) -> Seat:
    if side == Side.PATIENT:
        return seat_for(by, patient)
    require(by, Permission.EXPORT_CORRESPONDENCE, patient.practice)
    seat = seat_in(by, patient.practice)
    if not seat.keeps_pool:
        raise NotAllowed("reads some of the conversations alone.")
    return seat


def _opened(thread: Thread, reader: Reader, rows: Iterable[Message]) -> Iterator[OpenedMessage]:
    for each in rows:
        content = reader.content(each, thread)
        yield OpenedMessage(each, content or Content(alarm_text()))
