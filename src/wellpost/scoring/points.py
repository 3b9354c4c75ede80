"""Points for a rate, in whole numbers (42 CFR 414.1380(b)(4))."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wellpost.rules.model import PointsRule
from wellpost.terms import Count

TENTHS = 10


def points(count: Count, rule: PointsRule, *, rounding: str) -> int | None:
    """Points the count earns under a scale; None when the denominator is 0.

    `rounding` is the policy `decile_rounding`: `round_first` or `ceiling`.
    """
    if count.denominator == 0:
        return None
    if count.numerator == 0:
        return 0
    return SCALES[rule.scale](count, rule.maximum, rounding)


def deciles(count: Count, maximum: int, rounding: str) -> int:
    """A tenth of `maximum` for each tenth of the rate begun: 1-10 % one, 91-100 % ten.

    The numerator is above 0. Above 0 and below 1 percent counts as 1 percent.
    """
    return ROUNDINGS[rounding](count) * maximum // TENTHS


def _round_first(count: Count) -> int:
    return _up(max(1, whole_percent(count)), TENTHS)


def _ceiling(count: Count) -> int:
    return _up(TENTHS * count.numerator, count.denominator)


def whole_percent(count: Count) -> int:
    """The rate in whole percent, halves up: 10.5 % is 11, 10.4 % is 10."""
    return (200 * count.numerator + count.denominator) // (2 * count.denominator)


def _up(number: int, by: int) -> int:
    return -(-number // by)


SCALES: Mapping[str, Callable[[Count, int, str], int]] = {"deciles": deciles}
ROUNDINGS: Mapping[str, Callable[[Count], int]] = {
    "round_first": _round_first,
    "ceiling": _ceiling,
}
