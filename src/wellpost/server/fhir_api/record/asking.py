"""A search as it comes: what it asks of resources, and what it asks of the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.http import HttpRequest

from wellpost.server.records.parameters import PARAMETERS

from ..outcomes import Refused, wrong
from .statements import Order

USUAL, MOST = 100, 1000
"""Resources on a page: where nothing is said, and at most."""
LATEST_FIRST = Order()
ORDERS = {
    "date": Order("occurred_at", falling=False),
    "-date": Order("occurred_at", falling=True),
    "_lastUpdated": Order("changed_at", falling=False),
    "-_lastUpdated": Order("changed_at", falling=True),
}
TOTALS = ("none", "estimate", "accurate")
ABOUT_THE_ANSWER = ("_format", "_pretty")
PAGE = "_page"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Wish:
    """What is asked of the answer: how many, in which order, with what beside it."""

    most: int = USUAL
    order: Order = LATEST_FIRST
    total: bool = False
    only_count: bool = False
    include: tuple[tuple[str, str], ...] = ()
    """(kind, parameter): what a resource found refers to."""
    include_back: tuple[tuple[str, str], ...] = ()
    """(kind, parameter): what refers to a resource found."""


@dataclass
class Asked:
    """The parameters of one request, sorted by what they are about."""

    pairs: list[tuple[str, str]]
    wish: Wish = Wish()
    criteria: list[tuple[str, str]] = field(default_factory=list)
    page: str = ""
    strict: bool = False


def asked(request: HttpRequest, kind: str) -> Asked:
    """Everything the request says, in its address and in its form; 400 for what cannot be."""
    found = of_pairs(pairs_in(request), kind)
    found.strict = "handling=strict" in request.headers.get("Prefer", "")
    return found


def of_pairs(pairs: Iterable[tuple[str, str]], kind: str) -> Asked:
    """The same, of parameters that are at hand: those of a first page, say."""
    found = Asked(list(pairs))
    for name, value in found.pairs:
        if "\x00" in name + value:
            raise wrong("A NUL character, which no text has, cannot be looked for.", "value")
        if name == PAGE:
            found.page = value
        elif name in _WISHES:
            found.wish = _WISHES[name](found.wish, value, kind)
        elif name.partition(":")[0] in ("_include", "_revinclude"):
            raise wrong(f"{name.partition(':')[0]} takes no modifier here.", "not-supported")
        elif name not in ABOUT_THE_ANSWER:
            found.criteria.append((name, value))
    return found


def pairs_in(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """What a search was asked with, in the address and in the form; 415 for another body."""
    for name, values in request.GET.lists():
        yield from ((name, value) for value in values)
    if request.method == "POST":
        if request.content_type != FORM:
            raise Refused(415, "not-supported", f"Send the search as {FORM}.")
        for name, values in request.POST.lists():
            yield from ((name, value) for value in values)


def _count(wish: Wish, value: str, kind: str) -> Wish:
    if not (value.isascii() and value.isdigit()):
        raise wrong("_count is a whole number.", "value")
    number = int(value[:9])
    return replace(wish, most=min(number, MOST) or 1, only_count=wish.only_count or number == 0)


def _sort(wish: Wish, value: str, kind: str) -> Wish:
    if value not in ORDERS:
        raise wrong(f"_sort is one of {', '.join(ORDERS)}.", "not-supported")
    return replace(wish, order=ORDERS[value])


def _total(wish: Wish, value: str, kind: str) -> Wish:
    if value not in TOTALS:
        raise wrong(f"_total is one of {', '.join(TOTALS)}.", "value")
    return replace(wish, total=value != "none")


def _summary(wish: Wish, value: str, kind: str) -> Wish:
    if value not in ("false", "count"):
        raise wrong("_summary is count or false; whole resources are given.", "not-supported")
    return replace(wish, only_count=wish.only_count or value == "count")


def _include(wish: Wish, value: str, kind: str) -> Wish:
    source, name = _reference(value)
    if source != kind:
        raise wrong(f"_include begins with the kind searched, {kind}:.", "value")
    return replace(wish, include=(*wish.include, (source, name)))


def _include_back(wish: Wish, value: str, kind: str) -> Wish:
    source, name = _reference(value)
    if PARAMETERS[source][name].kind == "patient":
        raise wrong("for everything of the patient there is Patient/$everything.", "not-supported")
    return replace(wish, include_back=(*wish.include_back, (source, name)))


def _reference(value: str) -> tuple[str, str]:
    """`Kind:parameter`, a reference that is indexed; a third part may only say its one target."""
    source, name, target = [*value.split(":"), "", ""][:3]
    parameter = PARAMETERS.get(source, {}).get(name)
    if parameter is None or parameter.kind not in ("reference", "patient"):
        raise wrong(
            f"what is included is named like MedicationRequest:medication; {len(value)} characters "
            "that name no such reference were given.",
            "not-supported",
        )
    if target and target not in (parameter.targets or PARAMETERS):
        raise wrong(f"{source}:{name} leads to no such kind.", "not-supported")
    return source, name


_WISHES = {
    "_count": _count,
    "_sort": _sort,
    "_total": _total,
    "_summary": _summary,
    "_include": _include,
    "_revinclude": _include_back,
}


def told(unknown: Sequence[str]) -> str:
    """The sentence about parameters that were not asked about."""
    count = len(unknown)
    return f"{count} parameter{'s' if count > 1 else ''} not known here: left out of the search."
