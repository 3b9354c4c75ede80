"""A search as one statement of SQL, compiled once for each shape a search has.

Two searches have one shape when they differ in values alone. Nothing is found, counted, sorted or
paged over but what the reader may see: that condition stands first in every statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateTimeField, F, Field, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Coalesce

from wellpost.server.prepared import Prepared, Slot
from wellpost.server.records.models import Resource, ResourceMoment, ResourceToken
from wellpost.server.records.parameters import REFERS, SHARED
from wellpost.server.records.spans import BEGINNING

from .criteria import ID, STARTS, UPDATED, Criterion, Link, Moment, Query, Text, Token

COLUMNS = ("id", "kind", "body", "version", "changed_at", "occurred_at")
TEXT, MOMENT, KEY = CharField(), DateTimeField(), UUIDField()

Give = Callable[[Any, "Field[Any, Any]"], Any]
"""Puts a value into a statement: itself, or a slot that it is given through later."""


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


@dataclass(frozen=True)
class Seen:
    """What the reader may see: the records, by when; of shared kinds only those referred to."""

    records: tuple[UUID, ...]
    now: datetime
    shared: tuple[UUID, ...] = ()


def page(query: Query, seen: Seen, order: Order, after: Key | None, most: int) -> list[Resource]:
    """At most that many rows, in order, behind the key."""
    if query.is_never:
        return []
    if query.kind in SHARED or query.is_singular:
        return list(ordered(found(query, seen, itself), order, after, itself)[:most])
    shape = (_shape(query), len(seen.records), order, after is not None, most)
    given = _Values()
    condition(query, seen, given)
    if after:
        _behind(order, after, given)
    return _prepared(shape, _Sample(query, seen, order, after))(**given.named())


def found(query: Query, seen: Seen, give: Give) -> QuerySet[Resource]:
    """Everything the query finds of what the reader may see."""
    return Resource.objects.filter(condition(query, seen, give))


def count(query: Query, seen: Seen) -> int:
    """How many there are."""
    return 0 if query.is_never else found(query, seen, itself).count()


def referred_to(seen: Seen) -> tuple[UUID, ...]:
    """The resources of shared kinds that the visible record refers to, or that those refer to."""
    visible = Resource.objects.filter(_visible(seen, itself)).values("pk")
    named = ResourceToken.objects.filter(
        patient__in=seen.records, parameter=REFERS, resource__in=visible
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


@dataclass(frozen=True, eq=False)
class _Sample:
    """One search of a shape, from which its statement is built."""

    query: Query
    seen: Seen
    order: Order
    after: Key | None


class _Values:
    """Gathers the values of a search in the order in which its statement takes them."""

    def __init__(self) -> None:
        self.held: list[Any] = []

    def __call__(self, value: Any, field: Field[Any, Any]) -> Any:
        self.held.append(value)
        return value

    def named(self) -> dict[str, Any]:
        """The values by the names of their slots."""
        return {f"v{place}": value for place, value in enumerate(self.held)}


class _Slots:
    """Puts a slot in the place of each value."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, value: Any, field: Field[Any, Any]) -> Any:
        self.made += 1
        return Slot(f"v{self.made - 1}", field)


def itself(value: Any, field: Field[Any, Any]) -> Any:
    """The value, for a statement that is built and run once."""
    return value


_BUILT: dict[Any, Prepared[Resource]] = {}
MOST_SHAPES = 500
"""Statements kept compiled; past that all are let go and built anew as they are asked."""


def _prepared(shape: Any, sample: _Sample) -> Prepared[Resource]:
    held = _BUILT.get(shape)
    if held is None:
        if len(_BUILT) >= MOST_SHAPES:
            _BUILT.clear()
        held = _BUILT[shape] = Prepared(lambda: _statement(shape, sample))
    return held


def _statement(shape: Any, sample: _Sample) -> QuerySet[Resource]:
    slots = _Slots()
    rows = found(sample.query, sample.seen, slots)
    return ordered(rows, sample.order, sample.after, slots)[: shape[-1]]


def ordered(
    rows: QuerySet[Resource], order: Order, after: Key | None, give: Give
) -> QuerySet[Resource]:
    at = rows.annotate(at=Coalesce(F(order.by), Value(BEGINNING, output_field=MOMENT)))
    if after is not None:
        at = at.filter(_behind(order, after, give))
    return at.order_by("-at" if order.falling else "at", "pk").only(*COLUMNS)


def _behind(order: Order, after: Key, give: Give) -> Q:
    moment, key = after
    way = "lt" if order.falling else "gt"
    later = Q(**{f"at__{way}": give(moment, MOMENT)})
    return later | Q(at=give(moment, MOMENT), pk__gt=give(key, KEY))


def condition(query: Query, seen: Seen, give: Give) -> Q:
    """What may be seen, and what is asked of it; values in the order in which they are written."""
    shared = query.kind in SHARED
    may_see = Q(pk__in=seen.shared, patient=None) if shared else _visible(seen, give)
    whole = may_see & Q(kind=query.kind, withdrawn_at=None)
    for each in query.criteria:
        whole &= _holds(each, query.kind, seen, give)
    either = Q()
    for criteria in query.either:
        one = Q()
        for each in criteria:
            one &= _holds(each, query.kind, seen, give)
        either |= one
    return whole & either


def _visible(seen: Seen, give: Give) -> Q:
    """As `records.queries.released`: the patient's side, by now, what stands."""
    theirs = _any(Q(patient=give(each, KEY)) for each in seen.records)
    return theirs & Q(withdrawn_at=None, available_to_patient_at__lte=give(seen.now, MOMENT))


def _holds(criterion: Criterion, kind: str, seen: Seen, give: Give) -> Q:
    if criterion.name == "patient" or criterion.name in _PATIENT_TOO:
        return Q()
    if criterion.name == ID:
        if give is itself:
            return Q(pk__in=criterion.values)
        return _any(Q(pk=give(each, KEY)) for each in criterion.values)
    if criterion.name == UPDATED:
        return _any(_within(each, give, "changed_at", "changed_at") for each in criterion.values)
    rows: Any = (
        ResourceMoment if isinstance(criterion.values[0], Moment) else ResourceToken
    ).objects.filter(kind=kind, parameter=criterion.name)
    if kind not in SHARED:
        rows = rows.filter(_any(Q(patient=give(each, KEY)) for each in seen.records))
    if give is itself and isinstance(criterion.values[0], Link):
        matching = rows.filter(_links(criterion.values))
    else:
        matching = rows.filter(_any(_matches(each, give) for each in criterion.values))
    return Q(pk__in=matching.values("resource"))


_PATIENT_TOO = ("subject", "beneficiary")


def _any(conditions: Any) -> Q:
    whole = Q()
    for each in conditions:
        whole |= each
    return whole


def _matches(value: object, give: Give) -> Q:
    match value:
        case Token(system, code):
            return _pair(system, code, give)
        case Link(kind, identifier):
            return _pair(kind, identifier, give)
        case Text(how, text):
            return Q(**{"code__startswith" if how == STARTS else "code__contains": text})
        case _:
            return _within(value, give, "starts_at", "ends_at")


def _links(values: Iterable[Any]) -> Q:
    """References, many of them perhaps, by the kind they lead to."""
    by_kind: dict[str | None, list[str]] = {}
    for each in values:
        by_kind.setdefault(each.kind, []).append(each.identifier)
    return _any(
        Q(code__in=held) if kind is None else Q(system=kind, code__in=held)
        for kind, held in by_kind.items()
    )


def _pair(system: str | None, code: str | None, give: Give) -> Q:
    whole = Q()
    if code is not None:
        whole &= Q(code=give(code, TEXT))
    if system is not None:
        whole &= Q(system=give(system, TEXT))
    return whole


def _within(value: Any, give: Give, start: str, end: str) -> Q:
    """How a span found stands to the one asked for (FHIR R4, 3.1.1.4.8). Ends are not included;
    a moment is a span that starts and ends at once."""
    instant = start == end

    def at(field: str, way: str, moment: datetime) -> Q:
        return Q(**{f"{field}__{way}": give(moment, MOMENT)})

    def inside() -> Q:
        ends = at(end, "lt" if instant else "lte", value.ends_at)
        return at(start, "gte", value.starts_at) & ends

    match value.prefix:
        case "eq":
            return inside()
        case "ne":
            return ~inside()
        case "gt":
            return at(end, "gte" if instant else "gt", value.ends_at)
        case "lt":
            return at(start, "lt", value.starts_at)
        case "ge":
            return at(end, "gte" if instant else "gt", value.ends_at) | inside()
        case "le":
            return at(start, "lt", value.starts_at) | inside()
        case "sa":
            return at(start, "gte", value.ends_at)
        case _:
            return at(end, "lt" if instant else "lte", value.starts_at)


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
