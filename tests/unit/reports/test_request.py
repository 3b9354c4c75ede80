"""A request is checked once; a policy given goes before the measure's and the program's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from wellpost.errors import RequestError
from wellpost.measures.policies import POLICIES
from wellpost.reports.request import Request, ask
from wellpost.rules.dated import Dated
from wellpost.rules.policies import policies
from wellpost.terms import Level, Measure, Period, Window

SUMMER = Period(date(2021, 6, 1), date(2021, 8, 29))
YEAR = Period.of_year(2021)


def stage_3(**asked: Any) -> Request:
    return ask("stage-3", 2021, SUMMER, **asked)


def settled(**values: str) -> Dated[dict[str, str]]:
    return Dated(values, date(2021, 1, 1), None, "a citation", "its words", "rules/x.yaml:1")


def test_the_engine_and_the_rules_know_the_same_policies_and_values():
    counting = {n: tuple(p.values) for n, p in policies().items() if p.decides == "counting"}
    assert counting == {name: tuple(words) for name, words in POLICIES.items()}


def test_a_policy_given_goes_before_the_measure_the_program_and_the_default():
    request = stage_3()
    rule = request.rules.measure("secure-messaging")
    assert request.policy("copied_patients", rule) == "count"
    program = replace(request.rules, settled=settled(copied_patients="do_not_count"))
    assert replace(request, rules=program).policy("copied_patients", rule) == "do_not_count"
    of_measure = replace(rule, settled=settled(copied_patients="count"))
    assert replace(request, rules=program).policy("copied_patients", of_measure) == "count"
    given = replace(request, rules=program, given={"copied_patients": "do_not_count"})
    assert given.policy("copied_patients", of_measure) == "do_not_count"


def test_a_policy_that_differs_by_measure_is_shown_by_measure():
    request = stage_3(measures=["secure-messaging", "view-download-transmit"])
    messaging, vdt = request.measures
    own = replace(messaging, settled=settled(copied_patients="do_not_count"))
    shown = replace(request, measures=(own, vdt)).policies_in_force()["copied_patients"]
    assert shown == {"secure-messaging": "do_not_count", "view-download-transmit": "count"}


def test_each_measure_has_the_days_of_its_window():
    request = stage_3()
    days = {rule.measure: request.window_days(rule) for rule in request.measures}
    assert days == {
        Measure.PATIENT_GENERATED_DATA: SUMMER,
        Measure.SECURE_MESSAGING: YEAR,
        Measure.VIEW_DOWNLOAD_TRANSMIT: YEAR,
    }


def test_a_window_given_is_that_of_every_measure():
    request = stage_3(policies={"numerator-window": "calendar-year"})
    assert {request.window(rule) for rule in request.measures} == {Window.CALENDAR_YEAR}


def test_an_attestation_ends_every_window_that_would_run_on():
    request = stage_3(attested_on=date(2021, 9, 15))
    ends = {request.window_days(rule).end for rule in request.measures}
    assert ends == {SUMMER.end, date(2021, 9, 15)}


def test_the_question_carries_every_policy_the_engine_reads():
    request = stage_3(policies={"seen": "visits_only"})
    question = request.question(request.measures[0], Level.CLINICIAN, patient_id="p1")
    assert set(question.policies) == set(POLICIES)
    assert (question.policies["seen"], question.patient_id) == ("visits_only", "p1")


def test_an_npi_leaves_out_the_levels_that_have_none():
    period = Period(date(2017, 6, 1), date(2017, 8, 29))
    request = ask("mips-aci", 2017, period, npi="1234567893")
    assert request.levels == (Level.PRACTICE_CLINICIAN,)


@pytest.mark.parametrize("day", [date(2021, 8, 29), date(2021, 1, 1)])
def test_a_period_that_has_not_ended_cannot_be_attested(day: date):
    with pytest.raises(RequestError, match="had not ended then"):
        stage_3(attested_on=day)


def test_the_day_after_its_end_it_can():
    assert stage_3(attested_on=date(2021, 8, 30)).attested_on == date(2021, 8, 30)
