"""A search in the messages of one patient: by the patient, who acts for them, or the practice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import emergency_of

from ..access import seat_for, seat_in, threads_on_side_of
from ..granting import grant
from ..keys.parties import party_of
from ..models import Message, Thread
from ..practice_seats import carried_by
from ..reader import Reader
from ..seats import Seat, Side
from ..showing import sender_name
from ..threads import with_parties
from .candidates import Index
from .reading import texts_in
from .words import Snippet, matches, snippet, terms_of

PAGE_SIZE = 20


@dataclass(frozen=True)
class Asked:
    """What is looked for: words, part of the name of who wrote it, days (both in it)."""

    words: str = ""
    person: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def terms(self) -> list[str]:
        """The words, as they are looked for."""
        return terms_of(self.words)

    @property
    def says_nothing(self) -> bool:
        """Whether everything would be found."""
        return not (self.terms or terms_of(self.person) or self.starts_on or self.ends_on)

    @property
    def days(self) -> Q:
        """The condition that a message was sent on one of these days."""
        first = Q(sent_on__gte=self.starts_on) if self.starts_on else Q()
        return first & Q(sent_on__lte=self.ends_on) if self.ends_on else first


@dataclass(frozen=True)
class Found:
    """A message that was found, and a piece of it."""

    thread_id: UUID
    subject: str
    patient_name: str
    sequence: int
    sender_name: str
    sent_at: datetime
    snippet: Snippet


@dataclass(frozen=True)
class Results:
    """A page of what was found, the latest first. `incomplete`: some messages were not looked at
    yet, because there were too many at once; the same search looks at more.
    """

    found: Sequence[Found]
    has_more: bool
    incomplete: bool


@transaction.atomic
def search(*, by: User, patient: Patient, side: Side, asked: Asked, page: int = 1) -> Results:
    """The messages of the patient that `by` may open from this side and that hold what is asked.

    On record with the threads shown; nothing becomes read by it. NotAllowed for outsiders;
    RequestError where nothing is asked.
    """
    if asked.says_nothing:
        raise RequestError("Write a word, a name or a day to look for.")
    seat, held = _seat_and_threads(by, patient, side)
    threads = {each.pk: each for each in with_parties(held.filter(destruction=None))}
    reader = _reader(by, seat, threads.values())
    index = Index(threads, reader)
    candidates = _messages(asked, threads, seat, reader)
    if asked.terms:
        candidates = index.holding(asked.terms, candidates)
    first = (max(page, 1) - 1) * PAGE_SIZE
    shown = candidates[first : first + PAGE_SIZE]
    found = opened(asked.terms, shown, threads, reader)
    _record(by, patient, seat, found, reader)
    return Results(found, len(candidates) > first + PAGE_SIZE, index.incomplete)


def opened(
    terms: Sequence[str], messages: Iterable[Message], threads: dict[UUID, Thread], reader: Reader
) -> list[Found]:
    """The messages opened, but those that do not hold the terms after all, or do not open."""
    found = []
    with_text = [*Message.objects.filter(pk__in=[each.pk for each in messages])
                 .select_related("epoch", "sender", "representative", "clinician")
                 .order_by("-sent_at", "-sequence")]  # fmt: skip
    for each in with_text:
        thread = threads[each.thread_id]
        content, subject = reader.content(each, thread), reader.subject(thread)
        if content is None or not matches(terms, texts_in(each, content, subject)):
            continue
        found.append(
            Found(
                thread.pk, subject or "", str(thread.patient.surviving), each.sequence,
                sender_name(each, thread), each.sent_at, snippet(terms, content.text),
            )
        )  # fmt: skip
    return found


def _seat_and_threads(by: User, patient: Patient, side: Side) -> tuple[Seat, QuerySet[Thread]]:
    kept = patient.surviving
    found = Thread.objects.filter(threads_on_side_of(kept))
    if side == Side.PATIENT:
        return seat_for(by, kept), found
    seat = seat_in(by, kept.practice)
    if seat.keeps_pool:
        return seat, found
    if emergency := emergency_of(by, kept.pk):
        return replace(seat, emergency=emergency), found
    return seat, found.filter(carried_by(seat, kept.practice))


def _reader(by: User, seat: Seat, threads: Iterable[Thread]) -> Reader:
    """A patient's threads may stand on several records of theirs, each with its own key."""
    held = list(threads)
    if seat.representative:
        grant(seat.representative, by)
    own = seat.side == Side.PATIENT and not seat.representative
    parties = {party_of(each.patient) for each in held} if own else {seat.party}
    return Reader(by, parties or {seat.party}, [each.pk for each in held])


def _messages(
    asked: Asked, threads: dict[UUID, Thread], seat: Seat, reader: Reader
) -> list[Message]:
    """Those of the days and people, the latest first, without their content; for a representative
    those of the epochs granted.
    """
    held = Message.objects.filter(asked.days, thread__in=threads, retracted_at=None)
    joined = held.select_related("epoch", "sender", "representative", "clinician")
    ordered = joined.order_by("-sent_at", "-sequence").defer("sealed", "nonce")
    people = terms_of(asked.person)
    return [
        each
        for each in ordered
        if (not people or matches(people, [sender_name(each, threads[each.thread_id])]))
        and (not seat.representative or reader.holds(threads[each.thread_id], each.epoch.number))
    ]


def _record(by: User, patient: Patient, seat: Seat, found: Sequence[Found], reader: Reader) -> None:
    shown = sorted({str(each.thread_id) for each in found})
    record(
        by=by,
        deed=Deed.MESSAGES_SEARCHED,
        target_kind="thread",
        practice_id=patient.practice_id,
        patient_id=patient.surviving.pk,
        category="emergency" if seat.emergency else "",
        on_behalf_of=seat.representative.patient_id if seat.representative else "",
        details={"threads": shown, "messages": len(found), "keys_opened": reader.opened},
    )
