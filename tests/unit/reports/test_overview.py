"""What a page shows of many reporters: bins on the right side of the threshold, who is near."""

from __future__ import annotations

from typing import Any

import pytest

from wellpost.reports.overview import near, spread, tally
from wellpost.rules.thresholds import AtLeastPatients, MoreThanPercent, Threshold
from wellpost.scoring.verdict import judge
from wellpost.terms import Count, Level, Measure, Reporter

FIVE = MoreThanPercent(5)


def row(numerator: int, denominator: int, threshold: Threshold = FIVE) -> dict[str, Any]:
    count = Count(Measure.SECURE_MESSAGING, Reporter(Level.GROUP), denominator, numerator)
    return {
        "npi": None,
        "tin": f"{numerator}/{denominator}",
        "numerator": numerator,
        "denominator": denominator,
        "rate": numerator / denominator if denominator else None,
        "verdict": judge(count, threshold).verdict.value,
    }


HIDDEN = {**row(3, 100), "numerator": None, "rate": None, "verdict": None, "hidden": ["numerator"]}


def bins(*rows: dict[str, Any], threshold: Threshold = FIVE) -> list[tuple[str, int, str]]:
    return [(one.text, one.reporters, one.side) for one in spread(rows, threshold).bins]


def test_five_of_a_hundred_is_left_of_the_threshold_and_one_more_right_of_it() -> None:
    found = bins(row(5, 100), row(501, 10_000), row(6, 100))
    assert found[5:] == [("above 4 to 5 %", 1, "not_met"), ("above 5 to 6 %", 2, "met")]
    assert sum(number for _, number, _ in found) == 3


def test_nobody_reached_has_a_bin_of_their_own() -> None:
    none, some = bins(row(0, 50), row(1, 100))[:2]
    assert none == ("0 %", 1, "not_met") and some == ("above 0 to 1 %", 1, "not_met")


def test_wide_rates_get_wide_bins_and_the_threshold_still_begins_one() -> None:
    found = bins(row(0, 10), row(10, 10), row(5, 100), row(6, 100))
    assert len(found) == 21
    assert found[1] == ("above 0 to 5 %", 1, "not_met") and found[2][2] == "met"


def test_a_threshold_of_patients_has_no_side() -> None:
    one = AtLeastPatients(1)
    found = bins(row(0, 10, one), row(1, 100, one), threshold=one)
    assert found == [("0 %", 1, ""), ("above 0 to 1 %", 1, "")]


def test_those_without_a_rate_and_the_hidden_are_counted_apart() -> None:
    found = spread([row(0, 0), HIDDEN, row(1, 10)], FIVE)
    assert (found.without, found.hidden, sum(one.reporters for one in found.bins)) == (1, 1, 1)


def test_the_nearest_first_and_none_further_than_five_patients() -> None:
    rows = [row(0, 100), row(1, 100), row(5, 100), row(6, 100), row(10, 100), row(11, 100), HIDDEN]
    assert [(margin, one["tin"]) for margin, one in near(rows, FIVE)] == [
        (0, "6/100"),
        (-1, "5/100"),
        (4, "10/100"),
        (-5, "1/100"),
    ]


@pytest.mark.parametrize("rows", [[], [row(0, 0)], [HIDDEN]])
def test_without_rates_there_is_nothing_to_draw(rows: list[dict[str, Any]]) -> None:
    assert near(rows, FIVE) == []
    assert sum(one.reporters for one in spread(rows, FIVE).bins) == 0


def test_verdicts_are_counted_as_they_are_shown() -> None:
    assert tally([row(0, 0), HIDDEN, row(1, 10), row(1, 10)]) == {
        "hidden": 1,
        "met": 2,
        "not_computable": 1,
    }
