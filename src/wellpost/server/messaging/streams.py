"""Attachments, sealed and opened piece by piece, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar
from uuid import UUID

from .associated_data import VERSION, encode
from .envelope import Sealed, seal, unseal
from .errors import TamperedError

CHUNK_SIZE = 64 * 1024
T = TypeVar("T")


def seal_chunks(key: bytes, attachment: UUID, pieces: Iterable[bytes]) -> Iterator[Sealed]:
    """The pieces as sealed chunks of 64 KiB, each bound to its place; the last says it is last.

    An empty file is one empty chunk.
    """
    for place, (chunk, last) in enumerate(_marked(_evenly(pieces))):
        yield seal(key, chunk, _bound(attachment, place, last))


def open_chunks(key: bytes, attachment: UUID, chunks: Iterable[Sealed]) -> Iterator[bytes]:
    """The pieces again; TamperedError when one was changed, moved, left out or cut off."""
    seen = False
    for place, (chunk, last) in enumerate(_marked(chunks)):
        seen = True
        yield unseal(key, chunk, _bound(attachment, place, last), "attachment")
    if not seen:
        raise TamperedError("attachment")


def _bound(attachment: UUID, place: int, last: bool) -> bytes:
    return encode("wellpost", VERSION, "chunk", attachment, place, last)


def _marked(items: Iterable[T]) -> Iterator[tuple[T, bool]]:
    """Each item with whether it is the last."""
    each = iter(items)
    for held in each:
        for following in each:
            yield held, False
            held = following
        yield held, True


def _evenly(pieces: Iterable[bytes]) -> Iterator[bytes]:
    waiting, any_given = bytearray(), False
    for piece in pieces:
        waiting += piece
        while len(waiting) >= CHUNK_SIZE:
            any_given = True
            yield bytes(waiting[:CHUNK_SIZE])
            del waiting[:CHUNK_SIZE]
    if waiting or not any_given:
        yield bytes(waiting)
