"""What values of the law were checked against: texts that were read, each with how it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from wellpost.rules.reading import Entry, read
from wellpost.rules.shelf import shelf

HOW = ("official", "copy", "secondhand")
NOT_FOUND = "no source that could be read; it stands as cited"


@dataclass(frozen=True)
class Source:
    """A text that was read. `how`: official data, a copy of an official text, or others' words."""

    name: str
    says: str
    how: str
    read_on: date

    @property
    def text(self) -> str:
        """As reports print it."""
        return f"{self.says} ({self.how})"


def sources() -> Mapping[str, Source]:
    """Every source by name; none on a shelf from before they were kept."""
    return _sources(shelf())


def checked_against(entry: Entry) -> tuple[Source, ...]:
    """The sources an entry names under `checked_against`; empty: none was found."""
    if not entry.has("checked_against"):
        return ()
    return tuple(sources()[name] for name in entry.some_of("checked_against", sources()))


def in_words(found: tuple[Source, ...]) -> str:
    """What a value was checked against, or that nothing was found."""
    return "; ".join(each.text for each in found) or NOT_FOUND


@cache
def _sources(folder: Path) -> Mapping[str, Source]:
    path = folder / "sources.yaml"
    if not path.is_file():
        return {}
    top = read(path, "rules/sources.yaml")
    found = [_source(entry) for entry in top.entries("sources")]
    top.finish()
    return {each.name: each for each in found}


def _source(entry: Entry) -> Source:
    found = Source(
        entry.text("source"), entry.text("says"), entry.one_of("how", HOW), entry.day("read_on")
    )
    entry.finish()
    return found
