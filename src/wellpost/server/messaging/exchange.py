"""Conversations as another program asks for them: found by what stands outside the seal, within
what one person may see, and opened as many as were asked for, on record and with receipts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, UUIDField

from wellpost.server.audit.actions import Keep, record
from wellpost.server.audit.deeds import Deed
from wellpost.server.changes import insert
from wellpost.server.clock import time as clock
from wellpost.server.notices.actions import acted_as_recorded
from wellpost.server.people.models import Patient, Practice, Representative, User
from wellpost.server.prepared import (
    Prepared,
    PreparedOfMany,
    PreparedRows,
    Slot,
    slots,
)

from .access import seat_for, seat_in, threads_on_side_of
from .attached import OpenFile, open_attachment
from .content import Content
from .granting import grant
from .keys.parties import party_of
from .models import KeyWrap, Message, Participant, PartyKind, Receipt, Thread
from .practice_seats import carried_by
from .reader import Reader
from .reading import read_for_the_first_time
from .seats import Seat, Side, no_such_thread
from .showing import alarm_text
from .threads import with_names, with_people
from .unread import waits_for


@dataclass(frozen=True)
class Sight:
    """What `by` may see from one seat: of one patient (`patient`, the surviving record), or (None)
    of all whose conversations they carry at the practice.
    """

    by: User
    seat: Seat
    practice: Practice
    patient: Patient | None

    @property
    def threads(self) -> QuerySet[Thread]:
        """Every thread, and no other: what is counted or sorted in it may be seen. For a
        representative those of which they hold the key of the subject.
        """
        found = Thread.objects.all()
        if self.patient:
            found = found.filter(threads_on_side_of(self.patient))
        if self.seat.side == Side.PRACTICE:
            found = found.filter(practice=self.practice)
            everything = self.seat.keeps_pool
            return found if everything else found.filter(carried_by(self.seat, self.practice))
        held = _holds_subject(self.seat)
        return found.filter(held) if held else found

    @property
    def messages(self) -> QuerySet[Message]:
        """Every message of those threads; for a representative those of the epochs granted."""
        found = Message.objects.filter(thread__in=self.threads.order_by().values("pk"))
        held = _holds(self.seat, epoch=OuterRef("epoch"))
        return found.filter(held) if held else found


@dataclass(frozen=True)
class Opened:
    """Subjects by thread and contents by message; an alarm's text where one does not open."""

    subjects: Mapping[UUID, str] = field(default_factory=dict)
    contents: Mapping[UUID, Content] = field(default_factory=dict)


@dataclass(frozen=True)
class Parties:
    """Who is in a thread besides the patient and the practice."""

    representatives: Sequence[Representative]
    participants: Sequence[Participant]


def sight_of_patient(by: User, patient: Patient) -> Sight:
    """From the patient's side of this one record; NotAllowed for outsiders. A representative is
    let in to what was granted since.
    """
    kept = patient.surviving
    seat = seat_for(by, kept)
    if seat.representative and _lacks_a_key(seat, kept):
        grant(seat.representative, by)
    return Sight(by, seat, kept.practice, kept)


def sight_at_practice(by: User, practice: Practice, patient: Patient | None = None) -> Sight:
    """From the practice's side, of one of its patients or of all; NotAllowed for outsiders. An
    emergency opens nothing here: its reason is given on a page, and there one reads.
    """
    if patient and patient.practice_id != practice.pk:
        no_such_thread()
    return Sight(by, seat_in(by, practice), practice, patient.surviving if patient else None)


def parties_of(threads: Collection[Thread]) -> dict[UUID, Parties]:
    """Who is in each of the threads today, in two statements."""
    if not threads:
        return {}
    people = {one.id: _person(one) for one in threads}
    held: dict[UUID, list[Participant]] = {}
    for each in _PARTICIPANTS({"threads": list(people)}):
        held.setdefault(each.thread_id, []).append(each)
    acting = _acting(set(people.values()))
    return {of: Parties(acting.get(one, ()), held.get(of, ())) for of, one in people.items()}


def _participants(threads: int) -> QuerySet[Participant]:
    joined = Participant.objects.select_related("membership__clinician", "membership__user")
    of_them = joined.filter(thread__id__in=slots("threads", UUIDField(), threads))
    return of_them.order_by("since", "pk")


_PARTICIPANTS = PreparedOfMany(Prepared, _participants)


def open_some(
    sight: Sight,
    threads: Sequence[Thread] = (),
    messages: Sequence[Message] = (),
    *,
    beside: Mapping[str, object] | None = None,
) -> Opened:
    """The subjects of the threads and the contents of the messages, which the caller found within
    the sight (with their parties and people joined). One audit row, `beside` in its details;
    receipts for the messages, as when they are read on a page.
    """
    of_messages = {each.thread_id: each.thread for each in messages}
    everything = {**of_messages, **{each.id: each for each in threads}}
    reader = _reader(sight, everything.values())
    subjects = {each.id: reader.subject(each) for each in threads}
    contents = {each.id: reader.content(each, each.thread) for each in messages}
    others = _by_others(sight, [each for each in messages if contents[each.id] is not None])
    fresh = _fresh(sight, others)
    unread = sum(waits_for(sight.seat, each) for each in fresh)
    keep = partial(acted_as_recorded, sight.by) if others else insert
    with read_for_the_first_time(sight.by, [each.pk for each in fresh]):
        _record(sight, everything, messages, reader, {"unread": unread, **(beside or {})}, keep)
    return Opened(
        {key: alarm_text() if text is None else text for key, text in subjects.items()},
        {key: held or Content(alarm_text()) for key, held in contents.items()},
    )


def just_sent(sight: Sight, message: Message) -> Content:
    """What `by` sent this moment, to be told to them; its sending is on record."""
    reader = _reader(sight, [message.thread])
    return reader.content(message, message.thread) or Content(alarm_text())


def was_sent(by: User, client_key: str) -> bool:
    """Whether `by` sent something with that key already."""
    return Message.objects.filter(sender=by, client_key=client_key).exists()


def open_file(sight: Sight, attachment_id: UUID) -> OpenFile:
    """The attached file, where it belongs to a message in sight; NotAllowed else. On record."""
    if not sight.messages.filter(attachments=attachment_id).exists():
        no_such_thread()
    return open_attachment(attachment_id, sight.by, sight.seat.side)


def _lacks_a_key(seat: Seat, patient: Patient) -> bool:
    """Whether there is a conversation whose key in force a representative does not hold yet."""
    threads = Thread.objects.filter(threads_on_side_of(patient), destruction=None)
    held = _holds_subject(seat)
    return held is not None and threads.filter(~held).exists()


def _holds_subject(seat: Seat) -> Exists | None:
    in_force = {"epoch__thread": OuterRef("pk"), "epoch__number": OuterRef("subject_epoch")}
    return _holds(seat, **in_force)


def _holds(seat: Seat, **where: object) -> Exists | None:
    """The condition that a representative holds the key; None for everybody else."""
    if not seat.representative:
        return None
    held = KeyWrap.objects.filter(
        party_key__party_kind=PartyKind.REPRESENTATIVE.value,
        party_key__party_id=seat.representative.pk,
    )
    return Exists(held.filter(**where))


def _reader(sight: Sight, threads: Iterable[Thread]) -> Reader:
    """A patient's threads may stand on several records of theirs, each with its own key."""
    held = list(threads)
    own = sight.seat.side == Side.PATIENT and not sight.seat.representative
    parties = {party_of(each.patient) for each in held} if own else {sight.seat.party}
    return Reader(sight.by, parties or {sight.seat.party}, [each.id for each in held])


def _by_others(sight: Sight, messages: Sequence[Message]) -> list[Message]:
    return [each for each in messages if each.sender_id != sight.by.pk]


def _fresh(sight: Sight, messages: Sequence[Message]) -> list[Message]:
    """What the reader was not given before."""
    asked = {"messages": [each.pk for each in messages]}
    read = {message for (message,) in _RECEIPTS(asked, by=sight.by.pk)}
    return [each for each in messages if each.pk not in read]


def _receipts(messages: int) -> QuerySet[Receipt, Any]:
    held = Receipt.objects.filter(message__id__in=slots("messages", UUIDField(), messages))
    return held.filter(user=Slot("by", UUIDField())).values_list("message")


_RECEIPTS = PreparedOfMany(PreparedRows, _receipts)


def _record(
    sight: Sight,
    threads: Mapping[UUID, Thread],
    messages: Sequence[Message],
    reader: Reader,
    details: Mapping[str, object],
    keep: Keep,
) -> None:
    """One row: what was read of one patient, or which conversations were listed."""
    people = {_person(each) for each in threads.values()}
    one = next(iter(people)) if len(people) == 1 else None
    representative = sight.seat.representative
    record(
        by=sight.by,
        deed=Deed.THREAD_READ if messages else Deed.THREADS_LISTED,
        target_kind="thread",
        target_id=next(iter(threads)) if len(threads) == 1 else "",
        practice_id=sight.practice.pk,
        patient_id=sight.patient.pk if sight.patient else one,
        on_behalf_of=representative.patient_id if representative else "",
        details={
            "threads": sorted(map(str, threads)),
            "messages": len(messages),
            "keys_opened": reader.opened,
            **details,
        },
        keep=keep,
    )


def _person(thread: Thread) -> UUID:
    return thread.patient.merged_into_id or thread.patient_id


def _acting(people: set[UUID]) -> dict[UUID, list[Representative]]:
    """Who may read the messages of each of these people today."""
    found: dict[UUID, list[Representative]] = {}
    for each in _REPRESENTATIVES({"people": list(people)}):
        if each.active_on(clock.today(each.patient.practice.time_zone)):
            kept = each.patient.merged_into_id or each.patient_id
            found.setdefault(kept, []).append(each)
    return found


def _representatives(people: int) -> QuerySet[Representative]:
    them = slots("people", UUIDField(), people)
    of_people = Q(patient__id__in=them) | Q(patient__merged_into__id__in=them)
    held = Representative.objects.filter(of_people, may_message=True)
    return held.select_related("patient__practice").order_by("pk")


_REPRESENTATIVES = PreparedOfMany(Prepared, _representatives)


__all__ = [
    "Opened",
    "Parties",
    "Sight",
    "just_sent",
    "open_file",
    "open_some",
    "parties_of",
    "sight_at_practice",
    "sight_of_patient",
    "was_sent",
    "with_names",
    "with_people",
]
