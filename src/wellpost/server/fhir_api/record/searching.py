"""Searches of the record: what is found, page by page, and what was asked for beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Search:
    """One search by one reader, read and checked; `unknown` are the parameters left out of it."""

    kind: str
    reader: Reader
    asked: asking.Asked
    after: Key | None
    query: Query
    seen: Seen
    unknown: tuple[str, ...]

    @property
    def links(self) -> list[tuple[str, str]]:
        """The address of what was searched by."""
        used = [pair for pair in self.asked.criteria if pair[0] not in self.unknown]
        return [("self", _address(self.kind, used))]

    @property
    def says(self) -> str:
        """What is told besides the answer."""
        return asking.told(self.unknown) if self.unknown else ""

    @property
    def most(self) -> int:
        """How many resources one page holds: fewer than asked for where they are large."""
        wish = self.asked.wish
        if self.kind not in LARGE:
            return wish.most
        return statements.fitting(self.query, self.seen, wish.order, self.after, wish.most)


LARGE = ("DiagnosticReport", "DocumentReference")
"""Kinds that hold whole files."""


def search(request: HttpRequest, kind: str, reader: Reader) -> Answer:
    """One page of what a search of the kind finds in the reader's record."""
    made = _read(request, kind, reader)
    if made.asked.wish.only_count:
        return Answer([], links=made.links, total=_total(made), says=made.says)
    return _answer(made)


def _read(request: HttpRequest, kind: str, reader: Reader) -> Search:
    constraints = reader.may(kind, scopes.SEARCH)
    asked, after = _asked(request, kind, reader)
    read = criteria.read(kind, asked.criteria, about(reader))
    if read.unknown and asked.strict:
        known = ", ".join(["_id", "_lastUpdated", *PARAMETERS[kind]])
        raise wrong(f"{asking.told(read.unknown)} {kind} is searched by {known}.", "not-supported")
    query = criteria.under(read.query, constraints, about(reader))
    return Search(kind, reader, asked, after, query, seen_by(reader, kind), tuple(read.unknown))


def _answer(made: Search) -> Answer:
    wish, most = made.asked.wish, made.most
    rows = page(made.query, made.seen, made.reader, wish.order, made.after, most + 1)
    found, more = rows[:most], len(rows) > most
    whole = not more and made.after is None
    total = len(found) if whole else _total(made) if wish.total else None
    links = [*made.links, *([("next", _onward(made, found[-1]))] if more else [])]
    return Answer(found, _beside(found, wish, made.reader), links, total, made.says)


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


def _total(made: Search) -> int:
    of_our_own = matching.found(own.made(made.kind, made.reader), made.query)
    return statements.count(made.query, made.seen) + len(of_our_own)


def _asked(request: HttpRequest, kind: str, reader: Reader) -> tuple[asking.Asked, Key | None]:
    """What is asked for; a next page holds the parameters of the first."""
    asked = asking.asked(request, kind)
    if not asked.page:
        return asked, None
    onward = pages.opened(asked.page, reader.held.connection_id, kind)
    return asking.of_pairs(onward.parameters, kind), onward.after


def _address(kind: str, used: Sequence[tuple[str, str]]) -> str:
    return f"{base()}/{kind}{'?' if used else ''}{urlencode(used, safe=':/|,')}"


def _onward(made: Search, last: Row) -> str:
    key = key_of(last, made.asked.wish.order)
    sealed = pages.link(made.reader.held.connection_id, made.kind, made.asked.pairs, key)
    return f"{base()}/{made.kind}?{urlencode({asking.PAGE: sealed})}"


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
