"""Computing a packet again: by its own rules, which must give the same; and by those of today."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
from sqlglot.errors import SqlglotError
from yaml import YAMLError

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
from wellpost.reports.patience import within
from wellpost.reports.recomputing import Recomputed, recompute, under


@dataclass(frozen=True)
class Again:
    """What came out: files that differ under the packet's rules, and what differs under today's."""

    card: Recomputed
    differing: tuple[str, ...]
    today: tuple[str, ...]


LONGEST_SECONDS = 120
"""What is in a packet is code that others wrote; 5,000 patients take some 4 seconds."""

LARGEST_TEXT = 200_000
"""Bytes of one rule or measure; the longest of ours has some 30,000."""


def compute_again(packet: Verified, *, seconds: float = LONGEST_SECONDS) -> Again:
    """Count, judge and list everything anew from what a verified packet holds.

    DataRefusedError where its texts are not of our form, reach for anything outside the packet, or
    do not end in so many seconds: whoever signed it may mean harm.
    """
    _refuse_long_texts(packet.members)
    with within(seconds):
        return _again(packet)


def _again(packet: Verified) -> Again:
    members = packet.members
    facts, asked = _facts(members), _asked(members)
    with under(part(members, RULES), part(members, MEASURES)):
        found = _held(recompute, facts, asked)
        files = computed(found.counted, found.card, found.listed)
    differing = tuple(name for name in COMPUTED if files[name] != members[name])
    today = () if differing else tuple(_today(facts, asked, members))
    return Again(found, differing, today)


def _asked(members: Mapping[str, bytes]) -> Mapping[str, Any]:
    try:
        asked: Mapping[str, Any] = attested_of(members)["asked"]
    except (LookupError, TypeError):
        raise DataRefusedError(
            "the packet cannot be computed again: attestation.json does not say what was asked."
        ) from None
    return asked


FORM = (
    *(SqlglotError, duckdb.Error, YAMLError, OSError),
    *(TypeError, ValueError, LookupError, AttributeError, StopIteration),
    *(RecursionError, MemoryError),
)
"""What texts that are not of our form come to."""


def _refuse_long_texts(members: Mapping[str, bytes]) -> None:
    for name, text in members.items():
        if name.startswith((RULES, MEASURES)) and len(text) > LARGEST_TEXT:
            raise DataRefusedError(
                f"the packet cannot be computed again: {name} has {len(text):,} bytes; "
                f"a rule or measure has at most {LARGEST_TEXT:,}."
            )


def _held(do: Any, facts: Mapping[str, bytes], asked: Mapping[str, Any]) -> Recomputed:
    try:
        found: Recomputed = do(facts, asked)
    except WellpostError as refused:
        raise DataRefusedError(f"the packet cannot be computed again: {refused}") from None
    except FORM:
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
