"""Rate to points: each tenth begun, rates between tenths by policy, never above the most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellpost.rules.model import PointsRule
from wellpost.scoring.points import points, whole_percent
from wellpost.terms import Count, Level, Measure, Reporter

TEN, TWENTY = PointsRule("deciles", 10), PointsRule("deciles", 20)
ROUNDINGS = ["round_first", "ceiling"]


def of(numerator: int, denominator: int) -> Count:
    reporter = Reporter(Level.GROUP, tin="123456789")
    return Count(Measure.SECURE_MESSAGING, reporter, denominator, numerator)


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize(
    ("percent", "expected"),
    [(0, 0), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3), (50, 5), (90, 9), (91, 10), (100, 10)],
)
def test_each_tenth_begun_is_a_point(percent: int, expected: int, rounding: str):
    assert points(of(percent, 100), TEN, rounding=rounding) == expected
    assert points(of(percent, 100), TWENTY, rounding=rounding) == 2 * expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "round_first", "ceiling"),
    [
        (102, 1000, 1, 2),
        (104, 1000, 1, 2),
        (105, 1000, 2, 2),
        (1, 1000, 1, 1),
        (1, 100_000, 1, 1),
        (904, 1000, 9, 10),
        (905, 1000, 10, 10),
        (999, 1000, 10, 10),
    ],
)
def test_a_rate_between_two_tenths(numerator, denominator, round_first, ceiling):
    count = of(numerator, denominator)
    assert points(count, TEN, rounding="round_first") == round_first
    assert points(count, TEN, rounding="ceiling") == ceiling


def test_the_checks_of_the_official_examples():
    assert points(of(47, 100), TWENTY, rounding="round_first") == 10
    assert points(of(2, 100), TWENTY, rounding="round_first") == 2


@pytest.mark.parametrize(
    ("numerator", "denominator", "most", "expected"),
    [
        (861, 1809, 40, 19),
        (49, 115, 10, 4),
        (1123, 1951, 20, 12),
        (923, 951, 20, 19),
        (0, 100, 40, 0),
        (1, 1000, 40, 1),  # at least 1 for a numerator of at least 1
        (1, 80, 40, 1),  # half a point is rounded up
        (3, 80, 40, 2),
        (37, 1000, 40, 1),
        (38, 1000, 40, 2),
        (100, 100, 25, 25),
        (1, 2, 25, 13),
    ],
)
def test_from_2019_the_rate_times_the_most_rounded_half_up(numerator, denominator, most, expected):
    rule = PointsRule("proportional", most)
    assert points(of(numerator, denominator), rule, rounding="round_first") == expected


def test_a_flat_bonus_is_whole_or_nothing():
    rule = PointsRule("flat", 5)
    assert points(of(1, 100), rule, rounding="round_first") == 5
    assert points(of(0, 100), rule, rounding="round_first") == 0


def test_no_denominator_no_points():
    assert points(of(0, 0), TEN, rounding="round_first") is None


@pytest.mark.parametrize(("numerator", "percent"), [(104, 10), (105, 11), (4, 0), (5, 1)])
def test_halves_are_rounded_up(numerator: int, percent: int):
    assert whole_percent(of(numerator, 1000)) == percent


RULES = [TEN, TWENTY, PointsRule("proportional", 40), PointsRule("proportional", 25)]


@given(
    st.integers(1, 5000),
    st.integers(0, 5000),
    st.sampled_from(ROUNDINGS),
    st.sampled_from(RULES),
)
def test_points_grow_with_the_numerator_and_stay_within_the_most(
    denominator, numerator, rounding, rule
):
    numerator = min(numerator, denominator - 1)
    fewer = points(of(numerator, denominator), rule, rounding=rounding)
    more = points(of(numerator + 1, denominator), rule, rounding=rounding)
    assert fewer is not None
    assert more is not None
    assert 0 <= fewer <= more <= rule.maximum
    assert more >= 1
