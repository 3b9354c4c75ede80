"""When a notice may go out: at once, after the quiet hours, with the day's others, or again."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

MOST_ATTEMPTS = 10
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
"""Ten attempts, each wait twice the last: spread over some eight hours."""


class Hours(Protocol):
    """What of somebody's wishes is about hours; see `models.Wishes`."""

    quiet_from: time | None
    quiet_until: time | None
    daily_at: time | None
    time_zone: str


def due(moment: datetime, hours: Hours | None) -> datetime:
    """When what happens at `moment` may be told (UTC)."""
    if hours is None:
        return moment
    local = moment.astimezone(ZoneInfo(hours.time_zone))
    if hours.daily_at is not None:
        return _next(local, hours.daily_at)
    if _is_quiet(local.time(), hours.quiet_from, hours.quiet_until):
        return _next(local, hours.quiet_until or time())
    return moment


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling, and spread by half either way, so that
    what failed together is not tried together again.
    """
    doublings = min(attempts - 1, 20)
    doubled = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    return doubled * random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, guards nothing


def _is_quiet(at: time, begins: time | None, ends: time | None) -> bool:
    """From `begins` until `ends`, which may be the next morning."""
    if begins is None or ends is None or begins == ends:
        return False
    return begins <= at < ends if begins < ends else at >= begins or at < ends


def _next(local: datetime, at: time) -> datetime:
    """The next time the clock on that wall shows `at`."""
    day = local.date() if local.time() < at else local.date() + timedelta(days=1)
    return datetime.combine(day, at, local.tzinfo).astimezone(UTC)
