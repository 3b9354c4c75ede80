"""Random facts, random policies: every engine gives what the plain reading gives."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative.engines import Engines
from tests.generative.facts import ASKED_POLICIES, KNOWN_BY, PERIOD, WINDOWS, facts
from tests.reference.plain import Asked, Facts, patients
from wellpost.engine.counts import counts
from wellpost.engine.evidence import considered
from wellpost.engine.membership import membership
from wellpost.engine.question import Question
from wellpost.facts.checks import check
from wellpost.terms import Level, Measure, Period, Reporter

pytestmark = pytest.mark.timeout(1800)  # 500 examples in the nightly profile, on a busy machine

MEASURES = (
    Measure.SECURE_MESSAGING,
    Measure.VIEW_DOWNLOAD_TRANSMIT,
    Measure.PATIENT_GENERATED_DATA,
    Measure.PATIENT_ACCESS,
)


@pytest.fixture(scope="module")
def engines(postgresql: str) -> Iterator[Engines]:
    """The three databases, open for all examples."""
    opened = Engines(postgresql)
    yield opened
    opened.close()


def days(text: tuple[str, str]) -> Period:
    return Period(date.fromisoformat(text[0]), date.fromisoformat(text[1]))


def question(asked: Asked, **narrow: str | None) -> Question:
    return Question(
        Measure(asked.measure),
        Level(asked.level),
        days(asked.period),
        days(asked.window),
        asked.policies,
        known_by=date.fromisoformat(asked.known_by),
        **narrow,
    )


def named(reporter: Reporter) -> tuple[str, ...]:
    parts = (reporter.tin, reporter.npi, reporter.virtual_group)
    return tuple(part for part in parts if part)


@pytest.mark.parametrize("measure", MEASURES)
@given(told=facts(), policies=ASKED_POLICIES, window=WINDOWS, known_by=KNOWN_BY)
def test_counts_at_every_level(
    engines: Engines,
    measure: Measure,
    told: Facts,
    policies: dict[str, str],
    window: Any,
    known_by: str,
) -> None:
    engines.fill(told)
    for level in Level:
        asked = Asked(measure, level, PERIOD, window, policies, known_by)
        plain = {
            who: (len(one.reached), len(one.seen)) for who, one in patients(told, asked).items()
        }
        for engine, source in engines.sources.items():
            found = counts(source, question(asked))
            got = {named(one.reporter): (one.numerator, one.denominator) for one in found}
            assert got == plain, engine
            assert len(found) == len(got)


@pytest.mark.parametrize("measure", MEASURES)
@given(told=facts(), policies=ASKED_POLICIES, window=WINDOWS, level=st.sampled_from(list(Level)))
def test_membership_and_the_day_of_the_first_act(
    engines: Engines,
    measure: Measure,
    told: Facts,
    policies: dict[str, str],
    window: Any,
    level: Level,
) -> None:
    engines.fill(told)
    asked = Asked(measure, level, PERIOD, window, policies)
    plain = [
        (who, patient, one.reached.get(patient))
        for who, one in sorted(patients(told, asked).items())
        for patient in sorted(one.seen)
    ]
    answers = {
        name: list(membership(one, question(asked))) for name, one in engines.sources.items()
    }
    for engine, found in answers.items():
        got = [
            (named(one.reporter), one.patient_id, one.acted_on and one.acted_on.isoformat())
            for one in found
        ]
        assert got == plain, engine
        assert found == answers["duckdb"], engine


@given(told=facts(), policies=ASKED_POLICIES, window=WINDOWS, measure=st.sampled_from(MEASURES))
def test_what_is_considered_explains_membership(
    engines: Engines, told: Facts, policies: dict[str, str], window: Any, measure: Measure
) -> None:
    engines.fill(told)
    for level in (Level.CLINICIAN, Level.PRACTICE_CLINICIAN, Level.GROUP):
        asked = Asked(measure, level, PERIOD, window, policies)
        for engine, source in engines.sources.items():
            for member in list(membership(source, question(asked))):
                who = {"npi": member.reporter.npi, "tin": member.reporter.tin}
                every = considered(source, question(asked, patient_id=member.patient_id, **who))
                acts = [one for one in every if one.counts and one.what != "encounter"]
                seen = [one for one in every if one.counts and one.what == "encounter"]
                assert bool(acts) == member.in_numerator, (engine, level, every)
                assert seen, (engine, level, every)


@settings(max_examples=10)
@given(told=facts())
def test_the_check_finds_nothing_wrong_with_right_facts(engines: Engines, told: Facts) -> None:
    engines.fill(told)
    for source in engines.sources.values():
        asked = ("encounters", "messages", "portal_actions", "patient_data", "access_grants")
        report = check(source, asked)
        assert report.rows["messages"] == len(told["messages"])
        assert report.left_out == []
