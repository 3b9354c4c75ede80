"""`Patient/$everything`: all of the record that the app may read, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from wellpost.server.records.models import Resource
from wellpost.server.records.parameters import PARAMETERS
from wellpost.server.records.spans import span
from wellpost.server.smart import scopes

from ..library import base
from ..outcomes import wrong
from . import asking, criteria, matching, own, pages, statements
from .conditions import Seen, condition, itself
from .criteria import Query
from .reader import Reader
from .rows import Row, in_order, is_behind, key_of
from .searching import about, seen_by
from .splicing import Answer
from .statements import Key, Order

ORDER = Order("changed_at", falling=False)
NAMES = ("start", "end", "_since", "_type", "_count", asking.PAGE, *asking.ABOUT_THE_ANSWER)


@dataclass(frozen=True)
class Range:
    """Of what is asked for: which kinds, what happened and what was changed between when."""

    queries: tuple[Query, ...]
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    since: datetime | None = None
    most: int = asking.USUAL


def everything(request: HttpRequest, reader: Reader) -> Answer:
    """One page; the patient first, then by when each was last changed."""
    reader.may("Patient", scopes.READ)
    pairs, after = _asked(request, reader)
    wanted = _range(dict(pairs), reader)
    seen = replace(seen_by(reader), shared=statements.referred_to(seen_by(reader)))
    found, more = _page(wanted, seen, reader, after)
    first = [] if after else _patients(wanted, seen, reader)
    links = [("self", f"{_here(reader)}{'?' if pairs else ''}{urlencode(pairs)}")]
    if more:
        key = key_of(found[-1], ORDER)
        sealed = pages.link(reader.held.connection_id, "$everything", pairs, key)
        links.append(("next", f"{_here(reader)}?{urlencode({asking.PAGE: sealed})}"))
    return Answer([*first, *found], links=links)


def _here(reader: Reader) -> str:
    return f"{base()}/Patient/{reader.held.patient_id}/$everything"


def _asked(request: HttpRequest, reader: Reader) -> tuple[list[tuple[str, str]], Key | None]:
    given = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    if unknown := [name for name in given if name not in NAMES]:
        raise wrong(f"{asking.told(unknown)} $everything takes {', '.join(NAMES[:5])}.")
    if asking.PAGE in given:
        onward = pages.opened(given[asking.PAGE], reader.held.connection_id, "$everything")
        return list(onward.parameters), onward.after
    return [pair for pair in given.items() if pair[0] not in asking.ABOUT_THE_ANSWER], None


def _range(given: dict[str, str], reader: Reader) -> Range:
    start, end = _moment(given, "start", reader), _moment(given, "end", reader)
    since = _moment(given, "_since", reader)
    counted = asking.of_pairs([("_count", given["_count"])] if "_count" in given else [], "Patient")
    return Range(
        queries=tuple(_queries(_kinds(given.get("_type", "")), reader)),
        starts_at=start[0] if start else None,
        ends_at=end[1] if end else None,
        since=since[0] if since else None,
        most=counted.wish.most,
    )


def _moment(given: dict[str, str], name: str, reader: Reader) -> tuple[datetime, datetime] | None:
    if name not in given:
        return None
    try:
        return span(given[name], reader.time_zone)
    except ValueError:
        raise wrong(f"{name} cannot be read; give a date like 2021-06-01.", "value") from None


def _kinds(text: str) -> Iterable[str]:
    named = [each for each in text.split(",") if each]
    if any(each not in PARAMETERS for each in named):
        raise wrong(f"_type names kinds of {', '.join(PARAMETERS)}.", "value")
    return named or PARAMETERS


def _queries(kinds: Iterable[str], reader: Reader) -> Iterator[Query]:
    """What the app may read of each kind."""
    for kind in kinds:
        constraints = scopes.constraints(reader.scope, kind, scopes.READ)
        if constraints is not None:
            yield criteria.under(Query(kind), constraints, about(reader))


def _page(wanted: Range, seen: Seen, reader: Reader, after: Key | None) -> tuple[list[Row], bool]:
    """As many rows as are asked for and fit on a page; whether there are more."""
    queries = [each for each in wanted.queries if each.kind != "Patient"]
    if not queries:
        return [], False
    rows = statements.ordered(_kept(queries, wanted, seen), ORDER, after, itself)
    most = statements.sized(rows, wanted.most)
    made = [
        row
        for query in queries
        for row in matching.found(own.made(query.kind, reader), query)
        if _is_within(row, wanted) and is_behind(row, ORDER, after)
    ]
    found = in_order([*rows[: most + 1], *made], ORDER)
    return found[:most], len(found) > most


def _kept(queries: Iterable[Query], wanted: Range, seen: Seen) -> QuerySet[Resource]:
    whole = Q()
    for query in queries:
        whole |= condition(query, seen, itself)
    rows = Resource.objects.filter(whole)
    if wanted.starts_at:
        rows = rows.filter(Q(occurred_at__gte=wanted.starts_at) | Q(occurred_at=None))
    if wanted.ends_at:
        rows = rows.filter(Q(occurred_at__lt=wanted.ends_at) | Q(occurred_at=None))
    return rows.filter(changed_at__gte=wanted.since) if wanted.since else rows


def _is_within(row: Row, wanted: Range) -> bool:
    happened = row.occurred_at
    too_early = happened and wanted.starts_at and happened < wanted.starts_at
    too_late = happened and wanted.ends_at and happened >= wanted.ends_at
    unchanged = wanted.since and row.changed_at < wanted.since
    return not (too_early or too_late or unchanged)


def _patients(wanted: Range, seen: Seen, reader: Reader) -> list[Row]:
    found: list[Row] = []
    for query in wanted.queries:
        if query.kind == "Patient":
            found += statements.found(query, seen, itself).only(*statements.IN_A_BUNDLE)
            found += matching.found(own.made("Patient", reader), query)
    return sorted(found, key=lambda row: row.id != reader.held.patient_id)
