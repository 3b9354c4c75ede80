"""The JSON of a kept resource: as it came, under this server's id and version."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from wellpost.adapters.fhir.exact import read_exact, write_exact

from .models import Resource


def body_of(resource: Mapping[str, Any], *, id_: UUID, version: int, changed_at: datetime) -> str:
    """The resource as the API gives it: the id, `meta.versionId` and `lastUpdated` are ours."""
    meta = resource.get("meta")
    ours = {
        "versionId": str(version),
        "lastUpdated": changed_at.astimezone(UTC).isoformat(timespec="milliseconds"),
    }
    whole = {"resourceType": resource["resourceType"], "id": str(id_)}
    whole["meta"] = {**(meta if isinstance(meta, dict) else {}), **ours}
    rest = {name: value for name, value in resource.items() if name not in whole}
    return write_exact({**whole, **rest})


def resource_of(row: Resource) -> dict[str, Any]:
    """The resource of a row, decimals as Decimal."""
    read: dict[str, Any] = read_exact(row.body)
    return read


def packed(came: bytes) -> bytes:
    """The text as it came, as it is kept."""
    return zlib.compress(came, 1)


def as_it_came(row: Resource) -> str:
    """The text as the source wrote it; the body where they do not differ."""
    return row.body if row.came is None else zlib.decompress(bytes(row.came)).decode()
