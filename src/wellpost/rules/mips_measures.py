"""Measures a MIPS submission may name, by year: their kind, title and category."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from wellpost.errors import DataRefusedError
from wellpost.rules.reading import Entry, read
from wellpost.rules.shelf import shelf

KINDS = ("boolean", "proportion")
YES_OR_NO = ("yes", "no")


@dataclass(frozen=True)
class MipsMeasure:
    """A measure of one performance year; its kind says how it is answered."""

    identifier: str
    title: str
    kind: str


@dataclass(frozen=True)
class MipsYear:
    """What a submission of one performance year may hold."""

    year: int
    category: str
    virtual_groups: bool
    aliases: Mapping[str, str]
    measures: Mapping[str, MipsMeasure]

    def measure(self, identifier: str) -> MipsMeasure:
        """The measure of that identifier; DataRefusedError says what was perhaps meant."""
        found = self.measures.get(identifier)
        if found is None:
            raise DataRefusedError(self._unknown(identifier))
        return found

    def canonical(self, identifier: str) -> str:
        """The identifier of this year, for one that CMS also accepts under an older name."""
        for prefix, new in self.aliases.items():
            renamed = new + identifier.removeprefix(prefix)
            if identifier.startswith(prefix) and renamed in self.measures:
                return renamed
        return identifier

    def _unknown(self, identifier: str) -> str:
        close = get_close_matches(identifier, self.measures, n=1)
        hint = f"; did you mean {close[0]}?" if close else "."
        return (
            f"measure {identifier!r} is not one of the {len(self.measures)} {self.category} "
            f"measures of {self.year}{hint}"
        )


def mips_year(year: int) -> MipsYear:
    """The measures of a performance year; DataRefusedError names the years there are."""
    found = _years(shelf()).get(year)
    if found is None:
        years = _years(shelf())
        first, last = min(years), max(years)
        raise DataRefusedError(
            f"performance year {year} is not one that can be submitted; "
            f"there is each year from {first} to {last}."
        )
    return found


@cache
def _years(folder: Path) -> Mapping[int, MipsYear]:
    top = read(folder / "mips_measures.yaml", "rules/mips_measures.yaml")
    top.day("checked")
    aliases, measures = top.entries("aliases"), _by_year(top.entries("measures"))
    found = {
        year: MipsYear(
            year,
            entry.text("category"),
            entry.one_of("virtual_groups", YES_OR_NO) == "yes",
            _aliases(aliases, year),
            measures[year],
        )
        for entry in top.entries("categories")
        for year in _span(entry)
    }
    top.finish()
    return found


def _aliases(entries: Iterable[Entry], year: int) -> Mapping[str, str]:
    return {each.text("prefix"): each.text("is") for each in entries if year in _span(each)}


def _by_year(entries: Iterable[Entry]) -> Mapping[int, Mapping[str, MipsMeasure]]:
    found: dict[int, dict[str, MipsMeasure]] = {}
    for entry in entries:
        measure, years = _measure(entry), _span(entry)
        entry.finish()
        for year in years:
            if found.setdefault(year, {}).setdefault(measure.identifier, measure) is not measure:
                raise entry.fault("years", f"overlap others of {measure.identifier}")
    return found


def _measure(entry: Entry) -> MipsMeasure:
    return MipsMeasure(entry.text("measure"), entry.text("title"), entry.one_of("kind", KINDS))


def _span(entry: Entry) -> range:
    found = re.fullmatch(r"(\d{4})\.\.(\d{4})", entry.text("years"))
    if not found or found[1] > found[2]:
        raise entry.fault("years", "must be the first and last year, like 2017..2021")
    return range(int(found[1]), int(found[2]) + 1)
