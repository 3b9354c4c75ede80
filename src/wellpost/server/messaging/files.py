"""Files of a message: looked through once, then sealed piece by piece beside it."""

from __future__ import annotations

import codecs
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File

from .content import FileNote
from .envelope import EpochKeys, Sealed
from .errors import MessageRefusedError
from .file_types import HEAD_SIZE, archive_type, binary_type
from .models import Attachment, AttachmentChunk, Message
from .streams import CHUNK_SIZE, open_chunks, seal_chunks

LONGEST_NAME = 150
TOGETHER = 16
"""Chunks written or read in one statement: 1 MiB in memory."""


@dataclass(frozen=True)
class NotedFile:
    """A file that was looked through, and what the message will say of it."""

    note: FileNote
    file: File[Any]


def most_files() -> int:
    """How many files one message may have (setting MESSAGE_FILES)."""
    return int(getattr(settings, "MESSAGE_FILES", 10))


def most_bytes() -> int:
    """How large each may be (setting MESSAGE_FILE_BYTES)."""
    return int(getattr(settings, "MESSAGE_FILE_BYTES", 25 * 1024 * 1024))


def noted(files: Sequence[File[Any]]) -> list[NotedFile]:
    """Each file with its type by content, size and hash; refused when too many or too large."""
    if len(files) > most_files():
        raise MessageRefusedError(
            f"The message has {len(files)} files; at most {most_files()} can go with one. "
            "Send the others with a second message."
        )
    return [NotedFile(_note(file, place), file) for place, file in enumerate(files, 1)]


def store(message: Message, files: Sequence[NotedFile], keys: EpochKeys) -> None:
    """Seal the files and keep them, in the caller's transaction."""
    rows = [
        Attachment(id=each.note.id, message=message, position=place, size=each.note.size)
        for place, each in enumerate(files)
    ]
    Attachment.objects.bulk_create(rows)
    for row, each in zip(rows, files, strict=True):
        sealed = seal_chunks(keys.attachment_key(row.pk), row.pk, _pieces(each.file))
        _store_chunks(row, sealed)


def opened(attachment: Attachment, keys: EpochKeys) -> Iterator[bytes]:
    """The file's bytes, piece by piece; TamperedError when a piece is not what was sealed."""
    return open_chunks(keys.attachment_key(attachment.pk), attachment.pk, _chunks(attachment.pk))


def _note(file: File[Any], place: int) -> FileNote:
    digest, size, head = hashlib.sha256(), 0, b""
    text = codecs.getincrementaldecoder("utf-8")()
    is_text = True
    for piece in _pieces(file):
        digest.update(piece)
        size += len(piece)
        head = head or piece[:HEAD_SIZE]
        is_text = is_text and _still_text(text, piece)
        if size > most_bytes():
            raise MessageRefusedError(_too_large(place))
    kind = binary_type(head) or archive_type(head, file) or ("text/plain" if is_text else None)
    if kind is None or not size:
        raise MessageRefusedError(_of_no_kind(place, size))
    return FileNote(uuid.uuid4(), _name(file, place), kind, size, digest.hexdigest())


def _still_text(decoder: codecs.IncrementalDecoder, piece: bytes) -> bool:
    try:
        return "\x00" not in decoder.decode(piece)
    except UnicodeDecodeError:
        return False


def _too_large(place: int) -> str:
    return (
        f"File {place} is larger than {most_bytes() // (1024 * 1024)} MB, which is the most one "
        "file can have. Send a smaller copy, or in parts."
    )


def _of_no_kind(place: int, size: int) -> str:
    if not size:
        return f"File {place} is empty. Choose it again, or leave it out."
    return (
        f"File {place} is of a kind that cannot be sent. Pictures, PDF, plain text, office "
        "documents, sound and video can."
    )


def _name(file: File[Any], place: int) -> str:
    """The last part of its name, printable, on one line."""
    last = str(file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(each for each in last if each.isprintable()).strip()[-LONGEST_NAME:]
    return plain or f"file-{place}"


def _pieces(file: File[Any]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(CHUNK_SIZE):
        yield piece if isinstance(piece, bytes) else piece.encode()


def _store_chunks(attachment: Attachment, sealed: Iterable[Sealed]) -> None:
    rows = (
        AttachmentChunk(attachment=attachment, position=place, nonce=each.nonce, sealed=each.data)
        for place, each in enumerate(sealed)
    )
    while some := list(islice(rows, TOGETHER)):
        AttachmentChunk.objects.bulk_create(some)


def _chunks(attachment: UUID) -> Iterator[Sealed]:
    after = -1
    while some := list(
        AttachmentChunk.objects.filter(attachment=attachment, position__gt=after).order_by(
            "position"
        )[:TOGETHER]
    ):
        yield from (Sealed(bytes(each.nonce), bytes(each.sealed)) for each in some)
        after = some[-1].position
