"""A GIF without comments, texts and what programs wrote into it (GIF89a)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from .errors import DamagedError
from .reading import Pieces

IMAGE, EXTENSION, END = 0x2C, 0x21, 0x3B
CONTROL, PROGRAM = 0xF9, 0xFF
LOOPS = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})


def cleaned(source: IO[bytes], target: IO[bytes]) -> None:
    """Write the picture to `target`; DamagedError where `source` is no whole GIF."""
    pieces = Pieces(source)
    head = pieces.take(13)
    if head[:6] not in (b"GIF87a", b"GIF89a"):
        raise DamagedError
    target.write(head + pieces.take(_colours(head[10])))
    while (kind := pieces.number(1)) != END:
        if kind == IMAGE:
            place = pieces.take(9)
            target.write(bytes((IMAGE,)) + place + pieces.take(_colours(place[8]) + 1))
            target.writelines(_blocks(pieces))
        elif kind == EXTENSION:
            _extension(pieces, target)
        else:
            raise DamagedError
    target.write(bytes((END,)))


def _extension(pieces: Pieces, target: IO[bytes]) -> None:
    label = pieces.number(1)
    blocks = _blocks(pieces)
    first = next(blocks)
    kept = label == CONTROL or (label == PROGRAM and first[1:] in LOOPS)
    if kept:
        target.write(bytes((EXTENSION, label)) + first)
    for block in blocks if len(first) > 1 else ():
        if kept:
            target.write(block)


def _blocks(pieces: Pieces) -> Iterator[bytes]:
    """Each block with its length before it, to the empty one that ends them."""
    while size := pieces.number(1):
        yield bytes((size,)) + pieces.take(size)
    yield b"\x00"


def _colours(flags: int) -> int:
    """How many bytes of colours follow."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
