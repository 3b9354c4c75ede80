"""What a page shows of many reporters at once: how rates are spread, who is near, what is met.

It reads rows as they are shown, so that what is hidden there (None) cannot come in here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wellpost.rules.thresholds import AtLeastPatients, MoreThanPercent, Threshold

Row = Mapping[str, Any]
WIDTHS = (1, 2, 5)
MOST_BINS = 30
NEAR = 5
"""So many patients, or fewer, decide."""


@dataclass(frozen=True)
class Bin:
    """Rates above `above` percent and up to `to` percent; the first holds 0 alone."""

    above: int
    to: int
    reporters: int
    side: str
    """`met` or `not_met`, as rates of it are judged; empty where the threshold is no rate."""

    @property
    def text(self) -> str:
        """`0 %`, `above 5 to 10 %`."""
        return f"{self.to} %" if self.above == self.to else f"above {self.above} to {self.to} %"


@dataclass(frozen=True)
class Spread:
    """How rates are spread; `without` reporters have none, `hidden` are hidden."""

    bins: tuple[Bin, ...]
    without: int
    hidden: int


def spread(rows: Sequence[Row], threshold: Threshold) -> Spread:
    """The rates in at most 31 bins of whole percents, one of which begins at the threshold."""
    shown = [row for row in rows if row["rate"] is not None]
    hidden = sum(is_hidden(row) for row in rows)
    most = max((_percent_up(row) for row in shown), default=0)
    percent = threshold.percent if isinstance(threshold, MoreThanPercent) else 0
    width = next((one for one in WIDTHS if percent % one == 0 and most <= one * MOST_BINS), 5)
    places = [-(-_percent_up(row) // width) for row in shown]
    bins = [
        _bin(place, width, places.count(place), threshold)
        for place in range(max(places, default=0) + 1)
    ]
    return Spread(tuple(bins), len(rows) - len(shown) - hidden, hidden)


def _bin(place: int, width: int, reporters: int, threshold: Threshold) -> Bin:
    to = place * width
    return Bin(max(0, place - 1) * width, to, reporters, _side(to, threshold))


def is_hidden(row: Row) -> bool:
    """Whether numbers of the row are hidden."""
    return "numerator" in row.get("hidden", ())


def near(rows: Sequence[Row], threshold: Threshold) -> list[tuple[int, Row]]:
    """Whom up to five patients decide: how many above (or, negative, below) the least, and the row.

    The nearest first. None whose numbers are hidden, and none where all patients would be needed.
    """
    found = [(margin, row) for row in rows if (margin := _margin(row, threshold)) is not None]
    wanted = [(margin, row) for margin, row in found if -NEAR <= margin < NEAR]
    return sorted(wanted, key=lambda one: (one[0] if one[0] >= 0 else -one[0] - 0.5, *_who(one[1])))


def tally(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows have each verdict; `hidden` those whose verdict is hidden."""
    verdicts = [row["verdict"] or "hidden" for row in rows]
    return {name: verdicts.count(name) for name in dict.fromkeys(sorted(verdicts))}


def _margin(row: Row, threshold: Threshold) -> int | None:
    if row["rate"] is None or row["verdict"] not in ("met", "not_met"):
        return None
    if isinstance(threshold, MoreThanPercent):
        least = threshold.percent * row["denominator"] // 100 + 1
    elif isinstance(threshold, AtLeastPatients):
        least = threshold.patients
    else:
        return None
    return None if least > row["denominator"] else int(row["numerator"]) - least


def _percent_up(row: Row) -> int:
    """The rate in whole percent, rounded up in whole numbers: 5.01 % is in the bin up to 6."""
    return -(-100 * int(row["numerator"]) // int(row["denominator"]))


def _side(to: int, threshold: Threshold) -> str:
    if isinstance(threshold, MoreThanPercent):
        return "not_met" if to <= threshold.percent else "met"
    return ""


def _who(row: Row) -> tuple[str, str]:
    return row["tin"] or "", row["npi"] or ""
