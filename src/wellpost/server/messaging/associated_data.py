"""What is authenticated along with the ciphertext: where it stands, who wrote it, when, to whom."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from uuid import UUID

VERSION = 1

Value = str | int | bytes | UUID | datetime | date | None


def encode(*values: Value) -> bytes:
    """The values in an order, each with its kind and length in front, so that none can be read
    as part of another: ("ab", "c") and ("a", "bc") differ, as do None, "" and 0.
    """
    return b"".join(_one(value) for value in values)


def _one(value: Value) -> bytes:
    kind, data = _plain(value)
    return kind + len(data).to_bytes(4, "big") + data


def _plain(value: Value) -> tuple[bytes, bytes]:
    if value is None:
        return b"n", b""
    if isinstance(value, bytes):
        return b"b", value
    if isinstance(value, UUID):
        return b"u", value.bytes
    if isinstance(value, int):
        return b"i", value.to_bytes(8, "big", signed=True)
    if isinstance(value, datetime):
        return b"t", value.astimezone(UTC).isoformat(timespec="microseconds").encode()
    return (b"d", value.isoformat().encode()) if isinstance(value, date) else (b"s", value.encode())


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
        return encode(
            "wellpost",
            VERSION,
            purpose,
            self.suite,
            self.practice,
            self.patient,
            self.thread,
            self.epoch,
            *values,
        )


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
        return place.encoded("message", *(getattr(self, each.name) for each in fields(self)))
