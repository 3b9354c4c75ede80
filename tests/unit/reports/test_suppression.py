"""Small cells: what somebody who holds the shown rows against each other can work out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellpost.errors import RequestError
from wellpost.reports.request import ask
from wellpost.reports.results import Result
from wellpost.reports.scorecard import ObjectiveResult, Scorecard
from wellpost.reports.suppression import possible_numerators, suppressed, what_is_hidden
from wellpost.rules.load import program_year
from wellpost.scoring.verdict import judge, judge_objective
from wellpost.terms import Count, Level, Measure, Period, Reporter

RULES = program_year("stage-3", 2021, None)
RULE = RULES.measure("secure-messaging")
LEVELS = (Level.GROUP, Level.PRACTICE_CLINICIAN)
REQUEST = ask(
    "stage-3", 2021, Period(date(2021, 6, 1), date(2021, 8, 29)), levels=LEVELS,
    measures=["secure-messaging"],
)  # fmt: skip
GROUP = Reporter(Level.GROUP, tin="T")
Pair = tuple[int, int]


def clinician(number: int) -> Reporter:
    return Reporter(Level.PRACTICE_CLINICIAN, tin="T", npi=f"N{number}")


def result(who: Reporter, numerator: int, denominator: int) -> Result:
    count = Count(Measure.SECURE_MESSAGING, who, denominator, numerator)
    return Result(RULE, count, judge(count, RULE.threshold))


def family(group: Pair, *clinicians: Pair) -> list[Result]:
    parts = [result(clinician(number), *one) for number, one in enumerate(clinicians)]
    return [result(GROUP, *group), *parts]


def shown(results: Sequence[Result], least: int = 11) -> list[dict[str, Any]]:
    whole: Any = suppressed(Scorecard(REQUEST, tuple(results)), least)
    rows: list[dict[str, Any]] = whole["results"]
    return rows


def pairs(rows: Sequence[dict[str, Any]]) -> list[tuple[Any, Any]]:
    return [(row["numerator"], row["denominator"]) for row in rows]


@pytest.mark.parametrize(
    ("numerator", "denominator", "hidden"),
    [
        (11, 22, []),
        (0, 11, []),
        (11, 11, []),
        (0, 0, []),
        (10, 200, ["numerator", "rate", "needed"]),  # 11 are needed: not met, whichever it is
        (10, 100, ["numerator", "rate", "needed", "verdict"]),
        (1, 300, ["numerator", "rate", "needed"]),
        (11, 21, ["numerator", "rate", "needed", "verdict"]),  # ten are not in it
        (90, 100, ["numerator", "rate", "needed"]),  # met, whichever it is
        (0, 10, ["denominator", "numerator", "rate", "needed", "verdict"]),
    ],
)
def test_what_a_row_hides_for_itself(numerator: int, denominator: int, hidden: list[str]) -> None:
    (row,) = shown([result(GROUP, numerator, denominator)])
    assert row["hidden"] == hidden
    assert all(row[name] is None for name in hidden)


@given(st.integers(11, 400).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))))
def test_a_row_is_the_same_whichever_hidden_number_stands_behind_it(count: Pair) -> None:
    possible = possible_numerators(Count(Measure.SECURE_MESSAGING, GROUP, count[1], count[0]), 11)
    told = [shown([result(GROUP, each, count[1])]) for each in possible or ()]
    assert all(one == told[0] for one in told)
    assert possible is None or (len(possible) >= 10 and count[0] in possible)


def test_a_practice_hides_its_total_when_the_one_hidden_clinician_would_be_the_rest() -> None:
    rows = shown(family((60, 190), (50, 100), (10, 90)))
    assert pairs(rows) == [(None, None), (50, 100), (None, 90)]


def test_a_practice_keeps_its_total_when_the_hidden_number_could_be_any() -> None:
    rows = shown(family((50, 150), (50, 100), (10, 90)))
    assert pairs(rows) == [(50, 150), (50, 100), (None, 90)]


def test_of_a_hidden_denominator_the_total_says_nothing() -> None:
    rows = shown(family((20, 109), (20, 100), (0, 9)))
    assert pairs(rows) == [(None, None), (20, 100), (None, None)]


def test_a_clinicians_number_does_not_tell_that_of_the_practice() -> None:
    """With five not reached, the practice's numerator is one from 20 to 29."""
    rows = shown(family((25, 30), (19, 30), (12, 12)))
    assert pairs(rows) == [(None, 30), (19, 30), (12, 12)]
    rows = shown(family((25, 30), (22, 22), (0, 12)))
    assert pairs(rows) == [(None, None), (None, None), (None, None)]


def test_objectives_and_points_of_hidden_rows_are_hidden_and_checks_left_out() -> None:
    results = [result(GROUP, 3, 100)]
    assert RULES.objective
    verdicts = {each.rule.measure: each.judgement.verdict for each in results}
    objective = ObjectiveResult(GROUP, judge_objective(RULES.objective.value, verdicts))
    whole: Any = suppressed(Scorecard(REQUEST, tuple(results), (objective,)), 11)
    assert whole["objectives"][0]["verdict"] is None and whole["objectives"][0]["met"] is None
    assert "checks" not in whole and whole["suppressed_below"] == 11


def test_levels_that_would_tell_on_each_other_are_refused() -> None:
    request = replace(REQUEST, levels=(Level.CLINICIAN, Level.GROUP))
    with pytest.raises(RequestError, match="one level is shown, or practice-clinician with group"):
        suppressed(Scorecard(request, ()), 11)


SMALL = 3
"""For trying out everything a reader can, cells below 3 are hidden: 1 and 2."""


@st.composite
def practices(draw: st.DrawFn) -> list[Result]:
    """A practice of two or three clinicians and up to nine patients, some seen by several."""
    clinicians = draw(st.integers(2, 3))
    every = [part for part in product((False, True), repeat=clinicians) if any(part)]
    seen = draw(st.lists(st.sampled_from(every), max_size=9))
    reached = [draw(st.sets(st.sampled_from([n for n, s in enumerate(one) if s]))) for one in seen]
    parts = [
        (sum(n in one for one in reached), sum(one[n] for one in seen)) for n in range(clinicians)
    ]
    return family((sum(map(bool, reached)), len(seen)), *parts)


def behind(row: dict[str, Any], told: Count, own: bool) -> Iterator[Pair]:
    """Every (numerator, denominator) that may stand behind a row, from the row alone."""
    if not row["hidden"]:
        yield told.numerator, told.denominator
    elif row["denominator"] is not None:
        yield from ((n, told.denominator) for n in possible_numerators(told, SMALL) or ())
    elif own:
        yield from ((n, d) for d in range(1, SMALL) for n in range(d + 1))
    else:
        yield from ((n, d) for d in range(13) for n in range(d + 1))


def fits(group: Pair, parts: Sequence[Pair]) -> bool:
    """Whether a union of sets of these sizes can have this size."""
    numerators, denominators = zip(*parts, strict=True)
    rests = [d - n for n, d in parts]
    return (
        max(numerators) <= group[0] <= sum(numerators)
        and max(denominators) <= group[1] <= sum(denominators)
        and group[1] - group[0] <= sum(rests)
    )


@settings(max_examples=60, deadline=None)
@given(practices())
def test_nobody_can_work_out_a_hidden_number(results: list[Result]) -> None:
    """Every assignment of numbers is tried: each that may stand behind a row still can."""
    rows = shown(results, SMALL)
    small = [0 < one.count.denominator < SMALL for one in results]
    choices = [
        list(behind(row, one.count, own))
        for row, one, own in zip(rows, results, small, strict=True)
    ]
    if max(map(len, choices)) > 50 and sum(len(each) > 50 for each in choices) > 2:
        choices = [each[:: 1 + len(each) // 40] if len(each) > 50 else each for each in choices]
    possible = [every for every in product(*choices) if fits(every[0], every[1:])]
    for place, (row, one) in enumerate(zip(rows, results, strict=True)):
        kept = possible_numerators(one.count, SMALL)
        if kept and row["denominator"] is not None:
            assert {every[place][0] for every in possible} == set(kept), rows
        if small[place]:
            assert {every[place][1] for every in possible} == set(range(1, SMALL)), rows


def test_hidden_is_told_by_row() -> None:
    found = what_is_hidden(family((60, 190), (50, 100), (10, 90)), 11)
    assert [one.is_all for one in found.values()] == [True, False, False]
