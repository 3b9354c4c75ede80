"""Files of a message: looked through once, then sealed piece by piece beside it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File

from wellpost.server.changes import insert

from .checking.errors import FileRefusedError, ScannerAwayError
from .checking.looking import Looked, looked_through
from .checking.reading import pieces_of
from .content import FileNote
from .envelope import EpochKeys, Sealed
from .errors import MessageRefusedError
from .models import Attachment, AttachmentChunk, Message
from .streams import open_chunks, seal_chunks
from .thumbnails import store_thumbnails

LONGEST_NAME = 150
TOGETHER = 16
"""Chunks read in one statement: 1 MiB in memory."""


@dataclass(frozen=True)
class NotedFile:
    """A file that was looked through, as it may be sent; what the message will say of it; and a
    small picture (empty for what is none).
    """

    note: FileNote
    file: File[Any]
    thumbnail: bytes = b""


def most_files() -> int:
    """How many files one message may have (WELLPOST_FILES_A_MESSAGE)."""
    return int(getattr(settings, "MESSAGE_FILES", 10))


def most_bytes() -> int:
    """How large each may be (WELLPOST_FILE_MEGABYTES)."""
    return int(getattr(settings, "MESSAGE_FILE_BYTES", 25 * 1024 * 1024))


def noted(files: Sequence[File[Any]]) -> list[NotedFile]:
    """Each file as it may be sent, with its type by content, size and hash.

    MessageRefusedError when there are too many, or one is too large or of no kind that can be
    sent, is harmful, or cannot be looked through; also while the virus scanner is away.
    """
    if len(files) > most_files():
        raise MessageRefusedError(
            f"The message has {len(files)} files; at most {most_files()} can go with one. "
            "Send the others with a second message."
        )
    return [_noted(file, place) for place, file in enumerate(files, 1)]


def store(message: Message, files: Sequence[NotedFile], keys: EpochKeys) -> None:
    """Seal the files and keep them, in the caller's transaction."""
    rows = [
        Attachment(id=each.note.id, message=message, position=place, size=each.note.size)
        for place, each in enumerate(files)
    ]
    Attachment.objects.bulk_create(rows)
    for row, each in zip(rows, files, strict=True):
        sealed = seal_chunks(keys.attachment_key(row.pk), row.pk, pieces_of(each.file))
        _store_chunks(row, sealed)
    store_thumbnails({each.note.id: each.thumbnail for each in files}, keys)


def opened(attachment: Attachment, keys: EpochKeys) -> Iterator[bytes]:
    """The file's bytes, piece by piece; TamperedError when a piece is not what was sealed."""
    return open_chunks(keys.attachment_key(attachment.pk), attachment.pk, _chunks(attachment.pk))


def _noted(file: File[Any], place: int) -> NotedFile:
    _check_size(file, place)
    try:
        looked = looked_through(file, _name(file, place))
    except FileRefusedError as refusal:
        raise MessageRefusedError(f"File {place} {refusal}") from None
    except ScannerAwayError as away:
        raise MessageRefusedError(str(away)) from None
    return NotedFile(_note(looked), looked.file, looked.thumbnail)


def _check_size(file: File[Any], place: int) -> None:
    """By what can be read of it: what its sender says of its length does not matter."""
    size = 0
    for piece in pieces_of(file):
        size += len(piece)
        if size > most_bytes():
            raise MessageRefusedError(_too_large(place))
    if not size:
        raise MessageRefusedError(f"File {place} is empty. Choose it again, or leave it out.")


def _note(looked: Looked) -> FileNote:
    digest, size = hashlib.sha256(), 0
    for piece in pieces_of(looked.file):
        digest.update(piece)
        size += len(piece)
    return FileNote(uuid.uuid4(), looked.name, looked.kind, size, digest.hexdigest())


def _too_large(place: int) -> str:
    return (
        f"File {place} is larger than {most_bytes() // (1024 * 1024)} MB, which is the most one "
        "file can have. Send a smaller copy, or in parts."
    )


def _name(file: File[Any], place: int) -> str:
    """The last part of its name, printable, on one line."""
    last = str(file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(each for each in last if each.isprintable()).strip()[-LONGEST_NAME:]
    return plain or f"file-{place}"


def _store_chunks(attachment: Attachment, sealed: Iterable[Sealed]) -> None:
    """One after another by a prepared statement, which takes bytes as bytes. Django's own would
    write them out in the SQL, in twice as many, and hold those of a whole file.
    """
    for place, each in enumerate(sealed):
        data = {"nonce": each.nonce, "sealed": each.data}
        insert(AttachmentChunk(attachment=attachment, position=place, **data))


def _chunks(attachment: UUID) -> Iterator[Sealed]:
    after = -1
    while some := list(
        AttachmentChunk.objects.filter(attachment=attachment, position__gt=after).order_by(
            "position"
        )[:TOGETHER]
    ):
        yield from (Sealed(bytes(each.nonce), bytes(each.sealed)) for each in some)
        after = some[-1].position
