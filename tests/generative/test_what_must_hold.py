"""What must hold of every count, whatever the facts: groups, order, and periods that are split."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.generative.facts import ASKED_POLICIES, facts
from tests.reference.plain import Facts
from tests.worlds import databases
from tests.worlds.databases import Database
from wellpost.engine.counts import counts
from wellpost.engine.question import Question
from wellpost.facts.source import Source
from wellpost.terms import Count, Level, Measure, Period

YEAR = Period.of_year(2021)
MEASURES = st.sampled_from(list(Measure))
LEVELS = st.sampled_from(list(Level))


@pytest.fixture(scope="module")
def database() -> Database:
    """One engine is enough: that all agree is tried elsewhere."""
    return databases.duck()


def counted(
    source: Source, measure: Measure, level: Level, policies: Any, period: Period = YEAR
) -> list[Count]:
    return counts(source, Question(measure, level, period, YEAR, policies))


@given(told=facts(), policies=ASKED_POLICIES, measure=MEASURES, level=LEVELS, seed=st.integers())
def test_the_order_of_rows_and_clinicians_does_not_matter(
    database: Database, told: Facts, policies: Any, measure: Measure, level: Level, seed: int
) -> None:
    before = counted(database.hold(told), measure, level, policies)
    shuffled = {name: random.Random(seed).sample(rows, len(rows)) for name, rows in told.items()}
    assert counted(database.hold(shuffled), measure, level, policies) == before


@given(told=facts(), policies=ASKED_POLICIES, measure=MEASURES)
def test_a_group_never_counts_a_patient_twice(
    database: Database, told: Facts, policies: Any, measure: Measure
) -> None:
    source = database.hold(told)
    own = counted(source, measure, Level.PRACTICE_CLINICIAN, policies)
    for group in counted(source, measure, Level.GROUP, policies):
        theirs = [one for one in own if one.reporter.tin == group.reporter.tin]
        patients = {one["patient_id"] for one in told["encounters"]}
        assert group.numerator <= group.denominator <= len(patients)
        for part in ("denominator", "numerator"):
            each = [getattr(one, part) for one in theirs]
            assert max(each, default=0) <= getattr(group, part) <= sum(each)


@given(
    told=facts(), policies=ASKED_POLICIES, measure=MEASURES, level=LEVELS, day=st.integers(0, 363)
)
def test_a_period_that_is_split_counts_no_more_than_its_encounters(
    database: Database, told: Facts, policies: Any, measure: Measure, level: Level, day: int
) -> None:
    source = database.hold(told)
    cut = YEAR.start + timedelta(days=day)
    parts = [Period(YEAR.start, cut), Period(cut + timedelta(days=1), YEAR.end)]
    seen = [date.fromisoformat(one["seen_on"]) for one in told["encounters"]]
    inside = sum(YEAR.start <= each <= YEAR.end for each in seen)
    split: dict[Any, int] = {}
    for part in parts:
        for one in counted(source, measure, level, policies, part):
            split[one.reporter] = split.get(one.reporter, 0) + one.denominator
    for whole in counted(source, measure, level, policies):
        assert whole.denominator <= split[whole.reporter] <= inside


@given(told=facts(), policies=ASKED_POLICIES, measure=MEASURES, level=LEVELS)
def test_the_numerator_is_a_subset_of_the_denominator(
    database: Database, told: Facts, policies: Any, measure: Measure, level: Level
) -> None:
    for one in counted(database.hold(told), measure, level, policies):
        assert 0 <= one.numerator <= one.denominator
