"""How programs differ in what is counted: named manners and their words, chosen by rules alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wellpost.rules.reading import Entry, read
from wellpost.rules.shelf import shelf


@dataclass(frozen=True)
class Manner:
    """A question on which programs differ, and what each answer means. `usual` needs no saying."""

    name: str
    says: str
    usual: str
    values: Mapping[str, str]


def manners() -> Mapping[str, Manner]:
    """Every manner by name."""
    return _manners(shelf())


@cache
def _manners(folder: Path) -> Mapping[str, Manner]:
    top = read(folder / "manners.yaml", "rules/manners.yaml")
    found = [_manner(entry) for entry in top.entries("manners")]
    top.finish()
    return {each.name: each for each in found}


def _manner(entry: Entry) -> Manner:
    values = entry.entry("values")
    found = Manner(
        entry.text("manner"),
        entry.text("says"),
        entry.one_of("usual", values.names()),
        {each: values.text(each) for each in values.names()},
    )
    entry.finish()
    return found
