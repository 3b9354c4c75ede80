"""When a practice is open: by weekday, and never on its closed days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from wellpost.errors import RequestError
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import Permission, require
from wellpost.server.records import business_days

from .models import Answering, Hours
from .on_record import record_change

WEEKDAYS = 7


@dataclass(frozen=True)
class Calendar:
    """A practice's zone, its hours by weekday (Monday is 0), and its closed days."""

    zone: ZoneInfo
    hours: Mapping[int, tuple[time, time]]
    closed: frozenset[date]

    def local(self, moment: datetime) -> datetime:
        """The moment on the practice's clock."""
        return moment.astimezone(self.zone)

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is there; a practice that told no hours is taken for open."""
        there = self.local(moment)
        if not self.hours:
            return True
        if there.date() in self.closed or there.weekday() not in self.hours:
            return False
        opens, closes = self.hours[there.weekday()]
        return opens <= there.time() < closes

    def whole_days_since(self, moment: datetime, now: datetime) -> int:
        """The whole business days between the two, neither day itself counted."""
        first, last = self.local(moment).date(), self.local(now).date()
        return business_days.between(first, last, self.closed)


def calendar_of(practice: Practice) -> Calendar:
    """As the practice set it."""
    return Calendar(
        ZoneInfo(practice.time_zone),
        {each.weekday: (each.opens_at, each.closes_at) for each in practice.hours.all()},
        frozenset(practice.closed_days.values_list("closed_on", flat=True)),
    )


@transaction.atomic
def set_hours(*, practice: Practice, by: User, hours: Mapping[int, tuple[time, time]]) -> None:
    """From when to when it is open on which weekdays; a weekday left out is closed."""
    require(by, Permission.MANAGE_PEOPLE, practice)
    for weekday, (opens, closes) in hours.items():
        if not 0 <= weekday < WEEKDAYS or opens >= closes:
            raise RequestError(f"It opens at {opens} and closes at {closes}: open it earlier.")
    practice.hours.all().delete()
    Hours.objects.bulk_create(
        Hours(practice=practice, weekday=weekday, opens_at=opens, closes_at=closes)
        for weekday, (opens, closes) in hours.items()
    )
    record_change(by, practice, practice, "hours", open_weekdays=sorted(hours))


def answering_of(practice: Practice) -> Answering:
    """How the practice answers, as it was set, or else as every practice begins."""
    return Answering.objects.filter(practice=practice).first() or Answering(practice=practice)


@transaction.atomic
def set_answering(
    *,
    practice: Practice,
    by: User,
    automatic: bool,
    automatic_text: str,
    escalate_after_days: int,
    unread_after_days: int,
) -> Answering:
    """Whether, and what, it answers outside its hours; after how many days it is reminded."""
    require(by, Permission.MANAGE_PEOPLE, practice)
    made = Answering(
        practice=practice, automatic=automatic, automatic_text=automatic_text.strip(),
        escalate_after_days=escalate_after_days, unread_after_days=unread_after_days,
    )  # fmt: skip
    made.save()
    record_change(
        by, practice, practice, "answering", automatic=automatic, escalate=escalate_after_days,
        unread=unread_after_days,
    )  # fmt: skip
    return made
