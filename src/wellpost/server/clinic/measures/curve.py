"""Every possible period as a picture: the rate over the first day, and what is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wellpost.reports.best_period import PeriodResult
from wellpost.rules.thresholds import AtLeastPatients, MoreThanPercent, Threshold
from wellpost.terms import Period

from . import words

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 12, 28


@dataclass(frozen=True)
class Tick:
    """A mark of an axis; `at` is how far along the picture it stands."""

    at: str
    label: str


@dataclass(frozen=True)
class Drawing:
    """The picture: lines as SVG reads them, and its marks."""

    rate: Sequence[str]
    asked: Sequence[str]
    best: tuple[str, str] | None
    shown: str | None
    months: Sequence[Tick]
    percents: Sequence[Tick]
    in_words: str


def drawing(
    by_day: Sequence[PeriodResult], best: PeriodResult, shown: Period, threshold: Threshold
) -> Drawing:
    """Draw the results, given by their first day; `shown` is the period that the pages show."""
    plot = _Plot(by_day, threshold)
    return Drawing(
        rate=list(plot.lines([_percent(each) for each in by_day])),
        asked=list(plot.lines([_asked(threshold, each) for each in by_day])),
        best=plot.point(best),
        shown=next((plot.x(each) for each in by_day if each.period == shown), None),
        months=list(plot.months()),
        percents=list(plot.percents()),
        in_words=_in_words(by_day, best),
    )


class _Plot:
    """Where days and percents stand on the picture."""

    def __init__(self, by_day: Sequence[PeriodResult], threshold: Threshold) -> None:
        self._by_day = by_day
        self._first = by_day[0].period.start
        self._days = max(1, (by_day[-1].period.start - self._first).days)
        heights = [_percent(each) or 0.0 for each in by_day]
        heights += [_asked(threshold, each) or 0.0 for each in by_day]
        self.scale = next((each for each in (10, 20, 50) if each >= 1.1 * max(heights)), 100)

    def x(self, each: PeriodResult) -> str:
        return self._x(each.period.start)

    def point(self, each: PeriodResult) -> tuple[str, str] | None:
        percent = _percent(each)
        return None if percent is None else (self.x(each), self._y(percent))

    def lines(self, percents: Sequence[float | None]) -> Iterator[str]:
        """Lines through the days that have a percent, broken where they have none."""
        every = zip(self._by_day, percents, strict=True)
        for drawn, part in groupby(every, key=lambda one: one[1] is not None):
            if drawn:
                yield " ".join(f"{self.x(each)},{self._y(value or 0)}" for each, value in part)

    def months(self) -> Iterator[Tick]:
        for each in self._by_day:
            if each.period.start.day == 1:
                yield Tick(self.x(each), date_format(each.period.start, "M"))

    def percents(self) -> Iterator[Tick]:
        for percent in (0, self.scale // 2, self.scale):
            yield Tick(self._y(percent), f"{percent} %")

    def _x(self, day: date) -> str:
        share = (day - self._first).days / self._days
        return f"{LEFT + share * (WIDTH - LEFT - RIGHT):.1f}"

    def _y(self, percent: float) -> str:
        return f"{HEIGHT - BOTTOM - percent / self.scale * (HEIGHT - TOP - BOTTOM):.1f}"


def _percent(each: PeriodResult) -> float | None:
    count = each.count
    return 100 * count.numerator / count.denominator if count.denominator else None


def _asked(threshold: Threshold, each: PeriodResult) -> float | None:
    """What is asked for as a percent of the patients seen in that period."""
    if isinstance(threshold, MoreThanPercent):
        return float(threshold.percent)
    seen = each.count.denominator
    if isinstance(threshold, AtLeastPatients) and seen >= threshold.patients:
        return 100 * threshold.patients / seen
    return None


def _in_words(by_day: Sequence[PeriodResult], best: PeriodResult) -> str:
    met = sum(each.verdict == "met" for each in by_day)
    count, period = best.count, best.period
    return _(
        "%(met)d of %(all)d periods meet the measure. The best is %(start)s to %(end)s: "
        "%(numerator)d of %(denominator)d patients, %(rate)s."
    ) % {
        "met": met,
        "all": len(by_day),
        "start": date_format(period.start, "F j, Y"),
        "end": date_format(period.end, "F j, Y"),
        "numerator": count.numerator,
        "denominator": count.denominator,
        "rate": words.percent(count.numerator, count.denominator),
    }
