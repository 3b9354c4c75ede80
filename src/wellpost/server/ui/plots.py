"""Measured values over time as a picture: drawn here, so that it needs no script.

The template `ui/plot.html` shows it as SVG with a title and a description in words; the values
belong beside it in a table, which says everything that the picture does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import ngettext

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 16, 32
RIGHT_EDGE, FLOOR = WIDTH - RIGHT, HEIGHT - BOTTOM


@dataclass(frozen=True)
class Point:
    """A value and its moment. `hollow`: drawn open, such as what is not in the record yet."""

    at: datetime
    value: float
    hollow: bool = False


@dataclass(frozen=True)
class Line:
    """Values that belong together, in the order of time, and what they are called."""

    label: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Tick:
    """A mark of an axis; `at` is how far along the picture it stands."""

    at: str
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Dot:
    """A value where it stands."""

    x: str
    y: str
    hollow: bool


@dataclass(frozen=True)
class Drawn:
    """A line as SVG reads it, its dots, and the number of its look (1, 2, …)."""

    label: str
    look: int
    path: str
    dots: Sequence[Dot]


@dataclass(frozen=True)
class Band:
    """A stripe across the picture: from which height downwards, and how far."""

    top: str
    height: str


@dataclass(frozen=True)
class Plot:
    """The whole picture. `limits`: lines across, beyond which a value is dangerous; `band`: where
    values usually lie.
    """

    title: str
    lines: Sequence[Drawn]
    days: Sequence[Tick]
    heights: Sequence[Tick]
    limits: Sequence[Tick]
    in_words: str
    has_hollow: bool
    band: Band | None = None
    left: int = LEFT
    right: int = RIGHT_EDGE
    floor: int = FLOOR
    ceiling: int = TOP


def plot(
    title: str,
    lines: Sequence[Line],
    unit: str,
    time_zone: str,
    limits: Sequence[float] = (),
    *,
    band: tuple[float | None, float | None] | None = None,
) -> Plot | None:
    """Draw the lines; None where there is nothing to draw. `limits` out of sight are left out.

    `band` is from where to where values usually lie; an end that is None is open.
    """
    drawn = [line for line in lines if line.points]
    if not drawn:
        return None
    frame = _Frame(drawn, [end for end in band or () if end is not None])
    return Plot(
        title=title,
        lines=[frame.line(line, look) for look, line in enumerate(drawn, 1)],
        days=list(frame.days(ZoneInfo(time_zone))),
        heights=list(frame.heights()),
        limits=[Tick(frame.y(each), "") for each in limits if frame.low <= each <= frame.high],
        in_words=_in_words(drawn, unit, ZoneInfo(time_zone)),
        has_hollow=any(point.hollow for line in drawn for point in line.points),
        band=frame.band(*band) if band else None,
    )


class _Frame:
    """Where moments and values stand on the picture."""

    def __init__(self, lines: Sequence[Line], besides: Sequence[float] = ()) -> None:
        points = [point for line in lines for point in line.points]
        moments, values = [each.at for each in points], [each.value for each in points]
        values += besides
        self._first, last = min(moments), max(moments)
        self._seconds = (last - self._first).total_seconds()
        self.step = _step(max(values) - min(values) or max(values) * 0.2 or 1)
        self.low = math.floor(min(values) / self.step) * self.step
        self.high = math.ceil(max(values) / self.step) * self.step
        if self.low == self.high:
            self.low, self.high = self.low - self.step, self.high + self.step

    def line(self, line: Line, look: int) -> Drawn:
        dots = [Dot(self._x(each.at), self.y(each.value), each.hollow) for each in line.points]
        return Drawn(line.label, look, " ".join(f"{each.x},{each.y}" for each in dots), dots)

    def band(self, low: float | None, high: float | None) -> Band:
        top = TOP if high is None else float(self.y(high))
        floor = FLOOR if low is None else float(self.y(low))
        return Band(f"{top:.1f}", f"{max(0, floor - top):.1f}")

    def days(self, zone: ZoneInfo) -> Iterator[Tick]:
        """At most five, evenly; the year is said where there are several, and then but four."""
        local = self._first.astimezone(zone)
        several = (local + timedelta(seconds=self._seconds)).year != local.year
        form = "M Y" if several and self._seconds > 500 * 86_400 else "M j, Y" if several else "M j"
        most = 3 if form == "M j, Y" else 4 if several else 5
        count = most if self._seconds > 4 * 86_400 else 2 if self._seconds else 1
        if 0 < self._seconds <= 86_400:
            form = "P"
        for place in range(count):
            seconds = self._seconds * place / max(1, count - 1)
            moment = self._first.astimezone(UTC) + timedelta(seconds=seconds)
            anchor = "middle" if count == 1 else {0: "start", count - 1: "end"}.get(place, "middle")
            yield Tick(self._x(moment), date_format(moment.astimezone(zone), form), anchor)

    def heights(self) -> Iterator[Tick]:
        for place in range(round((self.high - self.low) / self.step) + 1):
            value = self.low + place * self.step
            yield Tick(self.y(value), f"{value:g}")

    def y(self, value: float) -> str:
        share = (value - self.low) / (self.high - self.low)
        return f"{FLOOR - share * (FLOOR - TOP):.1f}"

    def _x(self, moment: datetime) -> str:
        """A single value stands in the middle; the others not quite at the edges."""
        if not self._seconds:
            return f"{(LEFT + RIGHT_EDGE) / 2:.1f}"
        share = (moment - self._first).total_seconds() / self._seconds
        return f"{LEFT + 24 + share * (RIGHT_EDGE - LEFT - 48):.1f}"


def _step(spread: float) -> float:
    """A round number that divides the spread into three to six."""
    rough: float = 10.0 ** math.floor(math.log10(spread))
    return next(rough * each for each in (0.2, 0.5, 1, 2) if spread / (rough * each) <= 6)


def _in_words(lines: Sequence[Line], unit: str, zone: ZoneInfo) -> str:
    return " ".join(_line_in_words(each, unit, zone) for each in lines)


def _line_in_words(line: Line, unit: str, zone: ZoneInfo) -> str:
    values, last = [each.value for each in line.points], line.points[-1]
    return ngettext(
        "%(label)s: one value, %(last)s %(unit)s, on %(day)s.",
        "%(label)s: %(count)d values from %(low)s to %(high)s %(unit)s; the last, on %(day)s, "
        "is %(last)s.",
        len(values),
    ) % {
        "label": line.label,
        "count": len(values),
        "low": f"{min(values):g}",
        "high": f"{max(values):g}",
        "unit": unit,
        "day": date_format(last.at.astimezone(zone), "F j, Y"),
        "last": f"{last.value:g}",
    }
