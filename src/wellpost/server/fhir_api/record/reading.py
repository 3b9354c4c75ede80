"""One resource by its id."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.http import http_date

from wellpost.server.records.parameters import PARAMETERS
from wellpost.server.smart import scopes

from ..answering import Given
from ..outcomes import not_here
from . import criteria
from .criteria import ID, Criterion, Query
from .reader import Reader
from .rows import Row
from .searching import about, one, seen_by

ATTACHED = "Binary"
"""Read by whoever may read the documents it is attached to, all of them."""


def read(kind: str, resource_id: str, reader: Reader) -> Row:
    """The resource, where the reader may see it; 404 for every other and for none."""
    query = _query(kind, resource_id, reader)
    found = one(query, seen_by(reader, kind), reader)
    if found is None:
        raise not_here()
    return found


def _query(kind: str, resource_id: str, reader: Reader) -> Query:
    known = kind in PARAMETERS
    constraints = reader.may(kind if known else "DocumentReference", scopes.READ)
    if not known and (kind != ATTACHED or constraints):
        raise not_here()
    try:
        asked = Query(kind, (Criterion(ID, (UUID(resource_id),)),))
    except ValueError:
        raise not_here() from None
    return criteria.under(asked, constraints, about(reader)) if constraints else asked


def given(row: Row, request: HttpRequest) -> Given:
    """The answer: the text as it is kept, or that it is as the app has it (RFC 9110, 13.1.2)."""
    tag = f'W/"{row.version}"'
    headers = {"ETag": tag, "Last-Modified": http_date(row.changed_at.timestamp())}
    held = [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]
    if tag in held or tag.removeprefix("W/") in held or "*" in held:
        return Given(b"", headers, status=304)
    return Given(row.body.encode(), headers)
