"""The identity of what is brought: the same thing, however often, has the same id."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import blake2b
from uuid import UUID


def identity(patient_id: UUID, *values: object) -> UUID:
    """The id of what these values say of the patient."""
    text = "\x1f".join([str(patient_id), *(_text(each) for each in values)])
    return UUID(bytes=blake2b(text.encode(), digest_size=16).digest())


def _text(value: object) -> str:
    if isinstance(value, datetime):
        in_utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return in_utc.isoformat()
    return "" if value is None else str(value)
