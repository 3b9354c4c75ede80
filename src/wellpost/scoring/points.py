"""Points for a rate, in whole numbers (42 CFR 414.1380(b)(4))."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from wellpost.rules.model import PointsRule

TENTHS = 10


class Share(Protocol):
    """Some of so many; `0 <= numerator <= denominator`. A count is one."""

    @property
    def numerator(self) -> int:
        """How many."""

    @property
    def denominator(self) -> int:
        """Of how many."""


def points(count: Share, rule: PointsRule, *, rounding: str) -> int | None:
    """Points the count earns under a scale; None when the denominator is 0.

    `rounding` is the policy `decile_rounding`: `round_first` or `ceiling`.
    """
    if count.denominator == 0:
        return None
    if count.numerator == 0:
        return 0
    return SCALES[rule.scale](count, rule.maximum, rounding)


def deciles(count: Share, maximum: int, rounding: str) -> int:
    """A tenth of `maximum` for each tenth of the rate begun: 1-10 % one, 91-100 % ten.

    The numerator is above 0. Above 0 and below 1 percent counts as 1 percent.
    """
    return ROUNDINGS[rounding](count) * maximum // TENTHS


def proportional(count: Share, maximum: int, rounding: str) -> int:
    """The rate times `maximum`, rounded half up, at least 1 (from 2019)."""
    doubled = 2 * maximum * count.numerator + count.denominator
    return max(1, doubled // (2 * count.denominator))


def flat(count: Share, maximum: int, rounding: str) -> int:
    """All of `maximum` for a numerator of at least 1."""
    return maximum


def _round_first(count: Share) -> int:
    return _up(max(1, whole_percent(count)), TENTHS)


def _ceiling(count: Share) -> int:
    return _up(TENTHS * count.numerator, count.denominator)


def whole_percent(count: Share) -> int:
    """The rate in whole percent, halves up: 10.5 % is 11, 10.4 % is 10."""
    return (200 * count.numerator + count.denominator) // (2 * count.denominator)


def _up(number: int, by: int) -> int:
    return -(-number // by)


SCALES: Mapping[str, Callable[[Share, int, str], int]] = {
    "deciles": deciles,
    "proportional": proportional,
    "flat": flat,
}
ROUNDINGS: Mapping[str, Callable[[Share], int]] = {
    "round_first": _round_first,
    "ceiling": _ceiling,
}
