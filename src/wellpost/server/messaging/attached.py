"""Opening an attached file, piece by piece."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import User

from . import alarms
from .access import seat_to_read
from .alarms import watched
from .content import FileNote
from .envelope import EpochKeys
from .errors import TamperedError
from .files import opened
from .models import Attachment, Thread
from .places import located, open_message
from .reader import Reader
from .seats import Seat, Side, no_such_thread
from .threads import thread_with_parties


class OpenFile(NamedTuple):
    """A file's name, type by content, size in bytes, and its bytes piece by piece."""

    name: str
    type: str
    size: int
    pieces: Iterator[bytes]


@watched
def open_attachment(attachment_id: UUID, by: User, side: Side | None = None) -> OpenFile:
    """The file, for those who may read its message; NotAllowed for others. On record.

    The pieces come as they are opened; one that was changed ends them with TamperedError, whose
    alarm is on record by then.
    """
    with transaction.atomic():
        attachment = _attachment(attachment_id)
        thread = thread_with_parties(attachment.message.thread_id)
        seat = seat_to_read(by, thread, side)
        reader = Reader(by, [seat.party], [thread.pk])
        if reader.destroyed(thread, attachment.message.epoch.number):
            no_such_thread()
        keys = reader.keys(thread, attachment.message.epoch.number)
        note = _note(attachment, thread, keys)
        _record(by, attachment, seat, thread, reader)
    pieces = _watched(attachment, thread, note, keys, by)
    return OpenFile(note.name, note.type, note.size, pieces)


def _attachment(attachment_id: UUID) -> Attachment:
    found = Attachment.objects.select_related("message__epoch").filter(pk=attachment_id).first()
    return found or no_such_thread()


def _note(attachment: Attachment, thread: Thread, keys: EpochKeys) -> FileNote:
    """What the message vouches for; a file it does not name was put there by somebody else."""
    for note in open_message(attachment.message, thread, keys).files:
        if note.id == attachment.pk:
            return note
    raise located("attachment", thread, attachment.pk)


def _watched(
    attachment: Attachment, thread: Thread, note: FileNote, keys: EpochKeys, by: User
) -> Iterator[bytes]:
    digest = hashlib.sha256()
    try:
        for piece in opened(attachment, keys):
            digest.update(piece)
            yield piece
        if digest.hexdigest() != note.sha256:
            raise TamperedError("attachment")
    except TamperedError:
        error = located("attachment", thread, attachment.pk)
        alarms.sound(error, by)
        raise error from None


def _record(by: User, attachment: Attachment, seat: Seat, thread: Thread, reader: Reader) -> None:
    for_whom = seat.representative.patient_id if seat.representative else ""
    record(
        by=by,
        deed=Deed.ATTACHMENT_READ,
        target=attachment,
        practice_id=thread.practice_id,
        patient_id=thread.patient_id,
        on_behalf_of=seat.covering.clinician_id if seat.covering else for_whom,
        category="emergency" if seat.emergency else "",
        details={"thread": str(thread.pk), "keys_opened": reader.opened},
    )
