"""Random facts: several questions in one pass give, on every engine, what each gives alone."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative.engines import Engines
from tests.generative.facts import ASKED_POLICIES, KNOWN_BY, PERIOD, WINDOWS, facts
from tests.generative.test_engines_agree import MEASURES, days, question
from tests.reference.plain import Asked, Facts
from wellpost.engine import together
from wellpost.engine.counts import counts
from wellpost.engine.together import counts_in_one_pass, counts_of_all
from wellpost.terms import Level

pytestmark = pytest.mark.timeout(1800)  # 500 examples in the nightly profile, on a busy machine


@pytest.fixture(scope="module")
def engines(postgresql: str) -> Iterator[Engines]:
    """The databases, open for all examples."""
    opened = Engines(postgresql)
    yield opened
    opened.close()


@settings(max_examples=settings.default.max_examples // 5)  # sixteen questions in each
@given(
    told=facts(),
    policies=ASKED_POLICIES,
    windows=st.tuples(*[WINDOWS] * len(MEASURES)),
    known_by=KNOWN_BY,
)
def test_one_pass_gives_the_same_counts_in_the_same_order(
    engines: Engines, told: Facts, policies: dict[str, str], windows: Any, known_by: str
) -> None:
    """Also where all levels are counted by one grouping, which SQLite does not know."""
    engines.fill(told)
    questions = [
        question(Asked(measure, level, PERIOD, window, policies, known_by))
        for (measure, window), level in product(zip(MEASURES, windows, strict=True), Level)
    ]
    alone = [counts(engines.sources["duckdb"], each) for each in questions]
    for engine, source in engines.sources.items():
        assert counts_in_one_pass(source, questions) == alone, engine
        if engine != "sqlite":
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(together, "READING_ONCE", (source.dialect,))
                assert counts_in_one_pass(source, questions) == alone, engine


def test_questions_about_other_days_or_one_reporter_are_asked_apart(engines: Engines) -> None:
    source, usual = engines.sources["duckdb"], {"known_by": "9999-12-31"}
    seen = {"staff_messages": "author_only", "automated_messages": "count", "seen": "visits_only"}
    words = {**seen, "copied_patients": "count", "unreachable_patients": "count_when_sent"}
    year = ("2021-01-01", "2021-12-31")
    engines.fill({"clinicians": [], "encounters": []})
    questions = [
        question(Asked(MEASURES[0], Level.GROUP, PERIOD, year, words, **usual)),
        question(Asked(MEASURES[1], Level.GROUP, year, year, words, **usual)),
        question(Asked(MEASURES[1], Level.GROUP, PERIOD, year, words, **usual), tin="900000001"),
    ]
    assert counts_of_all(source, questions) == [counts(source, each) for each in questions]
    assert days(year) == questions[1].period
