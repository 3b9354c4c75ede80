"""How long a consent lasts at the longest: chosen by who gives it, and fixed with it.

No renewal of a token moves that day (OWASP ASVS 5.0, 10.4.8). An app that keeps a secret is owed
three new months at each renewal (45 CFR 170.315(g)(10)(v)(A)(2)(ii)); a shorter time is the wish of
who gives it, which ONC's inquiry portal lets stand where three months or more can be chosen.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from wellpost.server.clock import time as clock

from . import scopes

SHORTEST = 3
"""Months; 45 CFR 170.315(g)(10)(v)(A) asks for no less."""


def offered() -> list[int]:
    """The months that can be chosen, the longest last."""
    return sorted({SHORTEST, min(6, settings.APP_MONTHS), settings.APP_MONTHS})


def last_day(months: int, time_zone: str) -> date:
    """The last day of access given today: never a day short of those months."""
    today = clock.today(time_zone)
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    day = min(today.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) + timedelta(days=1)


def runs_out_at(scope: str, months: int | None, time_zone: str) -> datetime | None:
    """When access given now is over whatever the app does; without `months` the longest. None
    where nothing was given for longer than a session.
    """
    if scopes.OFFLINE not in scope.split():
        return None
    chosen = min(months or settings.APP_MONTHS, settings.APP_MONTHS)
    return datetime.combine(last_day(chosen, time_zone), time(23, 59), ZoneInfo(time_zone))


def seconds_left(until: datetime | None, otherwise: int) -> int:
    """How long a token can still be good for, at most `otherwise`."""
    if until is None:
        return otherwise
    return max(0, min(otherwise, int((until - clock.now()).total_seconds())))
