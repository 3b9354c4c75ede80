"""Values every room shares: measure, level, period, reporter, count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wellpost.errors import RequestError


def spoken(name: str) -> str:
    """The name as commands and outputs write it: `secure_messaging` -> `secure-messaging`."""
    return name.replace("_", "-")


def written(name: str) -> str:
    """The name as code writes it: `secure-messaging` -> `secure_messaging`."""
    return name.replace("-", "_")


class Measure(StrEnum):
    """What can be counted; each has a file of its name in `wellpost.measures`."""

    SECURE_MESSAGING = "secure_messaging"
    VIEW_DOWNLOAD_TRANSMIT = "view_download_transmit"
    PATIENT_GENERATED_DATA = "patient_generated_data"
    PATIENT_ACCESS = "patient_access"


class Level(StrEnum):
    """Whose row it is. A clinician is the NPI over all its TINs; practice_clinician is the pair."""

    CLINICIAN = "clinician"
    PRACTICE_CLINICIAN = "practice_clinician"
    GROUP = "group"
    VIRTUAL_GROUP = "virtual_group"


class Window(StrEnum):
    """When a numerator act may have happened, against the reporting period."""

    PERIOD = "period"
    CALENDAR_YEAR = "calendar_year"


@dataclass(frozen=True, order=True)
class Period:
    """Calendar days from `start` to `end`, both counted."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise RequestError(
                f"period {self.start}..{self.end}: it ends before it starts; "
                "write the first day, two dots, the last day."
            )

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2021-06-01..2021-08-29`; RequestError says what would be right."""
        found = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", text.strip())
        try:
            if not found:
                raise ValueError
            return cls(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
        except ValueError:
            raise RequestError(
                f"period {text!r} cannot be read; write it like 2021-06-01..2021-08-29."
            ) from None

    @classmethod
    def of_year(cls, year: int) -> Period:
        """1 January to 31 December."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def days(self) -> int:
        """How many days, first and last counted."""
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        return f"{self.start}..{self.end}"


@dataclass(frozen=True, order=True)
class Reporter:
    """Who reports: the fields that the level has are set, the others None."""

    level: Level
    tin: str | None = None
    npi: str | None = None
    virtual_group: str | None = None


@dataclass(frozen=True)
class Count:
    """Unique patients of one measure for one reporter; `0 <= numerator <= denominator`."""

    measure: Measure
    reporter: Reporter
    denominator: int
    numerator: int
