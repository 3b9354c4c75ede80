"""A search as one statement of SQL, compiled once for each shape a search has.

Two searches have one shape when they differ in values alone. Nothing is found, counted, sorted or
paged over but what the reader may see: that condition stands first in every statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Length

from wellpost.server.prepared import PreparedRows
from wellpost.server.records.models import Resource, ResourceToken
from wellpost.server.records.parameters import REFERS, SHARED
from wellpost.server.records.spans import BEGINNING

from .conditions import KEY, MOMENT, Give, Seen, condition, given, itself, slotted, visible
from .criteria import Criterion, Link, Moment, Query, Token

COLUMNS = ("id", "body", "version", "changed_at")
MOST_CHARACTERS = 32_000_000
"""Of one page: what a worker holds of it at once."""
IN_A_BUNDLE = ("id", "kind", "body")


@dataclass(frozen=True)
class Order:
    """How what is found is ordered: by a moment and then the id, which says where a page ends."""

    by: str = "occurred_at"
    falling: bool = True

    def value_of(self, row: Resource) -> datetime:
        """The moment of a row; what has none stands at the beginning of time."""
        return getattr(row, self.by) or BEGINNING


Key = tuple[datetime, UUID]
"""The last row of the page before."""


class Kept(NamedTuple):
    """A kept resource, as far as it was asked for; what was not is empty."""

    id: UUID
    kind: str
    body: str
    version: int = 0
    changed_at: datetime = BEGINNING
    occurred_at: datetime | None = None


def page(
    query: Query, seen: Seen, order: Order, after: Key | None, most: int
) -> Sequence[Kept | Resource]:
    """At most that many rows, in order, behind the key."""
    if query.is_never:
        return []
    if query.kind in SHARED or query.is_singular:
        return list(ordered(found(query, seen, itself), order, after, itself)[:most])
    shape = (_shape(query), len(seen.records), order, after is not None, most)
    values = given(query, seen)
    if after is not None:
        values["after"], values["key"] = after
    rows = _prepared(shape, lambda: _page(query, seen, order, after, most))(**values)
    if order.by == "changed_at":
        return [Kept(key, query.kind, body, changed_at=at) for key, body, at in rows]
    return [Kept(key, query.kind, body, occurred_at=at) for key, body, at in rows]


def _page(
    query: Query, seen: Seen, order: Order, after: Key | None, most: int
) -> QuerySet[Any, Any]:
    rows = ordered(found(query, seen, slotted), order, after, slotted)
    return rows.values_list("id", "body", order.by)[:most]


def fitting(query: Query, seen: Seen, order: Order, after: Key | None, most: int) -> int:
    """How many of the next rows one page can hold: at least one, at most that many."""
    return (
        1
        if query.is_never
        else sized(ordered(found(query, seen, itself), order, after, itself), most)
    )


def sized(rows: QuerySet[Resource], most: int) -> int:
    """The same of rows in order."""
    held = 0
    sizes = rows.annotate(size=Length("body")).values_list("size", flat=True)
    for count, size in enumerate(sizes[:most]):
        held += size
        if held > MOST_CHARACTERS:
            return max(count, 1)
    return most


def one(query: Query, seen: Seen) -> Kept | None:
    """The one resource that the query names by its id, with all that is told of it."""
    if query.is_never:
        return None
    if query.kind in SHARED:
        rows: Any = found(query, seen, itself).values_list(*COLUMNS)
    else:
        shape = (_shape(query), len(seen.records))
        build = _prepared(shape, lambda: found(query, seen, slotted).values_list(*COLUMNS))
        rows = build(**given(query, seen))
    for key, body, version, changed_at in rows:
        return Kept(key, query.kind, body, version, changed_at)
    return None


def found(query: Query, seen: Seen, give: Give) -> QuerySet[Resource]:
    """Everything the query finds of what the reader may see."""
    return Resource.objects.filter(condition(query, seen, give))


def count(query: Query, seen: Seen) -> int:
    """How many there are."""
    return 0 if query.is_never else found(query, seen, itself).count()


def referred_to(seen: Seen) -> tuple[UUID, ...]:
    """The resources of shared kinds that the visible record refers to, or that those refer to."""
    seen_now = Resource.objects.filter(visible(seen, itself)).values("pk")
    named = ResourceToken.objects.filter(
        patient__in=seen.records, parameter=REFERS, resource__in=seen_now
    )
    first = set(keys(named.values_list("code", flat=True).distinct()))
    of_those = ResourceToken.objects.filter(patient=None, parameter=REFERS, resource__in=first)
    return tuple(first | set(keys(of_those.values_list("code", flat=True).distinct())))


def keys(texts: Iterable[str]) -> list[UUID]:
    """The ids among them."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue  # a reference that leads elsewhere
    return found


_BUILT: dict[Any, PreparedRows] = {}
MOST_SHAPES = 500
"""Statements kept compiled; past that all are let go and built anew as they are asked."""


def _prepared(shape: Any, build: Callable[[], QuerySet[Any, Any]]) -> PreparedRows:
    held = _BUILT.get(shape)
    if held is None:
        if len(_BUILT) >= MOST_SHAPES:
            _BUILT.clear()
        held = _BUILT[shape] = PreparedRows(build)
    return held


def ordered(
    rows: QuerySet[Resource], order: Order, after: Key | None, give: Give
) -> QuerySet[Resource]:
    at = rows.alias(at=Coalesce(F(order.by), Value(BEGINNING, output_field=MOMENT)))
    if after is not None:
        at = at.filter(_behind(order, after, give))
    return at.order_by("-at" if order.falling else "at", "pk").only(*IN_A_BUNDLE, order.by)


def _behind(order: Order, after: Key, give: Give) -> Q:
    moment, key = give("after", after[0], MOMENT), give("key", after[1], KEY)
    return Q(**{f"at__{'lt' if order.falling else 'gt'}": moment}) | Q(at=moment, pk__gt=key)


def _shape(query: Query) -> Any:
    either = tuple(tuple(map(_shape_of, each)) for each in query.either)
    return query.kind, tuple(map(_shape_of, query.criteria)), either


def _shape_of(criterion: Criterion) -> Any:
    return criterion.name, tuple(map(_shape_of_value, criterion.values))


def _shape_of_value(value: object) -> Any:
    if isinstance(value, Token):
        return "token", value.system is None, value.code is None
    if isinstance(value, Link):
        return "link", value.kind is None
    if isinstance(value, Moment):
        return value.prefix
    return "id"
