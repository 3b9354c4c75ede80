"""How large a discrepancy is, so that they can be ranked; how far a count is from its threshold.

The size is a yardstick for sorting, not a test: what was attested and what the facts give are no
two samples, they should be the same. But 2 percent of 40 patients is one patient, and 2 percent of
4,000 are eighty; in units of the standard error the second is ten times the first.
"""

from __future__ import annotations

from decimal import Decimal
from math import sqrt

from wellpost.rules.thresholds import AtLeastPatients, MoreThanPercent, Threshold
from wellpost.terms import Count


def size(share: Decimal | None, denominator: int | None, found: Count) -> float:
    """The larger of two: how far the rates, and how far the denominators, are apart.

    `share` and `denominator` are what was attested; a rate without a denominator is taken to be of
    that of the facts. Two decimals.
    """
    attested = found.denominator if denominator is None else denominator
    rates = 0.0 if share is None else _of_rates(float(share), attested, found)
    return round(max(rates, _of_denominators(attested, found.denominator)), 2)


def margin(count: Count, threshold: Threshold) -> int | None:
    """By how many patients the numerator is above (or, negative, below) the least that meets it.

    0 is just met, -1 one patient short. None where no count meets the threshold.
    """
    if isinstance(threshold, MoreThanPercent):
        return count.numerator - (threshold.percent * count.denominator // 100 + 1)
    if isinstance(threshold, AtLeastPatients):
        return count.numerator - threshold.patients
    return None


def _of_rates(share: float, denominator: int, found: Count) -> float:
    """The difference of two proportions over its standard error, the variance pooled."""
    if not denominator or not found.denominator:
        return 0.0
    pooled = (share * denominator + found.numerator) / (denominator + found.denominator)
    variance = pooled * (1 - pooled) * (1 / denominator + 1 / found.denominator)
    if variance <= 0:
        return 0.0
    return abs(share - found.numerator / found.denominator) / sqrt(variance)


def _of_denominators(attested: int, found: int) -> float:
    """The difference of two counts over the Poisson standard deviation of that of the facts."""
    return abs(attested - found) / sqrt(max(found, 1))
