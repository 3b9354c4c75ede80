"""A row of the audit as the bytes that are sealed, and back. Version 1 never changes any more.

The bytes: one byte 0x01 (the version), then UTF-8 JSON: an object of exactly the FIELDS, its names
sorted, no spaces, no escapes but those that JSON needs, text for everything but `id` (a whole
number), `address` (text or null) and `details` (an object, its names sorted too). `recorded_at` is
UTC with six decimals and Z; `event_id` is a UUID in lower case with hyphens.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from wellpost.errors import DataRefusedError

from .tree import leaf_hash

VERSION = b"\x01"
FIELDS = (
    "id", "event_id", "recorded_at", "deed", "outcome", "actor_id", "actor_kind", "on_behalf_of",
    "practice_id", "patient_id", "target_kind", "target_id", "category", "request_id", "address",
    "details",
)  # fmt: skip

_NAMES = frozenset(FIELDS)
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
Row = Mapping[str, Any]


def plain_row(row: Row) -> dict[str, Any]:
    """The row's FIELDS as JSON holds them, from values as a database gives them."""
    plain = {name: row[name] for name in FIELDS}
    plain["event_id"] = str(plain["event_id"])
    plain["recorded_at"] = moment_in_text(plain["recorded_at"])
    plain["address"] = str(ip_address(plain["address"])) if plain["address"] else None
    return plain


def encoded(plain: Row) -> bytes:
    """The canonical bytes of a plain row; DataRefusedError when it has not exactly the FIELDS, or
    a value that JSON has no form for (NaN, half a character).
    """
    if plain.keys() != _NAMES:
        raise DataRefusedError(f"a row has the fields {', '.join(FIELDS)}; this one has others.")
    try:
        return VERSION + _JSON.encode(dict(plain)).encode()
    except ValueError:
        raise DataRefusedError(
            "a row holds a value that no row on record can hold: numbers must be finite and text "
            "whole characters."
        ) from None


def hash_of_row(row: Row) -> bytes:
    """The leaf of a row as a database gives it."""
    return leaf_hash(encoded(plain_row(row)))


def moment_in_text(moment: datetime) -> str:
    """`2021-07-01T12:00:00.000000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
