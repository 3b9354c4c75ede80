"""Each measure's file can be read by an auditor, and holds what the engine asks of it."""

from itertools import product

import pytest
from sqlglot import exp

from tests.unit.engine.test_question import POLICIES
from wellpost.measures.load import considered, counting, text
from wellpost.measures.policies import POLICIES as KNOWN

MEASURES = ["secure_messaging", "view_download_transmit", "patient_generated_data"]
FILES = [*MEASURES, "denominator", "exclusions/no_office_visits"]
EVERY = [dict(zip(KNOWN, words, strict=True)) for words in product(*KNOWN.values())]


@pytest.mark.parametrize("name", [*FILES, "exclusions/county_without_broadband"])
def test_a_file_opens_with_what_it_counts_and_its_citation(name: str) -> None:
    head = text(name).split("SELECT")[0]
    assert head.startswith("-- ") and "42 CFR 495.24" in head
    assert len(text(name).splitlines()) <= 60


@pytest.mark.parametrize("name", MEASURES)
def test_a_numerator_gives_acts(name: str) -> None:
    assert considered(name, POLICIES).named_selects == [
        "patient_id",
        "npi",
        "counted_on",
        "happened_on",
        "act",
        "act_id",
        "because",
    ]


@pytest.mark.parametrize("name", [*MEASURES, "denominator"])
def test_no_policy_is_left_open_and_no_day_is_written(name: str) -> None:
    for policies in EVERY:
        query = counting(name, policies)
        assert list(query.find_all(exp.Placeholder)) == []
        assert "20" not in query.sql(comments=False)


def test_policies_change_the_query() -> None:
    queries = {counting("secure_messaging", policies).sql() for policies in EVERY}
    assert len(queries) == 3 * 2 * 2 * 3


def test_what_is_given_out_may_be_changed_without_harm() -> None:
    counting("denominator", POLICIES).where("FALSE", copy=False)
    assert "FALSE" not in counting("denominator", POLICIES).sql()
