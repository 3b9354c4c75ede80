"""Days on which a practice is open: Monday to Friday, but for those it says it is closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

_A_MONDAY = date(1900, 1, 1).toordinal()
_WEEK, _WEEKDAYS = 7, 5


def between(start: date, end: date, closed: Collection[date] = ()) -> int:
    """How many business days lie between the two, neither of them counted; never below none."""
    first = start + timedelta(days=1)
    if end <= first:
        return 0
    shut = sum(first <= day < end and day.weekday() < _WEEKDAYS for day in set(closed))
    return _weekdays_before(end) - _weekdays_before(first) - shut


def _weekdays_before(day: date) -> int:
    """Weekdays from a Monday long ago up to the day, itself left out."""
    weeks, rest = divmod(day.toordinal() - _A_MONDAY, _WEEK)
    return weeks * _WEEKDAYS + min(rest, _WEEKDAYS)
