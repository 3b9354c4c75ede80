"""What is authenticated along with the ciphertext: where it stands, who wrote it, when, to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from struct import Struct
from types import NoneType
from typing import Any, NamedTuple
from uuid import UUID

VERSION = 1

Value = str | int | bytes | UUID | datetime | date | None


def encode(*values: Value) -> bytes:
    """The values in an order, each with its kind and length in front, so that none can be read
    as part of another: ("ab", "c") and ("a", "bc") differ, as do None, "" and 0.
    """
    return b"".join([(_ENCODED.get(type(value)) or _kind_of(value))(value) for value in values])


def _sized(kind: bytes, data: bytes) -> bytes:
    return kind + _length(len(data)) + data


_length = Struct(">I").pack

Encoded = Callable[[Any], bytes]

_ENCODED: Mapping[type, Encoded] = {
    NoneType: lambda value: b"n\0\0\0\0",
    bytes: lambda value: _sized(b"b", value),
    UUID: lambda value: b"u\0\0\0\x10" + value.bytes,
    int: lambda value: b"i\0\0\0\x08" + value.to_bytes(8, "big", signed=True),
    datetime: lambda value: _sized(
        b"t", value.astimezone(UTC).isoformat(timespec="microseconds").encode()
    ),
    date: lambda value: _sized(b"d", value.isoformat().encode()),
    str: lambda value: _sized(b"s", value.encode()),
}
"""What stands for a value of each kind; of some the length is always the same."""


def _kind_of(value: Value) -> Encoded:
    """Of what is of a kind by inheritance, as the members of an enumeration are; a moment is a
    date too, so it is asked for first.
    """
    for known, encoded in _ENCODED.items():
        if isinstance(value, known):
            return encoded
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


class MessagePlace(NamedTuple):
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
        return place.encoded("message", *self)
