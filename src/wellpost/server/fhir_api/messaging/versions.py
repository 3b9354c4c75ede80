"""Versions of what is made anew each time it is asked for, and the answers that depend on them."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.http import http_date

from ..answering import Given
from .refusals import changed_meanwhile, version_needed

Json = dict[str, Any]


def versioned(resource: Json, changed_at: datetime, version: int | None = None) -> Json:
    """The resource with its `meta`; without a number its version is told by its content."""
    told = changed_at.astimezone(UTC).isoformat(timespec="milliseconds")
    held = str(version) if version else sha256(orjson.dumps(resource)).hexdigest()[:16]
    meta = {"versionId": held, "lastUpdated": told}
    first = {"resourceType": resource["resourceType"], "id": resource["id"], "meta": meta}
    return first | resource


def tag(resource: Json) -> str:
    """The weak ETag of a versioned resource."""
    return f'W/"{resource["meta"]["versionId"]}"'


def given(resource: Json, request: HttpRequest, status: int = 200, **headers: str) -> Given:
    """The answer; 304 without a body where the client has this version (RFC 9110, 13.1.2)."""
    changed_at = datetime.fromisoformat(resource["meta"]["lastUpdated"])
    told = {"ETag": tag(resource), "Last-Modified": http_date(changed_at.timestamp()), **headers}
    if request.method in ("GET", "HEAD") and _names(request, "If-None-Match", resource):
        return Given(b"", told, status=304)
    return Given(orjson.dumps(resource), told, status=status)


def require_version(request: HttpRequest, resource: Json) -> None:
    """428 where no version is named, 412 where another than the one there is."""
    if "If-Match" not in request.headers:
        raise version_needed()
    if not _names(request, "If-Match", resource):
        raise changed_meanwhile()


def _names(request: HttpRequest, header: str, resource: Json) -> bool:
    """Compared weakly: FHIR's tags are weak, and used in If-Match all the same (3.1.0.5)."""
    here = tag(resource).removeprefix("W/")
    named = [each.strip().removeprefix("W/") for each in request.headers.get(header, "").split(",")]
    return here in named or "*" in named
