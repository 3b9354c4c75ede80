"""A question is complete or refused; its query is made once."""

from datetime import date

import pytest

from wellpost.engine.needs import needs
from wellpost.engine.question import Question
from wellpost.errors import RequestError
from wellpost.terms import Level, Measure, Period

POLICIES = {
    "staff_messages": "on_behalf_of_clinician",
    "automated_messages": "do_not_count",
    "copied_patients": "count",
    "unreachable_patients": "count_when_available",
    "seen": "any_encounter",
}


def question(
    measure: Measure = Measure.SECURE_MESSAGING, level: Level = Level.CLINICIAN, **policies: str
) -> Question:
    year = Period.of_year(2021)
    return Question(
        measure, level, Period(date(2021, 6, 1), date(2021, 8, 29)), year, {**POLICIES, **policies}
    )


def test_a_word_that_is_not_on_the_list_is_refused() -> None:
    sentence = (
        "policy staff-messages is everyone; it must be one of author_only, "
        "on_behalf_of_clinician, any_in_practice."
    )
    with pytest.raises(RequestError, match=sentence):
        question(staff_messages="everyone")


def test_a_policy_left_out_is_refused() -> None:
    period = Period.of_year(2021)
    with pytest.raises(RequestError, match="policy staff-messages is not given"):
        Question(Measure.SECURE_MESSAGING, Level.GROUP, period, period, {})


def test_other_policies_are_ignored() -> None:
    assert question(numerator_window="period").shape == question().shape


def test_only_what_the_policies_in_force_ask_is_needed() -> None:
    asked = needs(question())
    assert asked["clinicians"] == {"npi", "tin"}
    assert asked["encounters"] == {"encounter_id", "patient_id", "npi", "tin", "seen_on"}
    assert "tin" not in asked["messages"] and "available_on" in asked["messages"]
    assert "tin" in needs(question(staff_messages="any_in_practice"))["messages"]
    assert "available_on" not in needs(question(unreachable_patients="count_when_sent"))["messages"]
    assert "kind" in needs(question(seen="visits_only"))["encounters"]


def test_exclusions_and_levels_ask_for_more() -> None:
    asked = needs(question(level=Level.VIRTUAL_GROUP), ["county_without_broadband"])
    assert asked["virtual_groups"] == {"virtual_group", "tin"}
    assert asked["counties"] == {"county", "as_of", "percent_4mbps"}
    assert "county" in asked["encounters"]
