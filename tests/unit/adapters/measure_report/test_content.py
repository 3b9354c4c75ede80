"""What Measures and MeasureReports say: the counts, the lists, the law, who reports."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.adapters.measure_report.conftest import PERIOD, REPORTERS, members, result
from tests.unit.adapters.submitted import NPI, TIN, VIRTUAL_GROUP
from wellpost.adapters.fhir.measure_reports import Making, individual, subject_list, summary
from wellpost.adapters.fhir.measure_writer import measure
from wellpost.measures.load import text
from wellpost.reports.request import ask
from wellpost.terms import Level

GROUP = REPORTERS[Level.GROUP]
SOME_DAY = datetime(2018, 1, 11, tzinfo=UTC)


def counts(report: dict[str, Any]) -> tuple[int, ...]:
    return tuple(each["count"] for each in report["group"][0]["population"])


@given(reached=st.lists(st.booleans(), max_size=8))
def test_the_lists_are_as_long_as_the_counts(reached: list[bool]) -> None:
    asked = ask("stage-3", 2017, PERIOD)
    making = Making(asked, SOME_DAY)
    report = subject_list(result(asked, GROUP, reached), members(GROUP, reached), making)
    lists = {each["id"]: each for each in report["contained"] if each["resourceType"] == "List"}
    for population in report["group"][0]["population"]:
        listed = lists[population["subjectResults"]["reference"].removeprefix("#")]
        assert len(listed.get("entry", [])) == population["count"]
        assert ("emptyReason" in listed) == (population["count"] == 0)
    assert counts(report) == (len(reached), len(reached), sum(reached))
    score = report["group"][0].get("measureScore")
    assert score == ({"value": round(sum(reached) / len(reached), 6)} if reached else None)


def test_a_list_names_the_individual_reports(making: Making) -> None:
    theirs, one = members(GROUP, [True, False]), result(making.request, GROUP, [True, False])
    reports = {f"urn:uuid:{individual(one.rule, each, making)['id']}" for each in theirs}
    listed = subject_list(one, theirs, making)["contained"]
    assert {entry["item"]["reference"] for entry in listed[0]["entry"]} == reports
    (reached,) = [entry["item"]["reference"] for entry in listed[2]["entry"]]
    assert reached == f"urn:uuid:{individual(one.rule, theirs[0], making)['id']}"


def test_an_individual_report_is_of_one_patient_and_names_the_act(making: Making) -> None:
    rule = making.request.measures[0]
    reached, missed = (individual(rule, each, making) for each in members(GROUP, [True, False]))
    assert counts(reached) == (1, 1, 1)
    assert counts(missed) == (1, 1, 0)
    assert reached["subject"] == {"type": "Patient", "identifier": {"value": "patient 0"}}
    assert reached["evaluatedResource"] == [{"identifier": {"value": "m0"}, "display": "message"}]
    assert "evaluatedResource" not in missed


def test_each_reporter_is_named_by_its_numbers(making: Making) -> None:
    shown = {
        level: summary(result(making.request, reporter, [True]), making)
        for level, reporter in REPORTERS.items()
    }
    assert shown[Level.CLINICIAN]["reporter"]["identifier"]["value"] == NPI
    assert shown[Level.GROUP]["reporter"]["identifier"]["value"] == TIN
    assert shown[Level.VIRTUAL_GROUP]["reporter"]["identifier"]["value"] == VIRTUAL_GROUP
    both = shown[Level.PRACTICE_CLINICIAN]
    (role,) = both["contained"]
    assert both["reporter"] == {"reference": f"#{role['id']}"}
    assert role["practitioner"]["identifier"]["value"] == NPI
    assert role["organization"]["identifier"]["value"] == TIN


def test_reports_have_identifiers_of_their_own(making: Making) -> None:
    made = [
        report["id"]
        for reporter in REPORTERS.values()
        for one in [result(making.request, reporter, [True])]
        for report in (
            summary(one, making),
            subject_list(one, members(reporter, [True]), making),
            individual(one.rule, members(reporter, [True])[0], making),
        )
    ]
    assert len(set(made)) == len(made)


def test_a_measure_is_the_law_and_the_sql_that_counts(making: Making) -> None:
    rules = making.request.rules
    for rule in rules.measures:
        made = measure(rules, rule)
        criteria = {each["id"]: each["criteria"] for each in made["group"][0]["population"]}
        assert criteria["numerator"]["expression"] == text(rule.measure)
        assert criteria["denominator"]["expression"] == text("denominator")
        assert made["relatedArtifact"] == [{"type": "citation", "citation": rule.cite}]
        assert rule.says in made["description"]
        assert [each["value"] for each in made.get("identifier", [])] == [
            each for each in [rule.identifier] if each
        ]


def test_each_measure_of_each_program_has_a_url_of_its_own() -> None:
    asked = [ask("mips-aci", 2017, PERIOD), ask("stage-3", 2017, PERIOD)]
    urls = [
        measure(each.rules, rule, base="https://ehr.example/fhir")["url"]
        for each, rule in itertools.chain(*([(a, r) for r in a.measures] for a in asked))
    ]
    assert len(set(urls)) == len(urls)
    assert all(url.startswith("https://ehr.example/fhir/Measure/") for url in urls)


def test_the_policies_in_force_stand_on_every_report(making: Making) -> None:
    report = summary(result(making.request, GROUP, [True]), making)
    assert "staff_messages=on_behalf_of_clinician" in report["text"]["div"]
    assert making.request.measures[0].cite in report["text"]["div"]
