"""Now and today. Every date that a measure may count is taken from here, never from the system."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from .models import ClockShift

_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """The present moment, UTC; in the demo shifted by what its clock page was set to."""
    if (held := _held.get()) is not None:
        return held
    return datetime.now(UTC) + _shift()


def today(time_zone: str) -> date:
    """The calendar day at the practice; `time_zone` is an IANA name."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def set_to(moment: datetime | None) -> None:
    """Set the demo's clock so that now is `moment` and goes on from there; None: the real time."""
    if not settings.DEMO:
        raise RuntimeError("the clock can be set in the demo only")
    seconds = 0 if moment is None else round((moment - datetime.now(UTC)).total_seconds())
    ClockShift.objects.update_or_create(pk=1, defaults={"seconds": seconds})


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Hold time still at `moment` (aware): for tests and for imports of what happened before."""
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)


def _shift() -> timedelta:
    if not settings.DEMO:
        return timedelta()
    shift = ClockShift.objects.filter(pk=1).values_list("seconds", flat=True).first()
    return timedelta(seconds=shift or 0)
