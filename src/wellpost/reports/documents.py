"""A report as a value: sections of lines, pairs and tables, whatever file it becomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Column:
    """A column: its name for machines, its title for people, what its cells are.

    `kind` is text, word (of a closed list), number, share (0 to 1, shown as percent), day or flag.
    """

    name: str
    title: str
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """Rows under columns."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Section:
    """A heading (level 1 or 2) and what stands below it: lines, then pairs, then a table."""

    title: str
    lines: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    table: Table | None = None
    level: int = 1


@dataclass(frozen=True)
class Made:
    """By which product a report was made, when, and for whom."""

    product: str
    at: datetime
    by: str | None = None


@dataclass(frozen=True)
class Document:
    """A report. `main` is the section whose table is the report's own: what CSV holds.

    `alike` is said on every line of a CSV, so that a file cut from its page still says what it is;
    `whole` is the same for machines, as JSON.
    """

    name: str
    title: str
    subtitle: str
    main: Section
    before: Sequence[Section] = ()
    after: Sequence[Section] = ()
    alike: Sequence[tuple[str, str]] = ()
    whole: object = None
    warnings: Sequence[str] = field(default_factory=tuple)

    @property
    def sections(self) -> Iterator[Section]:
        """Every section in order."""
        yield from (*self.before, self.main, *self.after)


def shown(cell: Cell, kind: str) -> str:
    """A cell as people read it; nothing is a dash."""
    if cell is None:
        return "–"
    if kind == "share":
        return f"{float(str(cell)) * 100:.2f} %"
    if kind == "number" and isinstance(cell, int):
        return f"{cell:,}"
    if kind == "flag":
        return "yes" if cell else "no"
    if kind == "word":
        return str(cell).replace("_", " ")
    return str(cell)
