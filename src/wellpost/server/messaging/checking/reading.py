"""Reading a file from its beginning in small pieces, and a place for what is made of it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File

from .errors import DamagedError

PIECE = 64 * 1024
IN_MEMORY = 1 << 20


def pieces_of(file: File[Any]) -> Iterator[bytes]:
    """An uploaded file, from its beginning, in pieces of 64 KiB."""
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece if isinstance(piece, bytes) else piece.encode()


def room() -> IO[bytes]:
    """An empty file that vanishes when it is closed; above 1 MiB it is kept where uploads are."""
    where = settings.FILE_UPLOAD_TEMP_DIR
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=where)


def on_disk(file: File[Any]) -> IO[bytes]:
    """The file as one that another process can read."""
    held = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - handed on
    for piece in pieces_of(file):
        held.write(piece)
    held.seek(0)
    return held


class Pieces:
    """A stream read by lengths and marks, with never more than two pieces of it in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._held = file, b""

    def take(self, size: int) -> bytes:
        """The next bytes; DamagedError where there are not so many."""
        if len(self._held) < size:
            self._held += self._file.read(max(size - len(self._held), PIECE))
        if len(self._held) < size:
            raise DamagedError
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def number(self, size: int, order: str = "big") -> int:
        """The next bytes as a whole number."""
        return int.from_bytes(self.take(size), "big" if order == "big" else "little")

    def copy(self, size: int) -> Iterator[bytes]:
        """So many bytes, piece by piece."""
        while size:
            piece = self.take(min(size, PIECE))
            size -= len(piece)
            yield piece

    def until(self, mark: re.Pattern[bytes]) -> Iterator[bytes]:
        """What stands before the mark, piece by piece; the mark (at most 8 bytes) stays."""
        while not (found := mark.search(self._held)):
            more = self._file.read(PIECE)
            if not more:
                raise DamagedError
            yield self._held[:-8]
            self._held = self._held[-8:] + more
        yield self._held[: found.start()]
        self._held = self._held[found.start() :]
