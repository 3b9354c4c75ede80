"""A reading as a device's file gives it; every reader of such files makes these."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple


class Reading(NamedTuple):
    """One reading: what kind, its number (and the lower one of blood pressure), in which UCUM unit.

    `starts_at` and `ends_at` know their time zone, or are the wall clock's where the file names
    none. `written` is the number as the file has it. `of_day`: a total that grows with the day,
    so that a later file may know better.
    """

    kind: str
    value: Decimal
    second: Decimal | None
    unit: str
    starts_at: datetime
    ends_at: datetime | None
    device: str
    written: str
    written_second: str = ""
    of_day: bool = False


MOST_FAULTS = 5


@dataclass
class Tally:
    """What a reader came by: bytes read, entries left out because their kind is not kept, and
    those that could not be right, the first few with their place.
    """

    bytes_read: int = 0
    left_out: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    def fault(self, place: str, says: str) -> None:
        """Count an entry that cannot be taken; the first few are kept to be shown."""
        self.refused += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(f"{place}: {says}")
