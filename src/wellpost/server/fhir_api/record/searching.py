"""Searches of the record: what is found, page by page, and what was asked for beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from wellpost.server.clock import time as clock
from wellpost.server.records.models import Resource, ResourceToken
from wellpost.server.records.parameters import PARAMETERS, SHARED
from wellpost.server.smart import scopes

from ..library import base
from ..outcomes import wrong
from . import asking, criteria, matching, own, pages, statements
from .conditions import Seen, itself
from .criteria import About, Criterion, Query
from .reader import Reader
from .rows import Row, in_order, is_behind, key_of
from .splicing import Answer
from .statements import Key, Order


def search(request: HttpRequest, kind: str, reader: Reader) -> Answer:
    """One page of what a search of the kind finds in the reader's record."""
    constraints = reader.may(kind, scopes.SEARCH)
    asked, after = _asked(request, kind, reader)
    read = criteria.read(kind, asked.criteria, about(reader))
    if read.unknown and asked.strict:
        known = ", ".join(["_id", "_lastUpdated", *PARAMETERS[kind]])
        raise wrong(f"{asking.told(read.unknown)} {kind} is searched by {known}.", "not-supported")
    query = criteria.under(read.query, constraints, about(reader))
    seen = seen_by(reader, kind)
    used = [pair for pair in asked.criteria if pair[0] not in read.unknown]
    says = asking.told(read.unknown) if read.unknown else ""
    if asked.wish.only_count:
        links = [("self", _address(kind, used))]
        return Answer([], links=links, total=_total(query, seen, reader), says=says)
    rows = page(query, seen, reader, asked.wish.order, after, asked.wish.most + 1)
    found, more = rows[: asked.wish.most], len(rows) > asked.wish.most
    whole = not more and after is None
    total = len(found) if whole else _total(query, seen, reader) if asked.wish.total else None
    links = [("self", _address(kind, used))]
    if more:
        links.append(("next", _onward(kind, reader, asked, found[-1])))
    return Answer(found, _beside(found, asked.wish, reader), links, total, says)


def about(reader: Reader) -> About:
    """Whose record is searched."""
    return About(frozenset(map(str, reader.records)), reader.time_zone, base())


def seen_by(reader: Reader, kind: str = "") -> Seen:
    """What the reader may see now; what is referred to is looked up only where it is asked for."""
    seen = Seen(reader.records, clock.now())
    if kind not in SHARED:
        return seen
    return Seen(reader.records, seen.now, statements.referred_to(seen))


def page(
    query: Query, seen: Seen, reader: Reader, order: Order, after: Key | None, most: int
) -> list[Row]:
    """At most that many, kept and made ones in one order, behind the key."""
    kept = statements.page(query, seen, order, after, most)
    made = [
        each
        for each in matching.found(own.made(query.kind, reader), query)
        if is_behind(each, order, after)
    ]
    return in_order([*kept, *made], order)[:most] if made else list(kept)


def one(query: Query, seen: Seen, reader: Reader) -> Row | None:
    """The resource that the query names by its id, kept or made."""
    kept = statements.one(query, seen)
    if kept is not None:
        return kept
    return next(iter(matching.found(own.made(query.kind, reader), query)), None)


def _total(query: Query, seen: Seen, reader: Reader) -> int:
    return statements.count(query, seen) + len(matching.found(own.made(query.kind, reader), query))


def _asked(request: HttpRequest, kind: str, reader: Reader) -> tuple[asking.Asked, Key | None]:
    """What is asked for; a next page holds the parameters of the first."""
    asked = asking.asked(request, kind)
    if not asked.page:
        return asked, None
    onward = pages.opened(asked.page, reader.connection.pk, kind)
    return asking.of_pairs(onward.parameters, kind), onward.after


def _address(kind: str, used: Sequence[tuple[str, str]]) -> str:
    return f"{base()}/{kind}{'?' if used else ''}{urlencode(used, safe=':/|,')}"


def _onward(kind: str, reader: Reader, asked: asking.Asked, last: Row) -> str:
    sealed = pages.link(reader.connection.pk, kind, asked.pairs, key_of(last, asked.wish.order))
    return f"{base()}/{kind}?{urlencode({asking.PAGE: sealed})}"


def _beside(found: Sequence[Row], wish: asking.Wish, reader: Reader) -> list[Row]:
    """What was asked for with `_include` and `_revinclude`, each once, as far as the app may."""
    beside: dict[UUID, Row] = {}
    for kind, name in wish.include:
        beside.update((row.id, row) for row in _included(found, kind, name, reader))
    for kind, name in wish.include_back:
        beside.update((row.id, row) for row in _referring(found, kind, name, reader))
    held = {row.id for row in found}
    return [row for key, row in beside.items() if key not in held]


def _included(found: Sequence[Row], kind: str, name: str, reader: Reader) -> Iterable[Row]:
    if PARAMETERS[kind][name].kind == "patient":
        return _by_ids("Patient", list(reader.records), reader) if found else []
    named = ResourceToken.objects.filter(
        resource__in=[row.id for row in found], parameter=name
    ).values_list("system", "code")
    wanted: dict[str, set[str]] = {}
    for system, code in [*named, *_of_made(found, name)]:
        wanted.setdefault(system, set()).add(code)
    rows: list[Row] = []
    for target, identifiers in wanted.items():
        if target in PARAMETERS:
            rows += _by_ids(target, statements.keys(identifiers), reader)
    return rows


def _of_made(found: Sequence[Row], name: str) -> list[tuple[str, str]]:
    made = [row for row in found if isinstance(row, own.Made)]
    return [
        (system, code)
        for row in made
        for parameter, system, code in row.values.tokens
        if parameter == name
    ]


def _by_ids(kind: str, identifiers: Sequence[UUID], reader: Reader) -> list[Row]:
    """Those of the kind that the reader may see; none where the app was not let to read it."""
    constraints = scopes.constraints(reader.scope, kind, scopes.READ)
    if constraints is None or not identifiers:
        return []
    asked = Query(kind, (Criterion(criteria.ID, tuple(identifiers)),))
    query = criteria.under(asked, constraints, about(reader))
    seen = seen_by(reader, kind)
    return page(query, seen, reader, Order(), None, len(identifiers))


def _referring(found: Sequence[Row], kind: str, name: str, reader: Reader) -> Iterable[Row]:
    constraints = scopes.constraints(reader.scope, kind, scopes.SEARCH)
    if constraints is None or not found:
        return []
    links = tuple(criteria.Link(row.kind, str(row.id)) for row in found)
    asked = Query(kind, (Criterion(name, links),))
    query = criteria.under(asked, constraints, about(reader))
    return Resource.objects.filter(
        pk__in=statements.found(query, seen_by(reader, kind), itself).values("pk")
    ).only(*statements.IN_A_BUNDLE)
