"""The export as a stream of elements: quick, and safe against what XML can be made to do.

A phone writes a document type with every export, in some releases of iOS a broken one. It is
looked at and left out, so no entity can ever be declared; the parser (expat) then knows only the
five that XML has. Records of kinds that nobody keeps are taken out before the parser sees them,
which is most of a file. Depth and the length of one element are bounded, so memory is flat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from xml.parsers import expat

from wellpost.errors import DataRefusedError

from ..readings import Tally

LONGEST_PROLOG = 256 * 1024
LONGEST_ELEMENT = 4 << 20
DEEPEST = 24
PIECE = 1 << 20

Element = Callable[[str, list[str]], None]


class Plain(NamedTuple):
    """What needs no parser: a pattern of whole records without anything special in them, and what
    takes one. It gives back nothing, or the record, for the parser to look at.
    """

    pattern: re.Pattern[bytes]
    take: Callable[[re.Match[bytes]], bytes]


ROOT = re.compile(rb"<HealthData[\s>]")
ENCODING = re.compile(rb"encoding=[\"']([A-Za-z0-9._-]{1,30})[\"']")


def elements(
    pieces: Iterable[bytes], kept: Iterable[str], on_start: Element, plain: Plain, seen: Tally
) -> Iterator[None]:
    """Call `on_start` with the name and attributes (a flat list) of each element, in order.

    Gives way after each block of about a megabyte. `kept`: the record types wanted; others may
    be left out and are then counted in `seen`. `plain`: records written in the usual way, which
    are taken from the bytes. DataRefusedError for what is no export, or broken.
    """
    parser = _Parser(on_start)
    unwanted = _unwanted(kept)
    for block in _whole_records(_without_prolog(_counted(pieces, seen))):
        less, taken_out = unwanted.subn(b"", block)
        seen.left_out += taken_out
        parser.feed(plain.pattern.sub(plain.take, less))
        yield
    parser.finish()


class _Parser:
    """Expat with bounds. It sees less than the file has, so it tells no line of it."""

    def __init__(self, on_start: Element) -> None:
        self._on_start, self._depth, self._fed = on_start, 0, 0
        self._expat = expat.ParserCreate("utf-8")
        self._expat.ordered_attributes = True
        self._expat.buffer_text = False
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.StartDoctypeDeclHandler = self._doctype

    def feed(self, block: bytes) -> None:
        for at in range(0, len(block), PIECE):
            piece = block[at : at + PIECE]
            self._fed += len(piece)
            self._parse(piece, False)
            if self._fed - self._expat.CurrentByteIndex > LONGEST_ELEMENT:
                raise _broken("one of its elements is longer than any that the Health app writes")

    def finish(self) -> None:
        self._parse(b"", True)

    def _parse(self, piece: bytes, last: bool) -> None:
        try:
            self._expat.Parse(piece, last)
        except expat.ExpatError as fault:
            raise _broken(expat.ErrorString(fault.code)) from None

    def _start(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _broken(f"elements stand more than {DEEPEST} deep in one another")
        self._on_start(name, attributes)

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _doctype(self, *_given: object) -> None:
        raise _broken("a document type is declared in the middle of it")


def _broken(why: str) -> DataRefusedError:
    return DataRefusedError(
        f"This is no whole export of the Health app: {why}. Export again and send that file as it "
        "is; if it was opened in an editor, take the one the phone made."
    )


def _counted(pieces: Iterable[bytes], seen: Tally) -> Iterator[bytes]:
    for piece in pieces:
        seen.bytes_read += len(piece)
        yield piece


def _without_prolog(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What stands from the root element on."""
    head = b""
    for piece in pieces:
        head += piece
        if root := ROOT.search(head):
            _check_prolog(head[: root.start()])
            yield head[root.start() :]
            break
        if len(head) > LONGEST_PROLOG:
            break
    else:
        raise _broken("its beginning, <HealthData>, is missing")
    if not ROOT.search(head):
        raise _broken("its beginning, <HealthData>, is missing")
    yield from pieces


def _check_prolog(prolog: bytes) -> None:
    declared = ENCODING.search(prolog)
    if declared and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        raise _broken("it is not written in UTF-8")
    if len(prolog) > LONGEST_PROLOG or b"<!ENTITY" in prolog.upper():
        raise _broken("it declares entities, which the Health app never does")


def _whole_records(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, cut in front of records, so that each stands whole in one block."""
    held = b""
    for piece in pieces:
        block = held + piece
        cut = block.rfind(b"<Record ")
        if cut <= 0 and len(block) < LONGEST_ELEMENT:
            held = block
            continue
        cut = cut if cut > 0 else len(block)
        yield block[:cut]
        held = block[cut:]
    yield held


def _unwanted(kept: Iterable[str]) -> re.Pattern[bytes]:
    """Records of other types, whole, with notes inside or without.

    Only what holds no further bracket is taken: a record that is written in an unusual way stays
    for the parser, which reads it or says what is wrong.
    """
    types = "|".join(re.escape(each) for each in kept)
    return re.compile(
        rf'<Record type="(?!(?:{types})")[^<>]*'
        r"(?:/>|(?<!/)>\s*(?:<MetadataEntry [^<>]*/>\s*)*</Record>)\s*".encode()
    )
