"""A patient's record as PDF: a table for each part, notes in full below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wellpost.adapters.ccda.record import Given, Keeper, Record
from wellpost.adapters.fhir.elements import Json
from wellpost.adapters.fhir.plain import DIRECTORY, SECTIONS, Entry, entry, section_of
from wellpost.adapters.pdf.writer import as_pdf
from wellpost.reports.documents import Column, Document, Made, Section, Table

COLUMNS = (Column("on", "When"), Column("title", "What"), Column("details", "Details"))
LONGEST_IN_TABLE = 600
"""A cell cannot go on overleaf: what is longer stands below the table."""


@dataclass(frozen=True)
class Printed:
    """Whose record, who keeps it, which days; an end that is None is open."""

    name: str
    born_on: date | None
    keeper: str
    start: date | None = None
    end: date | None = None

    @property
    def days(self) -> str:
        """Which days, in words."""
        if self.start and self.end:
            return f"From {self.start} to {self.end}"
        if self.start:
            return f"From {self.start} on"
        return f"Until {self.end}" if self.end else "Everything"


def record_as_pdf(printed: Printed, resources: Iterable[Json], made: Made) -> bytes:
    """The record on letter pages, with a structure for screen readers."""
    return as_pdf(document(printed, resources, made), made)


def document(printed: Printed, resources: Iterable[Json], made: Made) -> Document:
    """The record as a report: who, then each part that has something."""
    record = Record.of(resources, Keeper(printed.keeper, ""), Given(made.at))
    parts: dict[str, list[Entry]] = {name: [] for name in SECTIONS}
    for held in record.by_kind.values():
        for each in held:
            name = section_of(each)
            if name != DIRECTORY and each.get("resourceType") != "Patient":
                parts[name].append(entry(each, record.find))
    told = [each for name, held in parts.items() if held for each in _part(SECTIONS[name], held)]
    return Document(
        name="record",
        title=f"Health record of {printed.name}",
        subtitle=printed.days,
        main=_about(printed, parts, made),
        after=told,
    )


def _about(printed: Printed, parts: dict[str, list[Entry]], made: Made) -> Section:
    inside = (f"{SECTIONS[name]} ({len(held)})" for name, held in parts.items() if held)
    pairs = [
        ("Name", printed.name),
        ("Born on", str(printed.born_on or "not written down")),
        ("Kept by", printed.keeper),
        ("Days", printed.days),
        ("Made on", f"{made.at:%Y-%m-%d %H:%M} UTC"),
        ("What is inside", ", ".join(inside) or "Nothing"),
    ]
    return Section("About this record", pairs=pairs)


def _part(title: str, held: Sequence[Entry]) -> Iterator[Section]:
    """The table of a part, the latest first; then what is too long for it."""
    latest = sorted(held, key=lambda each: each.on or date.min, reverse=True)
    yield Section(title, table=Table(COLUMNS, [_row(each) for each in latest]))
    for each in latest:
        if lines := _long(each):
            yield Section(f"{_day(each)} {each.title}".strip(), lines=lines, level=2)


def _row(says: Entry) -> tuple[str, str, str]:
    told = _told(says)
    facts = told if len(told) <= LONGEST_IN_TABLE else "see below"
    note = says.note if len(says.note) <= LONGEST_IN_TABLE else "see below"
    return _day(says), says.title[:LONGEST_IN_TABLE], "; ".join(filter(None, (facts, note)))


def _told(says: Entry) -> str:
    return "; ".join(f"{label}: {text}" for label, text in says.facts)


def _long(says: Entry) -> list[str]:
    """Whatever is too long for a cell, and the text of documents, line by line."""
    cut = [f"{label}: {text}" for label, text in says.facts]
    texts = [file.text for file in says.files]
    texts += [says.note] if len(says.note) > LONGEST_IN_TABLE else []
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return [*(cut if len(_told(says)) > LONGEST_IN_TABLE else ()), *filter(None, lines)]


def _day(says: Entry) -> str:
    return says.on.isoformat() if says.on else ""
