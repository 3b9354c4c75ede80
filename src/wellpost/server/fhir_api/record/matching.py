"""The same search over resources that stand in no table, made from our own: in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from wellpost.server.records.indexing import SearchValues

from .criteria import ID, STARTS, UPDATED, Criterion, Link, Moment, Query, Text, Token
from .own import Made

Tokens = list[tuple[str, str]]
Spans = list[tuple[datetime, datetime]]


def matches(made: Made, query: Query) -> bool:
    """Whether the search finds it; `statements` says the same in SQL."""
    if not all(_holds(made, each) for each in query.criteria):
        return False
    return not query.either or any(
        all(_holds(made, each) for each in criteria) for criteria in query.either
    )


def _holds(made: Made, criterion: Criterion) -> bool:
    if criterion.name in ("patient", "subject", "beneficiary"):
        return bool(criterion.values)
    if criterion.name == ID:
        return made.id in criterion.values
    if criterion.name == UPDATED:
        moment = made.changed_at
        return any(_instant(value, moment) for value in criterion.values)
    tokens, spans = _values(made.values, criterion.name)
    return any(_one(value, tokens, spans) for value in criterion.values)


def _values(held: SearchValues, name: str) -> tuple[Tokens, Spans]:
    tokens = [(system, code) for parameter, system, code in held.tokens if parameter == name]
    spans = [(first, after) for parameter, first, after in held.moments if parameter == name]
    return tokens, spans


def _one(value: Any, tokens: Tokens, spans: Spans) -> bool:
    match value:
        case Token(system, code):
            return _pair(system, code, tokens)
        case Link(kind, identifier):
            return _pair(kind, identifier, tokens)
        case Text(how, text):
            return any(
                code.startswith(text) if how == STARTS else text in code for _, code in tokens
            )
        case _:
            return any(_stands(value, first, after) for first, after in spans)


def _pair(system: str | None, code: str | None, tokens: Tokens) -> bool:
    return any(system in (None, one) and code in (None, other) for one, other in tokens)


def _stands(value: Moment, first: datetime, after: datetime) -> bool:
    inside = value.starts_at <= first and after <= value.ends_at
    return _TESTS[value.prefix](
        inside,
        after > value.ends_at,
        first < value.starts_at,
        first >= value.ends_at,
        after <= value.starts_at,
    )


def _instant(value: Any, moment: datetime) -> bool:
    inside = value.starts_at <= moment < value.ends_at
    later, earlier = moment >= value.ends_at, moment < value.starts_at
    return _TESTS[value.prefix](inside, later, earlier, later, earlier)


_TESTS: dict[str, Callable[[bool, bool, bool, bool, bool], bool]] = {
    "eq": lambda inside, ends_later, starts_earlier, later, earlier: inside,
    "ne": lambda inside, ends_later, starts_earlier, later, earlier: not inside,
    "gt": lambda inside, ends_later, starts_earlier, later, earlier: ends_later,
    "lt": lambda inside, ends_later, starts_earlier, later, earlier: starts_earlier,
    "ge": lambda inside, ends_later, starts_earlier, later, earlier: ends_later or inside,
    "le": lambda inside, ends_later, starts_earlier, later, earlier: starts_earlier or inside,
    "sa": lambda inside, ends_later, starts_earlier, later, earlier: later,
    "eb": lambda inside, ends_later, starts_earlier, later, earlier: earlier,
}


def found(made: Iterable[Made], query: Query) -> list[Made]:
    """Those that the search finds."""
    return [] if query.is_never else [each for each in made if matches(each, query)]
