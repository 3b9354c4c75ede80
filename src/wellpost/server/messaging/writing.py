"""Putting a message into its thread: sequence, seal, files. The caller holds the thread's lock."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from wellpost.server.clock import time as clock
from wellpost.server.prepared import PreparedUpdate, Slot, insert, insert_both

from .content import CONTENT_TYPE, Content
from .drafts import Attribution, Draft
from .envelope import EpochKeys
from .epochs import EpochInForce
from .files import store
from .models import Message, Thread, ThreadState
from .places import seal_message
from .search.indexing import row_of

SUBJECT_COLUMNS = ("subject_epoch", "subject_nonce", "subject_sealed")


def write(thread: Thread, draft: Draft, who: Attribution, epoch: EpochInForce) -> Message:
    """The message at the thread's end, sealed and stored, and the thread open with it."""
    moment = clock.now()
    thread.last_sequence += 1
    message = Message(
        id=uuid.uuid4(),
        thread=thread,
        epoch=epoch.epoch,
        sequence=thread.last_sequence,
        sender=draft.by,
        sent_at=moment,
        sent_on=moment.astimezone(ZoneInfo(thread.practice.time_zone)).date(),
        in_reply_to=draft.in_reply_to,
        replaces=draft.replaces,
        content_type=CONTENT_TYPE,
        client_key=draft.client_key,
        **who,
    )
    _seal_and_store(message, draft, epoch)
    _bring_up_to_date(thread, message, epoch)
    return message


def asked_in(draft: Draft, keys: EpochKeys, thread: Thread) -> bytes:
    """The digest by which the same sending is known again."""
    where = thread.patient_id if draft.subject else thread.pk
    return keys.digest(*draft.fingerprint(where))


def _seal_and_store(message: Message, draft: Draft, epoch: EpochInForce) -> None:
    notes, keys = tuple(each.note for each in draft.files), epoch.keys
    message.request_digest = asked_in(draft, keys, message.thread)
    seal_message(
        message, Content(draft.body, notes, draft.covers.name if draft.covers else ""), keys
    )
    _store(message, draft, epoch)
    if draft.files:
        store(message, draft.files, keys)


def _store(message: Message, draft: Draft, epoch: EpochInForce) -> None:
    """The message, and with it what makes it found by its words."""
    texts = [draft.body, *(each.note.name for each in draft.files)]
    found_by = row_of(message, [*texts, draft.subject], epoch.patients_key, draft.by)
    if found_by:
        insert_both(message, found_by)
    else:
        insert(message)


def _bring_up_to_date(thread: Thread, message: Message, epoch: EpochInForce) -> None:
    thread.last_message_at = message.sent_at
    thread.state = ThreadState.OPEN
    _written_to(thread=thread.pk, sequence=thread.last_sequence, sent_at=message.sent_at)
    if epoch.begun_for:
        thread.save(update_fields=SUBJECT_COLUMNS)


def _open_with_it() -> tuple[QuerySet[Thread], dict[str, Any]]:
    sequence, sent_at = (_COLUMNS.get_field(e) for e in ("last_sequence", "last_message_at"))
    changes = {"last_sequence": Slot("sequence", sequence), "state": ThreadState.OPEN}
    held = Thread.objects.filter(pk=Slot("thread", Thread._meta.pk))
    return held, {**changes, "last_message_at": Slot("sent_at", sent_at)}


_COLUMNS: Any = Thread._meta
_written_to = PreparedUpdate(_open_with_it)
