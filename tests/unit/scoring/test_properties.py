"""What must hold of every threshold and objective, whatever the numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wellpost.rules.load import program_year, programs
from wellpost.rules.thresholds import AttestedYes, Threshold
from wellpost.scoring.verdict import Verdict, judge, judge_objective
from wellpost.terms import Count, Level, Measure, Reporter

WHO = Reporter(Level.CLINICIAN, npi="1234567893")
THRESHOLDS = sorted(
    {
        rule.threshold
        for program in programs().values()
        for year in program.years
        for rule in program.in_year(year).measures
        if not isinstance(rule.threshold, AttestedYes)
    },
    key=repr,
)
VERDICTS = [Verdict.MET, Verdict.NOT_MET, Verdict.EXCLUDED, Verdict.NOT_COMPUTABLE]
GOODNESS = {
    Verdict.INCOMPLETE: 0,
    Verdict.NOT_MET: 1,
    Verdict.NOT_COMPUTABLE: 2,
    Verdict.MET: 3,
    Verdict.EXCLUDED: 3,
}
OBJECTIVE = program_year("stage-3", 2021).objective
MEASURES = list(OBJECTIVE.value.measures) if OBJECTIVE else []


def count(numerator: int, denominator: int) -> Count:
    return Count(Measure.SECURE_MESSAGING, WHO, denominator, numerator)


@given(st.sampled_from(THRESHOLDS), st.integers(1, 2000), st.integers(0, 1999))
def test_one_more_patient_never_unmakes_a_verdict(threshold: Threshold, seen: int, reached: int):
    reached = min(reached, seen - 1)
    before, after = (
        judge(count(reached, seen), threshold),
        judge(count(reached + 1, seen), threshold),
    )
    assert GOODNESS[before.verdict] <= GOODNESS[after.verdict]
    if before.needed is not None:
        assert after.needed == max(0, before.needed - 1)


@given(st.sampled_from(THRESHOLDS), st.integers(1, 2000), st.integers(0, 2000))
def test_as_many_as_are_needed_meet_it_and_one_fewer_does_not(threshold, seen, reached):
    reached = min(reached, seen)
    needed = judge(count(reached, seen), threshold).needed
    if needed is None:
        assert judge(count(seen, seen), threshold).verdict is Verdict.NOT_MET
        return
    assert judge(count(reached + needed, seen), threshold).verdict is Verdict.MET
    if needed:
        assert judge(count(reached + needed - 1, seen), threshold).verdict is Verdict.NOT_MET


@given(st.lists(st.sampled_from(VERDICTS), min_size=3, max_size=3), st.permutations(range(3)))
def test_an_objective_does_not_depend_on_the_order_of_its_measures(verdicts, places):
    assert OBJECTIVE is not None
    told = dict(zip(MEASURES, verdicts, strict=True))
    moved = {MEASURES[place]: told[MEASURES[place]] for place in places}
    assert judge_objective(OBJECTIVE.value, told) == judge_objective(OBJECTIVE.value, moved)


@given(st.lists(st.sampled_from(VERDICTS), min_size=3, max_size=3), st.integers(0, 2))
def test_a_measure_that_becomes_met_never_worsens_the_objective(verdicts, place):
    assert OBJECTIVE is not None
    told = dict(zip(MEASURES, verdicts, strict=True))
    if told[MEASURES[place]] is Verdict.EXCLUDED:
        return
    better = {**told, MEASURES[place]: Verdict.MET}
    before = judge_objective(OBJECTIVE.value, told)
    after = judge_objective(OBJECTIVE.value, better)
    assert GOODNESS[before.verdict] <= GOODNESS[after.verdict]
    assert before.met <= after.met
    assert after.met + after.excluded <= 3
    assert after.required <= 2
