"""FHIR's dates and times as the spans of time they name (FHIR R4, 3.1.1.4.7)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache

Span = tuple[datetime, datetime]
"""[starts_at, ends_at), both in UTC."""

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
END = datetime(9999, 12, 31, tzinfo=UTC)
"""Stand for a period's missing start or end."""

_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)


def span(text: str, time_zone: tzinfo = UTC) -> Span:
    """The span that a FHIR date, dateTime or instant names, by how much of it is given.

    `2021-06` is the whole month. What has no zone is read in `time_zone`. ValueError for what is
    no date, and for one too early or too late to be kept.
    """
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise ValueError("no FHIR date")
    zone = _zone(found["zone"]) or time_zone
    month, day = int(found["month"] or 1), int(found["day"] or 1)
    hour, minute, second = (int(found[each] or 0) for each in ("hour", "minute", "second"))
    fraction = (found["fraction"] or "")[:6]
    microsecond = int(fraction.ljust(6, "0"))
    first = datetime(int(found["year"]), month, day, hour, minute, second, microsecond, zone)
    try:
        return first.astimezone(UTC), _after(first, found, len(fraction)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a date too early or too late") from error


def period(start: str, end: str, time_zone: tzinfo = UTC) -> Span:
    """From the start of the one to the end of the other; an empty one is open."""
    starts_at = span(start, time_zone)[0] if start else BEGINNING
    return starts_at, span(end, time_zone)[1] if end else END


@cache
def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    return datetime.strptime(text, "%z").tzinfo


def _after(first: datetime, found: re.Match[str], digits: int) -> datetime:
    """The first moment after the span: one of its last given part later."""
    if found["month"] is None:
        return first.replace(year=first.year + 1)
    if found["day"] is None:
        return (first + timedelta(days=32)).replace(day=1)
    if found["hour"] is None:
        return first + timedelta(days=1)  # of the wall clock: a day may have 23 hours
    if found["second"] is None:
        return _later(first, timedelta(minutes=1))
    return _later(first, timedelta(microseconds=10 ** (6 - digits)))


def _later(first: datetime, by: timedelta) -> datetime:
    return first.astimezone(UTC) + by
