"""Conversations as another program asks for them: opened as many as were asked for, within what
one person may see (`sight`), on record and with receipts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, UUIDField

from wellpost.server.audit.actions import Keep, record
from wellpost.server.audit.deeds import Deed
from wellpost.server.changes import insert
from wellpost.server.notices.actions import acted_as_recorded
from wellpost.server.people.models import User
from wellpost.server.prepared import (
    PreparedOfMany,
    PreparedRows,
    Slot,
    slots,
)

from .attached import OpenFile, open_attachment
from .company import person_of
from .content import Content
from .keys.parties import party_of
from .models import Message, Receipt, Thread
from .reader import Reader
from .reading import read_for_the_first_time
from .seats import Side, no_such_thread
from .showing import alarm_text
from .sight import Sight
from .unread import waits_for


@dataclass(frozen=True)
class Opened:
    """Subjects by thread and contents by message; an alarm's text where one does not open."""

    subjects: Mapping[UUID, str] = field(default_factory=dict)
    contents: Mapping[UUID, Content] = field(default_factory=dict)


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
    people = {person_of(each) for each in threads.values()}
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
