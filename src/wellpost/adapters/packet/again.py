"""Computing a packet again: by its own rules, which must give the same; and by those of today."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
from sqlglot.errors import SqlglotError

from wellpost.adapters.packet.contents import (
    COMPUTED,
    FACTS,
    MEASURES,
    RULES,
    attested_of,
    computed,
    part,
)
from wellpost.adapters.packet.reader import Verified
from wellpost.errors import DataRefusedError, WellpostError
from wellpost.facts.tables import TABLES
from wellpost.reports.recomputing import Recomputed, recompute, under


@dataclass(frozen=True)
class Again:
    """What came out: files that differ under the packet's rules, and what differs under today's."""

    card: Recomputed
    differing: tuple[str, ...]
    today: tuple[str, ...]


def compute_again(packet: Verified) -> Again:
    """Count, judge and list everything anew from what a verified packet holds."""
    members = packet.members
    facts, asked = _facts(members), attested_of(members)["asked"]
    with under(part(members, RULES), part(members, MEASURES)):
        found = _held(recompute, facts, asked)
        files = computed(found.counted, found.card, found.listed)
    differing = tuple(name for name in COMPUTED if files[name] != members[name])
    return Again(found, differing, tuple(_today(facts, asked, members)))


def _held(do: Any, facts: Mapping[str, bytes], asked: Mapping[str, Any]) -> Recomputed:
    try:
        found: Recomputed = do(facts, asked)
    except WellpostError as refused:
        raise DataRefusedError(f"the packet cannot be computed again: {refused}") from None
    except (SqlglotError, duckdb.Error, TypeError, ValueError, KeyError, StopIteration):
        raise DataRefusedError(
            "the packet cannot be computed again: a measure, a rule or a fact in it is not of the "
            "form that Wellpost made it in."
        ) from None
    return found


def _facts(members: Mapping[str, bytes]) -> dict[str, bytes]:
    found = part(members, FACTS, ".csv")
    unknown = sorted(found.keys() - TABLES.keys())
    if unknown:
        raise DataRefusedError(f"the packet holds facts this Wellpost does not know: {unknown[0]}.")
    return found


def _today(
    facts: Mapping[str, bytes], asked: Mapping[str, Any], members: Mapping[str, bytes]
) -> Iterator[str]:
    """A sentence for each number that today's rules and measures would give otherwise."""
    try:
        found = recompute(facts, asked).card.as_json()
    except WellpostError as refused:
        yield f"today's rules refuse what was asked for: {refused}"
        return
    held = json.loads(members["results.json"])
    if found["policies"] != held["policies"]:
        yield "today's rules have other policies in force."
    was = {_key(each): each for each in held["results"]}
    for each in json.loads(json.dumps(found["results"])):
        yield from _moved(was.get(_key(each)), each)


def _key(result: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(result.get(name) for name in ("measure", "level", "npi", "tin", "virtual_group"))


def _moved(was: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Iterator[str]:
    if was == now:
        return
    who = " ".join(str(now[name]) for name in ("npi", "tin") if now.get(name))
    then = _words(was) if was else "nothing"
    yield f"{now['measure']} of {who}: the packet has {then}; today's rules give {_words(now)}."


def _words(result: Mapping[str, Any]) -> str:
    counted = f"{result['numerator']} of {result['denominator']}"
    return f"{counted}, asked {result['threshold']}, {str(result['verdict']).replace('_', ' ')}"
