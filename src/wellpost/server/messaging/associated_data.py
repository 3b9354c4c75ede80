"""What is authenticated along with the ciphertext: where it stands, who wrote it, when, to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import cached_property
from operator import attrgetter
from struct import Struct
from types import NoneType
from typing import Any
from uuid import UUID

VERSION = 1

Value = str | int | bytes | UUID | datetime | date | None


def encode(*values: Value) -> bytes:
    """The values in an order, each with its kind and length in front, so that none can be read
    as part of another: ("ab", "c") and ("a", "bc") differ, as do None, "" and 0.
    """
    parts: list[bytes] = []
    for value in values:
        kind, plain = _KINDS.get(type(value)) or _kind_of(value)
        data = plain(value)
        parts += kind, _length(len(data)), data
    return b"".join(parts)


_length = Struct(">I").pack

Kind = tuple[bytes, Callable[[Any], bytes]]

_KINDS: Mapping[type, Kind] = {
    NoneType: (b"n", lambda value: b""),
    bytes: (b"b", bytes),
    UUID: (b"u", attrgetter("bytes")),
    int: (b"i", lambda value: value.to_bytes(8, "big", signed=True)),
    datetime: (
        b"t",
        lambda value: value.astimezone(UTC).isoformat(timespec="microseconds").encode(),
    ),
    date: (b"d", lambda value: value.isoformat().encode()),
    str: (b"s", str.encode),
}


def _kind_of(value: Value) -> Kind:
    """Of what is of a kind by inheritance, as the members of an enumeration are; a moment is a
    date too, so it is asked for first.
    """
    for known, kind in _KINDS.items():
        if isinstance(value, known):
            return kind
    raise TypeError(f"a {type(value).__name__} has no encoding as associated data")


@dataclass(frozen=True)
class ThreadPlace:
    """A stretch of one thread: the practice, the patient, the thread, the epoch."""

    suite: int
    practice: UUID
    patient: UUID
    thread: UUID
    epoch: int

    def encoded(self, purpose: str, *values: Value) -> bytes:
        """The associated data of something in this stretch, by what it is for."""
        return encode("wellpost", VERSION, purpose) + self._stretch + encode(*values)

    @cached_property
    def _stretch(self) -> bytes:
        return encode(self.suite, self.practice, self.patient, self.thread, self.epoch)


@dataclass(frozen=True)
class MessagePlace:
    """Everything beside a message's text that must never change."""

    message: UUID
    sequence: int
    sender: UUID | None
    sender_kind: str
    representative: UUID | None
    clinician: UUID | None
    sent_to: str
    addressed_to: UUID | None
    sent_at: datetime
    sent_on: date
    in_reply_to: UUID | None
    replaces: UUID | None
    content_type: str
    source_system: str
    source_id: str

    def encoded(self, place: ThreadPlace) -> bytes:
        """The associated data of the message in its stretch of the thread."""
        return place.encoded("message", *_columns(self))


_columns = attrgetter(*(each.name for each in fields(MessagePlace)))
