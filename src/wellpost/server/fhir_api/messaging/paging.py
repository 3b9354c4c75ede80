"""Pages by keys that stay: where the page before ended, never how many rows to pass over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.db.models import Model, Q, QuerySet

from wellpost.adapters.fhir.measure_words import Resource

from ..library import base
from ..outcomes import outcome
from ..record.asking import told
from ..record.pages import link
from ..record.statements import Key, Order
from .asking import Asked

M = TypeVar("M", bound=Model)


def behind(
    rows: QuerySet[M], asked: Asked, column: str, *, unique: str = "pk", most: int | None = None
) -> list[M]:
    """The rows after the key in the order of `column` (and of one moment by `unique`): one more
    than the page holds, by which it is known whether there is a next."""
    falling = asked.order.falling
    if asked.after:
        moment, last = asked.after
        beyond = Q(**{f"{column}__{'lt' if falling else 'gt'}": moment})
        rows = rows.filter(beyond | Q(**{column: moment, f"{unique}__gt": last}))
    ordered = rows.order_by(f"-{column}" if falling else column, unique)
    return list(ordered[: (most or asked.most) + 1])


def merged(rows: Sequence[tuple[Key, Any]], order: Order, most: int) -> list[tuple[Key, Any]]:
    """Rows of several tables in one order."""
    by_id = sorted(rows, key=lambda row: row[0][1])
    return sorted(by_id, key=lambda row: row[0][0], reverse=order.falling)[:most]


def searchset(
    found: Sequence[Resource],
    asked: Asked,
    owner: UUID,
    *,
    after: Key | None = None,
    total: int | None = None,
) -> Resource:
    """A Bundle of what is on this page; `after`: where the next one begins."""
    mine = urlencode(asked.used, safe=":/|,")
    links = [{"relation": "self", "url": f"{base()}/{asked.kind}{'?' if mine else ''}{mine}"}]
    if after:
        sealed = link(owner, asked.kind, asked.pairs, after)
        links.append({"relation": "next", "url": f"{base()}/{asked.kind}?_page={sealed}"})
    made: Resource = {"resourceType": "Bundle", "id": str(uuid4()), "type": "searchset"}
    if total is not None:
        made["total"] = total
    made["link"] = links
    entries = [*map(_entry, found), *_said(asked.unknown)]
    return made | ({"entry": entries} if entries else {})


def _entry(resource: Resource) -> Resource:
    where = f"{base()}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": where, "resource": resource, "search": {"mode": "match"}}


def _said(unknown: Sequence[str]) -> list[Resource]:
    if not unknown:
        return []
    said = outcome("not-supported", told(unknown))
    said["issue"][0]["severity"] = "warning"
    return [{"resource": said, "search": {"mode": "outcome"}}]
