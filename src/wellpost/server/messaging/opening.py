"""Opening a conversation: its messages, on record, with receipts for what was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, UUIDField

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.changes import insert
from wellpost.server.notices.actions import acted_as_recorded
from wellpost.server.people.models import Representative, User
from wellpost.server.prepared import Prepared, PreparedRows, Slot

from . import alarms
from .access import representatives_of, seat_to_read
from .attached_shown import files_shown
from .content import Content
from .granting import grant
from .models import Message, Participant, Receipt, Thread, ThreadState
from .places import located
from .reach import waiting_patients
from .reader import Reader
from .reading import read_for_the_first_time
from .seats import Seat, Side
from .showing import (
    OpenFileNote,
    OpenMessage,
    OpenThread,
    PartyRow,
    ReadBy,
    addressed_to,
    alarm_text,
    on_behalf_of,
    sender_name,
)
from .taking_part import participants_of
from .threads import thread_with_parties, with_writers
from .unread import waits_for


@dataclass(frozen=True)
class Reading:
    """One person reading one thread."""

    by: User
    thread: Thread
    seat: Seat
    reader: Reader


def open_thread(thread_id: UUID, by: User, side: Side | None = None) -> OpenThread:
    """The conversation as `by` may read it, oldest message first. NotAllowed for outsiders.

    The opening of its keys is an audit row, and what was unread gets a receipt, in the same
    transaction; but in an emergency no receipt. What does not open is shown as an alarm. Others
    write meanwhile: the thread is read before its messages and they before the keys, so that what
    has come in between is more than was looked for, never less.
    """
    thread = thread_with_parties(thread_id)
    seat = seat_to_read(by, thread, side)
    every = _MESSAGES(thread=thread.pk)
    reading = Reading(by, thread, seat, _reader(by, thread, seat))
    rows = _readable(reading, every)
    messages = _opened(reading, rows)
    missing = _missing(reading, rows)
    opened = _thread_opened(reading, messages, missing)
    fresh = [] if seat.emergency else _without_receipt(by, messages)
    with read_for_the_first_time(by, fresh):
        _record(reading, messages)
    return opened


def _without_receipt(by: User, messages: Sequence[OpenMessage]) -> list[UUID]:
    """What was shown to `by` for the first time."""
    shown = [each for each in messages if not each.mine and not each.tampered]
    return [each.id for each in shown if all(read.user != by.pk for read in each.read_by)]


def _reader(by: User, thread: Thread, seat: Seat) -> Reader:
    """A representative is let in to what was granted since, on the first visit."""
    if seat.representative:
        grant(seat.representative, by, thread)
    return Reader(by, [seat.party], [thread.pk])


def _readable(reading: Reading, every: list[Message]) -> list[Message]:
    """Every message, but for a representative only those of the epochs granted."""
    if not reading.seat.representative:
        return every
    return [each for each in every if reading.reader.holds(reading.thread, each.epoch.number)]


def _messages() -> QuerySet[Message]:
    of_thread = Message.objects.filter(thread=Slot("thread", UUIDField()))
    return with_writers(of_thread).order_by("sequence")


_MESSAGES = Prepared(_messages)


def _opened(reading: Reading, rows: Sequence[Message]) -> list[OpenMessage]:
    receipts, reader = _receipts(reading.thread), reading.reader
    contents = [(each, reader.content(each, reading.thread)) for each in rows]
    files = files_shown(contents, reading.thread, reader)
    return [
        _message(reading, each, content, files.get(each.pk, ()), receipts.get(each.pk, []))
        for each, content in contents
    ]


def _receipts(thread: Thread) -> dict[UUID, list[ReadBy]]:
    found: dict[UUID, list[ReadBy]] = {}
    for message, user, name, read_at in _RECEIPTS(thread=thread.pk):
        found.setdefault(message, []).append(ReadBy(name, read_at, user))
    return found


def _receipts_of_thread() -> QuerySet[Receipt, Any]:
    held = Receipt.objects.filter(message__thread=Slot("thread", UUIDField())).order_by("pk")
    return held.values_list("message", "user", "user__name", "read_at")


_RECEIPTS = PreparedRows(_receipts_of_thread)


def _message(
    reading: Reading,
    message: Message,
    content: Content | None,
    files: tuple[OpenFileNote, ...],
    receipts: Sequence[ReadBy],
) -> OpenMessage:
    mine = message.sender_id == reading.by.pk
    read = any(each.user == reading.by.pk for each in receipts)
    return OpenMessage(
        id=message.pk,
        sequence=message.sequence,
        sender_name=sender_name(message, reading.thread),
        sender_kind=message.sender_kind,
        on_behalf_of=on_behalf_of(message, reading.thread),
        addressed_to=addressed_to(message),
        sent_to=message.sent_to,
        sent_at=message.sent_at,
        text=content.text if content else alarm_text(),
        attachments=files,
        read_by=tuple(receipts),
        mine=mine,
        unread=not (mine or read or reading.seat.emergency) and waits_for(reading.seat, message),
        retracted_at=message.retracted_at,
        replaces=message.replaces_id,
        in_reply_to=message.in_reply_to_id,
        tampered=content is None,
        covers=content.covers if content else "",
    )


def _missing(reading: Reading, rows: Sequence[Message]) -> int:
    """Sequences have no gaps: a row taken out is an alarm. A representative may hold but a part."""
    thread = reading.thread
    last = max((thread.last_sequence, *(each.sequence for each in rows)))
    missing = 0 if reading.seat.representative else last - len(rows)
    if missing:
        alarms.sound(located("thread", thread, thread.pk), reading.by)
    return missing


def _thread_opened(reading: Reading, messages: Sequence[OpenMessage], missing: int) -> OpenThread:
    thread, subject = reading.thread, reading.reader.subject(reading.thread)
    patient, emergency = thread.patient.surviving, reading.seat.emergency
    may_write = thread.state != ThreadState.LOCKED and not emergency
    return OpenThread(
        thread_id=thread.pk,
        subject=alarm_text() if subject is None else subject,
        state=thread.state,
        practice_id=thread.practice_id,
        practice_name=thread.practice.name,
        patient_id=patient.pk,
        patient_name=str(patient),
        parties=_parties(thread),
        messages=messages,
        side=reading.seat.side,
        may_write=may_write,
        may_resolve=reading.seat.side == Side.PRACTICE and may_write,
        waiting_for_first_sign_in=bool(waiting_patients([patient])),
        tampered=subject is None or bool(missing) or any(each.tampered for each in messages),
        missing=missing,
        emergency_until=emergency.ends_at if emergency else None,
    )


def _parties(thread: Thread) -> list[PartyRow]:
    patient = thread.patient.surviving
    return [
        PartyRow(str(patient), "patient", patient.user_id is not None),
        *(_representative_row(each) for each in representatives_of(thread.patient)),
        *(_participant_row(each) for each in participants_of(thread)),
    ]


def _representative_row(each: Representative) -> PartyRow:
    return PartyRow(each.name, "representative", each.user_id is not None)


def _participant_row(each: Participant) -> PartyRow:
    held = each.membership
    return PartyRow(held.name, held.role, held.account is not None)


def _record(reading: Reading, messages: Sequence[OpenMessage]) -> None:
    representative, covering = reading.seat.representative, reading.seat.covering
    for_whom = representative.patient_id if representative else ""
    record(
        by=reading.by,
        deed=Deed.THREAD_READ,
        target=reading.thread,
        on_behalf_of=covering.clinician_id if covering else for_whom,
        category="emergency" if reading.seat.emergency else "",
        details={
            "messages": len(messages),
            "unread": sum(each.unread for each in messages),
            "keys_opened": reading.reader.opened,
        },
        keep=insert if reading.seat.emergency else partial(acted_as_recorded, reading.by),
    )
