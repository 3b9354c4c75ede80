"""A search as it comes: its parameters, each known, and what is asked of the answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpRequest

from wellpost.server.records.spans import span

from ..library import base
from ..outcomes import wrong
from ..record.asking import PAGE, TOTALS, pairs_in
from ..record.criteria import MOST_VALUES, PREFIXES
from ..record.pages import opened
from ..record.statements import Key, Order

USUAL, MOST = 20, 100
"""Resources on a page: where nothing is said, and at most, for each message is opened."""
ABOUT_THE_ANSWER = ("_format", "_pretty")


@dataclass(frozen=True)
class Criterion:
    """One parameter; of its values any may hold."""

    name: str
    modifier: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What a search asks. `unknown`: names that mean nothing here; `after`: where the page before
    ended."""

    kind: str
    pairs: tuple[tuple[str, str], ...] = ()
    criteria: tuple[Criterion, ...] = ()
    order: Order = field(default_factory=Order)
    most: int = USUAL
    total: bool = False
    only_count: bool = False
    unknown: tuple[str, ...] = ()
    after: Key | None = None

    def of(self, name: str) -> list[Criterion]:
        """The criteria of that name."""
        return [each for each in self.criteria if each.name == name]

    @property
    def used(self) -> list[tuple[str, str]]:
        """The parameters that were understood, for the link `self`."""
        return [pair for pair in self.pairs if pair[0] not in self.unknown]


@dataclass(frozen=True)
class Searched:
    """How a kind can be searched: parameters with the modifiers each takes, and orders."""

    kind: str
    parameters: Mapping[str, Collection[str]]
    orders: Mapping[str, Order]
    usual: str


def asked(request: HttpRequest, searched: Searched, owner: UUID) -> Asked:
    """What the request asks; 400 says what cannot be read. A next page has the parameters of the
    first, and is good for its owner alone."""
    found = _read(tuple(pairs_in(request)), searched)
    pages = [value for name, value in found.pairs if name == PAGE]
    if pages:
        onward = opened(pages[0], owner, searched.kind)
        return replace(_read(onward.parameters, searched), after=onward.after)
    if found.unknown and "handling=strict" in request.headers.get("Prefer", ""):
        known = ", ".join(searched.parameters)
        raise wrong(f"{searched.kind} is searched by {known}.", "not-supported")
    return found


def _read(pairs: tuple[tuple[str, str], ...], searched: Searched) -> Asked:
    found = Asked(searched.kind, pairs, order=searched.orders[searched.usual])
    for name, value in pairs:
        found = _with(found, name, value, searched)
    if sum(len(each.values) for each in found.criteria) > MOST_VALUES:
        raise wrong(f"The search names more than {MOST_VALUES} values.", "too-costly")
    return found


def _with(found: Asked, name: str, value: str, searched: Searched) -> Asked:
    if name in _WISHES:
        return _WISHES[name](found, value, searched)
    if name == PAGE or name in ABOUT_THE_ANSWER:
        return found
    bare, _, modifier = name.partition(":")
    if bare not in searched.parameters:
        return replace(found, unknown=(*found.unknown, name))
    if modifier and modifier not in searched.parameters[bare]:
        raise wrong(f"{bare} takes no modifier :{modifier[:20]} here.", "not-supported")
    values = tuple(each for each in value.split(",") if each)
    if not values or "\x00" in value:
        raise wrong(f"{bare} has no value that could be looked for.", "value")
    return replace(found, criteria=(*found.criteria, Criterion(bare, modifier, values)))


def _count(found: Asked, value: str, searched: Searched) -> Asked:
    if not (value.isascii() and value.isdigit()):
        raise wrong("_count is a whole number.", "value")
    number = min(int(value[:9]), MOST)
    return replace(found, most=number or 1, only_count=found.only_count or number == 0)


def _sort(found: Asked, value: str, searched: Searched) -> Asked:
    if value not in searched.orders:
        raise wrong(f"_sort is one of {', '.join(searched.orders)}.", "not-supported")
    return replace(found, order=searched.orders[value])


def _total(found: Asked, value: str, searched: Searched) -> Asked:
    if value not in TOTALS:
        raise wrong(f"_total is one of {', '.join(TOTALS)}.", "value")
    return replace(found, total=value != "none")


def _summary(found: Asked, value: str, searched: Searched) -> Asked:
    if value not in ("false", "count"):
        raise wrong("_summary is count or false; whole resources are given.", "not-supported")
    return replace(found, only_count=found.only_count or value == "count")


_WISHES = {"_count": _count, "_sort": _sort, "_total": _total, "_summary": _summary}


def keys(values: Sequence[str]) -> list[UUID]:
    """Those that are ids; what is none of ours finds nothing."""
    return [found for each in values if (found := key(each))]


def key(text: str) -> UUID | None:
    """An id; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def links(values: Sequence[str], *kinds: str) -> list[tuple[str, UUID]]:
    """References as (kind, id). One without a kind is of each of `kinds`; what leads elsewhere
    finds nothing."""
    found = []
    for text in values:
        kind, slash, identifier = text.removeprefix(f"{base()}/").rpartition("/")
        held = key(identifier)
        if held and slash and kind in kinds:
            found.append((kind, held))
        elif held and not slash:
            found += [(each, held) for each in kinds]
    return found


def at(column: str, criterion: Criterion, zone: ZoneInfo) -> Q:
    """The condition that a moment stands to one of the dates as its prefix says."""
    condition = Q()
    for each in criterion.values:
        condition |= _moment(column, criterion.name, each, zone)
    return condition


def _moment(column: str, name: str, text: str, zone: ZoneInfo) -> Q:
    prefix, rest = (text[:2], text[2:]) if text[:2] in PREFIXES else ("eq", text)
    try:
        starts_at, ends_at = span(rest, zone)
    except ValueError:
        raise wrong(
            f"{name} cannot be read; give a date like 2021-06-01, before it one of "
            f"{', '.join(PREFIXES)}.",
            "value",
        ) from None
    return _stands(column, prefix, starts_at, ends_at)


def _stands(column: str, prefix: str, starts_at: datetime, ends_at: datetime) -> Q:
    from_start, from_end = Q(**{f"{column}__gte": starts_at}), Q(**{f"{column}__gte": ends_at})
    inside = from_start & ~from_end
    return {
        "eq": inside,
        "ne": ~inside,
        "gt": from_end,
        "sa": from_end,
        "ge": from_start,
        "lt": ~from_start,
        "eb": ~from_start,
        "le": ~from_end,
    }[prefix]
