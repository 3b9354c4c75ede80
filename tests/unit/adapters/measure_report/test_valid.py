"""Measures and MeasureReports: a validator that is not ours finds nothing wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.adapters.measure_report.conftest import REPORTERS, members, result
from tests.unit.adapters.measure_report.validator import issues
from wellpost.adapters.fhir.measure_reports import Making, individual, subject_list, summary
from wellpost.adapters.fhir.measure_writer import measure

REACHED = ([True, False, True], [False], [])


def every_resource(making: Making) -> list[dict[str, Any]]:
    """Each kind of resource for each kind of reporter, with many patients, one and none."""
    asked = making.request
    made = [measure(asked.rules, rule) for rule in asked.measures]
    for reporter in REPORTERS.values():
        for reached in REACHED:
            theirs, one = members(reporter, reached), result(asked, reporter, reached)
            made += [summary(one, making), subject_list(one, theirs, making)]
            made += [individual(one.rule, member, making) for member in theirs]
    return made


WRONG: list[dict[str, Any]] = [
    {"status": "finished", "period": "2017"},
    {"group": [{"population": [{"count": "three"}]}]},
    {"measured": "http://example.org"},
    {"date": "yesterday"},
    {"period": None},
]


def test_every_resource_is_valid_r4_to_a_validator_that_finds_what_is_wrong(
    making: Making, tmp_path: Path
) -> None:
    made = every_resource(making)
    entries = [{"resource": each} for each in made]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    good = summary(result(making.request, REPORTERS[_LEVEL], [True]), making)
    right = [*made, bundle, good]
    found = issues([*right, *(good | wrong for wrong in WRONG)], tmp_path)
    assert found[: len(right)] == [[] for _ in right]
    assert all(found[len(right) :]), found


_LEVEL = next(iter(REPORTERS))


@pytest.mark.parametrize("level", REPORTERS)
def test_a_report_has_what_deqm_asks_of_a_proportion(level: Any, making: Making) -> None:
    """Invariants of the DEQM profiles (STU5) that FHIR itself does not have."""
    theirs = members(REPORTERS[level], [True, False])
    one = result(making.request, REPORTERS[level], [True, False])
    for report in (
        summary(one, making),
        subject_list(one, theirs, making),
        individual(one.rule, theirs[0], making),
    ):
        (scoring,) = report["extension"]
        assert scoring["url"].endswith("davinci-deqm/StructureDefinition/extension-measureScoring")
        assert report["meta"]["profile"][0].endswith("-measurereport-deqm")
        assert report["improvementNotation"]["coding"][0]["code"] == "increase"
        assert report["reporter"]
        assert "|2017" in report["measure"]
        assert _codes(report) == ["initial-population", "denominator", "numerator"]
        assert ("subject" in report) == (report["type"] == "individual")


def _codes(report: dict[str, Any]) -> list[str]:
    populations = report["group"][0]["population"]
    return [each["code"]["coding"][0]["code"] for each in populations]
