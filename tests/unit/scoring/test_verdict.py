"""Verdicts at each boundary, from both sides, and objectives with every number of exclusions."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellpost.rules.model import ObjectiveRule
from wellpost.rules.thresholds import AtLeastPatients, AttestedYes, MoreThanPercent, Threshold
from wellpost.scoring.verdict import Judgement, Verdict, judge, judge_objective
from wellpost.terms import Count, Level, Measure, Reporter

MORE_THAN_5 = MoreThanPercent(5)
ONE_PATIENT = AtLeastPatients(1)
THREE = (
    Measure.VIEW_DOWNLOAD_TRANSMIT,
    Measure.SECURE_MESSAGING,
    Measure.PATIENT_GENERATED_DATA,
)
TWO_OF_THREE = ObjectiveRule("coordination_of_care", 2, THREE)
MET, NOT_MET, EXCLUDED = Verdict.MET, Verdict.NOT_MET, Verdict.EXCLUDED
UNKNOWN, INCOMPLETE = Verdict.NOT_COMPUTABLE, Verdict.INCOMPLETE


def of(numerator: int, denominator: int) -> Count:
    reporter = Reporter(Level.CLINICIAN, npi="1234567893")
    return Count(Measure.SECURE_MESSAGING, reporter, denominator, numerator)


@pytest.mark.parametrize(
    ("numerator", "denominator", "verdict", "needed"),
    [
        (5, 100, NOT_MET, 1),
        (6, 100, MET, 0),
        (1, 20, NOT_MET, 1),
        (1, 19, MET, 0),
        (0, 100, NOT_MET, 6),
        (0, 1, NOT_MET, 1),
        (1, 1, MET, 0),
        (0, 19, NOT_MET, 1),
        (0, 20, NOT_MET, 2),
        (50, 1000, NOT_MET, 1),
        (51, 1000, MET, 0),
        (50_000_000_000_000_000, 10**18, NOT_MET, 1),
        (50_000_000_000_000_001, 10**18, MET, 0),
    ],
)
def test_more_than_5_percent_is_strict(numerator, denominator, verdict, needed):
    assert judge(of(numerator, denominator), MORE_THAN_5) == Judgement(verdict, needed)


@pytest.mark.parametrize(
    ("numerator", "denominator", "verdict", "needed"),
    [(0, 100, NOT_MET, 1), (1, 100, MET, 0), (1, 1, MET, 0)],
)
def test_at_least_one_patient(numerator, denominator, verdict, needed):
    assert judge(of(numerator, denominator), ONE_PATIENT) == Judgement(verdict, needed)


@pytest.mark.parametrize("threshold", [MORE_THAN_5, ONE_PATIENT])
def test_a_denominator_of_0_has_no_rate_and_no_verdict(threshold: Threshold):
    assert judge(of(0, 0), threshold) == Judgement(UNKNOWN, None)


def test_an_exclusion_goes_before_the_count():
    assert judge(of(6, 100), MORE_THAN_5, excluded=True) == Judgement(EXCLUDED, None)
    assert judge(of(0, 0), MORE_THAN_5, excluded=True) == Judgement(EXCLUDED, None)


def test_a_yes_is_not_judged_by_a_count():
    assert judge(of(6, 100), AttestedYes()) == Judgement(Verdict.NOT_APPLICABLE, None)


def test_what_no_number_of_patients_reaches_needs_nothing_sayable():
    assert judge(of(1, 2), AtLeastPatients(3)) == Judgement(NOT_MET, None)


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 99))
def test_needed_is_the_smallest_number_that_meets_it(denominator, numerator, percent):
    numerator = min(numerator, denominator)
    threshold = MoreThanPercent(percent)
    needed = judge(of(numerator, denominator), threshold).needed
    assert needed is not None
    assert threshold.met(of(numerator + needed, denominator))
    assert needed == 0 or not threshold.met(of(numerator + needed - 1, denominator))


@pytest.mark.parametrize(
    ("verdicts", "expected", "required"),
    [
        ((MET, MET, NOT_MET), MET, 2),
        ((MET, NOT_MET, NOT_MET), NOT_MET, 2),
        ((NOT_MET, NOT_MET, NOT_MET), NOT_MET, 2),
        ((MET, MET, MET), MET, 2),
        ((EXCLUDED, MET, MET), MET, 2),
        ((EXCLUDED, MET, NOT_MET), NOT_MET, 2),
        ((EXCLUDED, EXCLUDED, MET), MET, 1),
        ((EXCLUDED, EXCLUDED, NOT_MET), NOT_MET, 1),
        ((EXCLUDED, EXCLUDED, EXCLUDED), EXCLUDED, 0),
        ((UNKNOWN, UNKNOWN, UNKNOWN), UNKNOWN, 2),
        ((MET, MET, UNKNOWN), MET, 2),
        ((MET, NOT_MET, UNKNOWN), UNKNOWN, 2),
        ((NOT_MET, NOT_MET, UNKNOWN), NOT_MET, 2),
        ((EXCLUDED, EXCLUDED, UNKNOWN), UNKNOWN, 1),
    ],
)
def test_two_of_three_with_every_number_of_exclusions(verdicts, expected, required):
    found = judge_objective(TWO_OF_THREE, dict(zip(THREE, verdicts, strict=True)))
    assert (found.verdict, found.required) == (expected, required)
    assert found.met == verdicts.count(MET)
    assert found.excluded == verdicts.count(EXCLUDED)


@pytest.mark.parametrize("missing", range(3))
def test_a_measure_not_reported_leaves_the_objective_incomplete(missing: int):
    reported = {measure: MET for place, measure in enumerate(THREE) if place != missing}
    assert judge_objective(TWO_OF_THREE, reported).verdict is INCOMPLETE


def test_reaching_one_more_measure_never_unmakes_an_objective():
    for verdicts in product([MET, NOT_MET, EXCLUDED, UNKNOWN], repeat=2):
        given_two = dict(zip(THREE, verdicts, strict=False))
        if judge_objective(TWO_OF_THREE, {**given_two, THREE[2]: NOT_MET}).verdict is MET:
            assert judge_objective(TWO_OF_THREE, {**given_two, THREE[2]: MET}).verdict is MET
