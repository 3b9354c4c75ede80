"""What an entry of a record says, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Measured:
    """A number that was measured, with the range that was given as usual (either end open)."""

    code: str
    label: str
    number: Decimal
    unit: str
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def outside(self) -> str:
        """`low` or `high` where the number lies outside the range, else nothing."""
        if self.low is not None and self.number < self.low:
            return "low"
        return "high" if self.high is not None and self.number > self.high else ""


@dataclass(frozen=True)
class File:
    """A file that belongs to an entry; `text` is its words where they are plain text."""

    title: str
    content_type: str
    address: str = ""
    text: str = ""
    is_here: bool = False


@dataclass(frozen=True)
class Entry:
    """One resource for people to read.

    `facts` are (label, text) in the order to show; a text that is a date is one of ISO 8601, for
    its reader to put in words. `says` is the one thing to say beside the title (a value, a
    state), `current` whether it holds today as far as it says. `values` are all that was measured
    (two of a blood pressure), `value` the first of them.
    """

    section: str
    title: str
    facts: tuple[tuple[str, str], ...]
    on: date | None
    value: Measured | None
    note: str
    says: str = ""
    current: bool = True
    values: tuple[Measured, ...] = ()
    files: tuple[File, ...] = ()
