"""Files from home: sealed as attachments of messages are, under a key of their own."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.changes import insert
from wellpost.server.clock import time as clock
from wellpost.server.messaging import alarms
from wellpost.server.messaging.associated_data import VERSION, encode
from wellpost.server.messaging.attached import OpenFile
from wellpost.server.messaging.envelope import Sealed, new_key, seal, unseal
from wellpost.server.messaging.errors import TamperedError
from wellpost.server.messaging.keys.provider import Wrapped, provider
from wellpost.server.messaging.streams import CHUNK_SIZE, open_chunks, seal_chunks
from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import NotAllowed, Permission, may

from .models import HomeFile, HomeFileChunk

TOGETHER = 16
"""Chunks written or read in one statement: 1 MiB in memory."""


@dataclass(frozen=True)
class Note:
    """What is known of a file: its name and its type by content."""

    name: str
    type: str


def store(patient: Patient, note: Note, pieces: Iterable[bytes]) -> HomeFile:
    """Seal the pieces and keep them, in the caller's transaction."""
    key, moment = new_key(), clock.now()
    row = HomeFile(
        id=uuid.uuid4(), practice=patient.practice, patient=patient, size=0, received_at=moment
    )
    row.wrapping_key_id, row.wrapped_key = provider().wrap(key, key_context(row))
    said = json.dumps({"name": note.name, "type": note.type}).encode()
    row.note_nonce, row.note_sealed = seal(key, said, _bound("note", row))
    row.save(force_insert=True)
    counted = _Counted(pieces)
    _store_chunks(row, seal_chunks(key, row.pk, counted))
    row.size = counted.size
    row.save(update_fields=["size"])
    return row


def drop(row: HomeFile, at: datetime) -> None:
    """Let the content go; that there was a file, and how large, stays."""
    row.chunks.all().delete()
    row.dropped_at = at
    row.save(update_fields=["dropped_at"])


def open_file(file_id: UUID, by: User) -> OpenFile:
    """A file, for the patient's side and for who may read the chart; on record.

    NotAllowed for others, and where there is none. Its pieces are opened as they are asked for;
    one that was changed ends them with TamperedError, whose alarm is on record by then.
    """
    row = HomeFile.objects.select_related("patient").filter(pk=file_id).first()
    if row is None or row.dropped_at or not _may_read(by, row):
        raise NotAllowed("there is no such file here.")
    try:
        note = note_of(row)
    except TamperedError as error:
        alarms.sound(error, by)
        raise
    with transaction.atomic():
        record(by=by, deed=Deed.HOME_FILE_READ, target=row)
    return OpenFile(note.name, note.type, row.size, _watched(row, by))


def note_of(row: HomeFile) -> Note:
    """Name and type; TamperedError when they were changed."""
    sealed = Sealed(bytes(row.note_nonce), bytes(row.note_sealed))
    try:
        read = json.loads(unseal(_key(row), sealed, _bound("note", row), "attachment"))
    except TamperedError:
        raise _located(row) from None
    return Note(read["name"], read["type"])


def content_of(row: HomeFile) -> Iterator[bytes]:
    """The bytes, piece by piece; TamperedError when one was changed. For the machine's own use."""
    try:
        yield from open_chunks(_key(row), row.pk, _chunks(row.pk))
    except TamperedError:
        raise _located(row) from None


def words_of(row: HomeFile) -> str:
    """The text of a note."""
    return b"".join(content_of(row)).decode()


def pieces_of(file: File[Any]) -> Iterator[bytes]:
    """An uploaded file, from its beginning, in pieces of a chunk."""
    file.seek(0)
    while piece := file.read(CHUNK_SIZE):
        yield piece if isinstance(piece, bytes) else piece.encode()


class _Counted:
    """Pieces on their way, and how many bytes they were."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self.size = pieces, 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.size += len(piece)
            yield piece


def _may_read(by: User, row: HomeFile) -> bool:
    """The file's practice is its patient's, so one question covers both sides."""
    return may(by, Permission.READ_RECORD, row) or may(by, Permission.READ_CHART, row)


def _watched(row: HomeFile, by: User) -> Iterator[bytes]:
    try:
        yield from content_of(row)
    except TamperedError as error:
        alarms.sound(error, by)
        raise


def key_context(row: HomeFile) -> bytes:
    """What the provider binds the file's key to."""
    return _bound("key", row)


def _key(row: HomeFile) -> bytes:
    wrapped = Wrapped(row.wrapping_key_id, bytes(row.wrapped_key))
    return provider().unwrap(wrapped, key_context(row))


def _bound(what: str, row: HomeFile) -> bytes:
    """A row moved to another patient does not open."""
    return encode("wellpost", VERSION, f"home file {what}", row.practice_id, row.patient_id, row.pk)


def _located(row: HomeFile) -> TamperedError:
    return TamperedError(
        "attachment", target_id=row.pk, practice_id=row.practice_id, patient_id=row.patient_id
    )


def _store_chunks(row: HomeFile, sealed: Iterable[Sealed]) -> None:
    """One after another, as those of messages (`messaging.files`)."""
    for place, each in enumerate(sealed):
        insert(HomeFileChunk(file=row, position=place, nonce=each.nonce, sealed=each.data))


def _chunks(file_id: UUID) -> Iterator[Sealed]:
    after = -1
    while some := list(
        HomeFileChunk.objects.filter(file=file_id, position__gt=after).order_by("position")[
            :TOGETHER
        ]
    ):
        yield from (Sealed(bytes(each.nonce), bytes(each.sealed)) for each in some)
        after = some[-1].position
