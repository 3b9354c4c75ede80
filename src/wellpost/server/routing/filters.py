"""What part of the inbox somebody asks to see: checked, and written again as an address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from .models import Priority, Waiting

SHOWN = ("open", "unread", "resolved", "all")
WHOSE = ("", "mine", "pools", "nobody")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
TOO_FAR = 253_402_300_799_000_000
"""Microseconds from 1970 to the end of the year 9999."""


@dataclass(frozen=True)
class Place:
    """Where in the list a page begins: after (or before) the thread that stands there."""

    at: datetime
    thread: UUID

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND}.{self.thread}"

    @classmethod
    def parse(cls, text: str) -> Place | None:
        """The place, or None for what is none."""
        moment, _, thread = text.partition(".")
        try:
            number, identifier = int(moment), UUID(thread)
        except ValueError:
            return None
        inside = 0 <= number <= TOO_FAR
        return cls(EPOCH + number * MICROSECOND, identifier) if inside else None


@dataclass(frozen=True)
class Filters:
    """Each narrows the list; what stands at its default does not. What is none of those offered
    is left out, so that an old address still shows something.
    """

    show: str = "open"
    whose: str = ""
    waiting: str = ""
    due: bool = False
    reason: UUID | None = None
    priority: int | None = None
    patient: UUID | None = None
    after: Place | None = None
    before: Place | None = None

    @classmethod
    def parse(cls, asked: Mapping[str, str]) -> Filters:
        """From an address's query."""
        priority = asked.get("priority", "")
        return cls(
            show=_one_of(SHOWN, asked.get("show", ""), "open"),
            whose=_one_of(WHOSE, asked.get("whose", ""), ""),
            waiting=_one_of(Waiting.values, asked.get("waiting", ""), ""),
            due=asked.get("due", "") in {"1", "on"},
            reason=_uuid(asked.get("reason", "")),
            priority=int(priority) if priority in map(str, Priority.values) else None,
            patient=_uuid(asked.get("patient", "")),
            after=Place.parse(asked.get("after", "")),
            before=Place.parse(asked.get("before", "")),
        )

    @property
    def query(self) -> str:
        """The filters as an address has them, without the place in the list."""
        held = {
            "show": self.show,
            "whose": self.whose,
            "waiting": self.waiting,
            "due": "1" if self.due else "",
            "reason": self.reason or "",
            "priority": "" if self.priority is None else self.priority,
            "patient": self.patient or "",
        }
        return urlencode({name: value for name, value in held.items() if value != ""})

    @property
    def narrowed(self) -> bool:
        """Whether more is asked than which of the tabs."""
        plain = Filters(show=self.show, after=self.after, before=self.before)
        return self != plain


def _one_of(known: Collection[str], asked: str, otherwise: str) -> str:
    return asked if asked in known else otherwise


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
