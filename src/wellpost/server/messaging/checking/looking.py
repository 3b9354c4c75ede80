"""One file, looked through: scanned, known by its content, and cleaned of what it gives away."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.base import File

from . import apart, archives, films, gif, jpeg, png, scanner, webp
from .errors import DamagedError, FileRefusedError
from .kinds import (
    HEAD_SIZE,
    PICTURES,
    REFUSED_TEXT,
    archive_type,
    binary_type,
    older_office,
    with_ending,
)
from .reading import pieces_of, room

Cleaner = Callable[[IO[bytes], IO[bytes]], None]
CLEANERS: Mapping[str, Cleaner] = {
    "image/jpeg": jpeg.cleaned,
    "image/png": png.cleaned,
    "image/webp": webp.cleaned,
    "image/gif": gif.cleaned,
    "audio/mp4": films.cleaned,
    "video/mp4": films.cleaned,
    "video/quicktime": films.cleaned,
    "video/3gpp": films.cleaned,
}
CONVERTED = frozenset({"image/heic", "image/avif"})
UNKNOWN = (
    "is of a kind that cannot be sent. Pictures, PDF, plain text, office documents, sound and "
    "video can."
)
OLDER = (
    "is an older office file, or one locked with a password: it cannot be looked through. Save it "
    "as .docx, .xlsx, .pptx or PDF without a password, then send that."
)


@dataclass(frozen=True)
class Looked:
    """A file that may be sent: its name with the ending of its kind, the kind by its content,
    what is left of it after cleaning, and a small picture of it (empty for what is none).
    """

    name: str
    kind: str
    file: File[Any]
    thumbnail: bytes = b""


def looked_through(file: File[Any], name: str) -> Looked:
    """The file as it may be sent; FileRefusedError in words, ScannerAwayError to be tried again."""
    scanner.scan(pieces_of(file))
    kind = _kind(file)
    if kind == "application/pdf":
        apart.asked("pdf", file)
    elif kind not in PICTURES and kind.startswith("application/"):
        archives.check(_as_bytes(file))
    kind, cleaned = _cleaned(file, kind)
    return Looked(with_ending(name, kind), kind, cleaned, _thumbnail(cleaned, kind))


def _kind(file: File[Any]) -> str:
    """By its content; what the name or the browser says does not matter."""
    head = next(pieces_of(file), b"")[:HEAD_SIZE]
    if kind := binary_type(head) or archive_type(head, _as_bytes(file)):
        return kind
    if older_office(head):
        raise FileRefusedError(OLDER)
    if head.lstrip().lower().startswith(REFUSED_TEXT) or not _is_text(pieces_of(file)):
        raise FileRefusedError(UNKNOWN)
    return "text/plain"


def _is_text(pieces: Iterator[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        plain = all("\x00" not in decoder.decode(piece) for piece in pieces)
        return plain and not decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False


def _cleaned(file: File[Any], kind: str) -> tuple[str, File[Any]]:
    if kind in CONVERTED:
        return "image/jpeg", _made(lambda target: apart.asked("convert", file, target))
    if kind == "image/tiff":
        return kind, _made(lambda target: apart.asked("pages", file, target))
    cleaner = CLEANERS.get(kind)
    if cleaner is None:
        return kind, file
    file.seek(0)
    return kind, _made(lambda target: cleaner(_as_bytes(file), target))


def _made(making: Callable[[IO[bytes]], None]) -> File[Any]:
    target = room()
    try:
        making(target)
    except DamagedError:
        target.close()
        raise
    return File(target)


def _thumbnail(file: File[Any], kind: str) -> bytes:
    if kind not in PICTURES:
        return b""
    held = io.BytesIO()
    apart.asked("thumbnail", file, held)
    return held.getvalue()


def _as_bytes(file: File[Any]) -> IO[bytes]:
    """The file itself, which reads and seeks as any other."""
    held: IO[bytes] = file.file if file.file is not None else file
    return held
