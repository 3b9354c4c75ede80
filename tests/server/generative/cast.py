"""Who is in the machine, by the names the model knows them by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from wellpost.server.people.models import Practice, User

from .model import Conversation

BORN = date(1980, 2, 3)
BEGIN = datetime(2031, 3, 8, 15, tzinfo=UTC)  # the clocks change on the next day
RECORDS = ("alice", "carol")
STAFF, CLINICIANS = ("sam",), ("chen", "diaz", "eden")
FRIENDS = ("amir", "bob", "dora")
"""Those who may come to act for a patient; Bob is himself a patient elsewhere."""
OUTSIDE = ("ada", "evans")
"""An administrator, who reads no messages, and a clinician of another practice."""
EVERYBODY = (*RECORDS, *STAFF, *CLINICIANS, *FRIENDS, *OUTSIDE)


@dataclass(frozen=True)
class People:
    """Those of the fixtures, by the names the model knows them by."""

    practice: Practice
    users: dict[str, User]
    records: dict[str, Any]
    memberships: dict[str, Any]


@dataclass
class Sent:
    """A sending that was done, to be done again."""

    who: str
    key: str
    text: str
    thread: Conversation
    message: Any


@dataclass
class Twins:
    """Which row of the database is which thing of the model."""

    threads: dict[int, Any] = field(default_factory=dict)
    messages: dict[int, Any] = field(default_factory=dict)
    authorities: dict[int, Any] = field(default_factory=dict)
    covers: dict[int, Any] = field(default_factory=dict)
