"""What a search asks, as a condition of SQL; and the values that go into it.

Values stand in slots that are named by their place, so that one statement serves every search of
its shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateTimeField, Field, Q, UUIDField

from wellpost.server.prepared import Slot
from wellpost.server.records.models import ResourceMoment, ResourceToken
from wellpost.server.records.parameters import SHARED

from .criteria import ID, STARTS, UPDATED, Criterion, Link, Moment, Query, Text, Token

TEXT, MOMENT, KEY = CharField(), DateTimeField(), UUIDField()

Give = Callable[[str, Any, "Field[Any, Any]"], Any]
"""Puts a value into a statement: itself, or a slot of that name for it to come through later."""


@dataclass(frozen=True)
class Seen:
    """What the reader may see: the records, by when; of shared kinds only those referred to."""

    records: tuple[UUID, ...]
    now: datetime
    shared: tuple[UUID, ...] = ()


def given(query: Query, seen: Seen) -> dict[str, Any]:
    """The values of a search by the names of their slots."""
    held: dict[str, Any] = {f"r{place}": each for place, each in enumerate(seen.records)}
    held["now"] = seen.now
    for prefix, criterion in _places(query):
        for place, value in enumerate(criterion.values):
            held.update(_parts(f"{prefix}.{place}", value))
    return held


def _places(query: Query) -> Iterator[tuple[str, Criterion]]:
    """Every criterion with a name for its place."""
    for place, each in enumerate(query.criteria):
        yield str(place), each
    for which, criteria in enumerate(query.either):
        for place, each in enumerate(criteria):
            yield f"{which}/{place}", each


def _parts(name: str, value: object) -> dict[str, Any]:
    match value:
        case Token(system, code):
            return {f"{name}.system": system, f"{name}.code": code}
        case Link(kind, identifier):
            return {f"{name}.system": kind, f"{name}.code": identifier}
        case Moment(_, starts_at, ends_at):
            return {f"{name}.start": starts_at, f"{name}.end": ends_at}
        case _:
            return {f"{name}.id": value}


def slotted(name: str, value: Any, field: Field[Any, Any]) -> Any:
    """A slot in the place of the value."""
    return Slot(name, field)


def itself(name: str, value: Any, field: Field[Any, Any]) -> Any:
    """The value, for a statement that is built and run once."""
    return value


def condition(query: Query, seen: Seen, give: Give) -> Q:
    """What may be seen, and what is asked of it."""
    shared = query.kind in SHARED
    may_see = Q(pk__in=seen.shared, patient=None) if shared else visible(seen, give)
    whole = may_see & Q(kind=query.kind, withdrawn_at=None)
    for place, each in enumerate(query.criteria):
        whole &= _holds(each, str(place), query.kind, seen, give)
    either = Q()
    for which, criteria in enumerate(query.either):
        one = Q()
        for place, each in enumerate(criteria):
            one &= _holds(each, f"{which}/{place}", query.kind, seen, give)
        either |= one
    return whole & either


def visible(seen: Seen, give: Give) -> Q:
    """As `records.queries.released`: the patient's side, by now, what stands."""
    now = give("now", seen.now, MOMENT)
    return _theirs(seen, give) & Q(withdrawn_at=None, available_to_patient_at__lte=now)


def _theirs(seen: Seen, give: Give) -> Q:
    return _any(Q(patient=give(f"r{place}", each, KEY)) for place, each in enumerate(seen.records))


def _holds(criterion: Criterion, name: str, kind: str, seen: Seen, give: Give) -> Q:
    if criterion.name == "patient" or criterion.name in _PATIENT_TOO:
        return Q()
    values = [(f"{name}.{place}", value) for place, value in enumerate(criterion.values)]
    if criterion.name == ID:
        if give is itself:
            return Q(pk__in=criterion.values)
        return _any(Q(pk=give(f"{at}.id", value, KEY)) for at, value in values)
    if criterion.name == UPDATED:
        return _any(_within(value, at, give, "changed_at", "changed_at") for at, value in values)
    rows: Any = (
        ResourceMoment if isinstance(criterion.values[0], Moment) else ResourceToken
    ).objects.filter(kind=kind, parameter=criterion.name)
    if kind not in SHARED:
        rows = rows.filter(_theirs(seen, give))
    if give is itself and isinstance(criterion.values[0], Link):
        matching = rows.filter(_links(criterion.values))
    else:
        matching = rows.filter(_any(_matches(value, at, give) for at, value in values))
    return Q(pk__in=matching.values("resource"))


_PATIENT_TOO = ("subject", "beneficiary")


def _any(conditions: Any) -> Q:
    whole = Q()
    for each in conditions:
        whole |= each
    return whole


def _matches(value: object, name: str, give: Give) -> Q:
    match value:
        case Token(system, code) | Link(system, code):
            return _pair(system, code, name, give)
        case Text(how, text):
            return Q(**{"code__startswith" if how == STARTS else "code__contains": text})
        case _:
            return _within(value, name, give, "starts_at", "ends_at")


def _links(values: Iterable[Any]) -> Q:
    """References, many of them perhaps, by the kind they lead to."""
    by_kind: dict[str | None, list[str]] = {}
    for each in values:
        by_kind.setdefault(each.kind, []).append(each.identifier)
    return _any(
        Q(code__in=held) if kind is None else Q(system=kind, code__in=held)
        for kind, held in by_kind.items()
    )


def _pair(system: str | None, code: str | None, name: str, give: Give) -> Q:
    whole = Q()
    if code is not None:
        whole &= Q(code=give(f"{name}.code", code, TEXT))
    if system is not None:
        whole &= Q(system=give(f"{name}.system", system, TEXT))
    return whole


def _within(value: Any, name: str, give: Give, start: str, end: str) -> Q:
    """How a span found stands to the one asked for (FHIR R4, 3.1.1.4.8). Ends are not included;
    a moment is a span that starts and ends at once."""
    instant = start == end
    first = give(f"{name}.start", value.starts_at, MOMENT)
    after = give(f"{name}.end", value.ends_at, MOMENT)

    def at(field: str, way: str, moment: Any) -> Q:
        return Q(**{f"{field}__{way}": moment})

    def inside() -> Q:
        return at(start, "gte", first) & at(end, "lt" if instant else "lte", after)

    match value.prefix:
        case "eq":
            return inside()
        case "ne":
            return ~inside()
        case "gt":
            return at(end, "gte" if instant else "gt", after)
        case "lt":
            return at(start, "lt", first)
        case "ge":
            return at(end, "gte" if instant else "gt", after) | inside()
        case "le":
            return at(start, "lt", first) | inside()
        case "sa":
            return at(start, "gte", after)
        case _:
            return at(end, "lt" if instant else "lte", first)
