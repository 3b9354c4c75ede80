"""The Measures there are: one for each measure of each program and year, and how each is named.

`stage-3-secure-messaging` is the measure over all its years, `stage-3-secure-messaging-2021` that
of one year; the canonical address of both is the first, with the year as its version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from wellpost.adapters.fhir.measure_words import (
    MEASURE_IDENTIFIER,
    Resource,
    measure_id,
    measure_url,
)
from wellpost.adapters.fhir.measure_writer import measure
from wellpost.rules.model import MeasureRule, ProgramYear
from wellpost.server.quality.periods import program_years
from wellpost.terms import Measure

from .outcomes import wrong


@dataclass(frozen=True)
class Named:
    """What the id or canonical address of a Measure says; `year` None: that of the period."""

    program: str
    measure: Measure
    year: int | None


def base() -> str:
    """Where this server's Measures are named."""
    return f"{settings.SITE_ADDRESS.rstrip('/')}/fhir"


def every_measure() -> Iterator[tuple[ProgramYear, MeasureRule]]:
    """All there are, the latest year first."""
    for rules in program_years():
        for rule in rules.measures:
            yield rules, rule


def yearly_id(rules: ProgramYear, rule: MeasureRule) -> str:
    """The id of one year's Measure."""
    return f"{measure_id(rules, rule)}-{rules.year}"


def resource(rules: ProgramYear, rule: MeasureRule, as_id: str | None = None) -> Resource:
    """The Measure, under its own id or the one asked for."""
    return measure(rules, rule, base=base()) | {"id": as_id or yearly_id(rules, rule)}


def by_id(identifier: str) -> tuple[Resource, Named] | None:
    """The Measure of that id (over all years: the latest one), and what the id says."""
    for rules, rule in every_measure():
        if identifier == yearly_id(rules, rule):
            return resource(rules, rule), Named(rules.name, rule.measure, rules.year)
        if identifier == measure_id(rules, rule):
            return resource(rules, rule, identifier), Named(rules.name, rule.measure, None)
    return None


def by_canonical(text: str) -> Named:
    """The Measure named by address, `Measure/` and id, or id, a version behind `|`; else 400."""
    address, _, version = text.partition("|")
    identifier = address.removeprefix(f"{base()}/").removeprefix("Measure/")
    for rules, rule in every_measure():
        if version not in ("", str(rules.year)):
            continue
        if identifier == yearly_id(rules, rule):
            return Named(rules.name, rule.measure, rules.year)
        if identifier == measure_id(rules, rule):
            return Named(rules.name, rule.measure, rules.year if version else None)
    raise wrong(f"measure: there is none of that address and version; {base()}/Measure lists all.")


def matching(**wanted: list[str]) -> Iterator[Resource]:
    """The Measures that a search is about; each name may have several values, any of them right."""
    for rules, rule in every_measure():
        kept = {
            "_id": {yearly_id(rules, rule)},
            "url": {measure_url(rules, rule, base())},
            "version": {str(rules.year)},
            "identifier": _identifiers(rule),
        }
        if all(kept[name] & set(values) for name, values in wanted.items()):
            yield resource(rules, rule)


def _identifiers(rule: MeasureRule) -> set[str]:
    """The program's identifier of a measure, with its system and without."""
    own = rule.identifier
    return {own, f"{MEASURE_IDENTIFIER}|{own}"} if own else set()
