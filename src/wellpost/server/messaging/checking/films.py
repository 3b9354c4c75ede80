"""Sound and video in boxes (ISO/IEC 14496-12, QuickTime) without what tells where and by whom.

Phones write the place of a film into `udta` and `meta`. Those boxes become empty ones of the same
length, so that nothing else moves. Places written along the track of a film itself stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple

from .errors import DamagedError
from .reading import PIECE

TOLD = frozenset({b"udta", b"meta"})
XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
WITHIN = frozenset({b"moov", b"trak", b"moof", b"traf"})
MOST_BOXES, DEEPEST = 10_000, 16


class Box(NamedTuple):
    """A box: its name, where it begins, where its content does, where it ends."""

    name: bytes
    at: int
    inside: int
    end: int


def cleaned(source: IO[bytes], target: IO[bytes]) -> None:
    """Write the film to `target`; DamagedError where `source` is not made of whole boxes."""
    source.seek(0)
    while piece := source.read(PIECE):
        target.write(piece)
    end = target.tell()
    found = list(_boxes(target, Box(b"", 0, 0, end), [0], DEEPEST))
    if b"moov" not in {box.name for box in found}:
        raise DamagedError
    for box in found:
        if box.name in TOLD or (box.name == b"uuid" and _is_xmp(target, box)):
            _empty(target, box)
    target.seek(end)


def _boxes(file: IO[bytes], around: Box, seen: list[int], deeper: int) -> Iterator[Box]:
    at = around.inside
    while around.end - at >= 8:
        box = _box(file, at, around.end)
        seen[0] += 1
        if seen[0] > MOST_BOXES or not deeper:
            raise DamagedError
        yield box
        if box.name in WITHIN:
            yield from _boxes(file, box, seen, deeper - 1)
        at = box.end


def _box(file: IO[bytes], at: int, end: int) -> Box:
    file.seek(at)
    size, name, inside = int.from_bytes(file.read(4), "big"), file.read(4), at + 8
    if size == 1:
        size, inside = int.from_bytes(file.read(8), "big"), at + 16
    ends = end if size == 0 else at + size
    if ends < inside or ends > end:
        raise DamagedError
    return Box(name, at, inside, ends)


def _is_xmp(file: IO[bytes], box: Box) -> bool:
    file.seek(box.inside)
    return file.read(16) == XMP


def _empty(file: IO[bytes], box: Box) -> None:
    file.seek(box.at + 4)
    file.write(b"free")
    file.seek(box.inside)
    left = box.end - box.inside
    while left:
        left -= file.write(b"\x00" * min(left, PIECE))
