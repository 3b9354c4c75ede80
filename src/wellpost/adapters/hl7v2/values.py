"""What a message says, as values: who, which visit, where and when. No format, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from .refusal import Where

Effect: TypeAlias = Literal["stands", "changes", "is_cancelled", "none"]
"""What a message does to its visit: makes it stand, changes one that is known or makes it, takes
it out, or says nothing of a visit."""

Condition: TypeAlias = Literal["", "AL", "NE", "ER", "SU"]
"""When an acknowledgment is wanted (HL7 table 0155): always, never, on errors, on success; empty:
the original mode, in which there is one acknowledgment and it is always sent."""


class Identifier(NamedTuple):
    """A name by which the sender knows a patient or a visit."""

    system: str
    value: str


class Moment(NamedTuple):
    """A day, with the clock's time where the sender gave one; it may know its time zone or not."""

    day: date
    at: datetime | None = None

    def on(self, zone: str) -> date:
        """The local day at the practice."""
        if self.at is None or self.at.tzinfo is None:
            return self.day
        return self.at.astimezone(ZoneInfo(zone)).date()

    def instant(self, zone: str) -> datetime:
        """The moment in UTC; midnight of a day without a time, the practice's where no zone."""
        at = self.at or datetime(self.day.year, self.day.month, self.day.day)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


class Place(NamedTuple):
    """What the message names as facility, and where it does."""

    name: str
    where: Where


@dataclass(frozen=True)
class Header:
    """The message's head, as far as acknowledging it needs."""

    sending: tuple[str, str] = ("", "")
    receiving: tuple[str, str] = ("", "")
    kind: str = ""
    event: str = ""
    control_id: str = ""
    processing_id: str = "P"
    version: str = "2.5"
    charset: str = ""
    accept: Condition = ""
    application: Condition = ""

    @property
    def sender(self) -> str:
        """Who sends: application and facility."""
        return "|".join(self.sending)

    @property
    def enhanced(self) -> bool:
        """Whether the sender says which acknowledgments it wants."""
        return bool(self.accept or self.application)


@dataclass(frozen=True)
class Person:
    """Who the patient is. `says` holds only what the message says: '' where it takes it away."""

    identifiers: tuple[Identifier, ...]
    says: Mapping[str, str | date | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Visit:
    """A visit, under the sender's own number. `npis`: the attending clinician, the surest first."""

    number: str
    npis: tuple[str, ...]
    kind: str
    admitted: Moment | None


@dataclass(frozen=True)
class Admission:
    """A patient registered, updated or seen; `effect` is what becomes of the visit."""

    person: Person
    visit: Visit | None
    effect: Effect


@dataclass(frozen=True)
class Merge:
    """The record of `prior` goes into that of `person`."""

    person: Person
    prior: tuple[Identifier, ...]


@dataclass(frozen=True)
class Message:
    """A message that could be read: its head, what happened (several merges at once), and when.

    `moment` is when the event was recorded: by it, not by when messages come, the latest word on a
    patient or a visit is told. None: the sender does not say. `digest`: SHA-256 of what it says.
    """

    header: Header
    deeds: tuple[Admission | Merge, ...]
    places: tuple[Place, ...]
    moment: Moment | None
    digest: str
