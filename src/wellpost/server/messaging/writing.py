"""Putting a message into its thread: sequence, seal, files. The caller holds the thread's lock."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from wellpost.server.audit.actions import Keep
from wellpost.server.changes import Change, PreparedUpdate, at_once
from wellpost.server.clock import time as clock
from wellpost.server.prepared import Slot

from .content import CONTENT_TYPE, Content
from .drafts import Attribution, Draft
from .envelope import EpochKeys
from .epochs import EpochInForce
from .files import store
from .models import Message, Thread, ThreadState
from .places import seal_message
from .search.indexing import row_of

SUBJECT_COLUMNS = ("subject_epoch", "subject_nonce", "subject_sealed")


def write(
    thread: Thread,
    draft: Draft,
    who: Attribution,
    epoch: EpochInForce,
    recorded: Callable[[Message, Keep], object],
) -> Message:
    """The message at the thread's end, sealed and stored, and the thread open with it. `recorded`
    puts it on record: what it gives to `keep` is stored with the message, in one statement.
    """
    message = _sealed(_new(thread, draft, who, epoch), draft, epoch)
    changes = [*_stored(message, draft, epoch), _brought_up_to_date(thread, message)]
    recorded(message, lambda row: at_once(*changes, row))
    if epoch.begun_for:
        thread.save(update_fields=SUBJECT_COLUMNS)
    if draft.files:
        store(message, draft.files, epoch.keys)
    return message


def _new(thread: Thread, draft: Draft, who: Attribution, epoch: EpochInForce) -> Message:
    moment = clock.now()
    thread.last_sequence += 1
    return Message(
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


def asked_in(draft: Draft, keys: EpochKeys, thread: Thread) -> bytes:
    """The digest by which the same sending is known again."""
    where = thread.patient_id if draft.subject else thread.pk
    return keys.digest(*draft.fingerprint(where))


def _sealed(message: Message, draft: Draft, epoch: EpochInForce) -> Message:
    notes, keys = tuple(each.note for each in draft.files), epoch.keys
    message.request_digest = asked_in(draft, keys, message.thread)
    covers = draft.covers.name if draft.covers else ""
    seal_message(message, Content(draft.body, notes, covers), keys)
    return message


def _stored(message: Message, draft: Draft, epoch: EpochInForce) -> list[Change]:
    """The message, and with it what makes it found by its words."""
    texts = [draft.body, *(each.note.name for each in draft.files)]
    found_by = row_of(message, [*texts, draft.subject], epoch.patients_key, draft.by)
    return [message, found_by] if found_by else [message]


def _brought_up_to_date(thread: Thread, message: Message) -> Change:
    thread.last_message_at = message.sent_at
    thread.state = ThreadState.OPEN
    return _WRITTEN_TO.to(thread=thread.pk, sequence=thread.last_sequence, sent_at=message.sent_at)


def _open_with_it() -> tuple[QuerySet[Thread], dict[str, Any]]:
    sequence, sent_at = (_COLUMNS.get_field(e) for e in ("last_sequence", "last_message_at"))
    changes = {"last_sequence": Slot("sequence", sequence), "state": ThreadState.OPEN}
    held = Thread.objects.filter(pk=Slot("thread", Thread._meta.pk))
    return held, {**changes, "last_message_at": Slot("sent_at", sent_at)}


_COLUMNS: Any = Thread._meta
_WRITTEN_TO = PreparedUpdate(_open_with_it)
