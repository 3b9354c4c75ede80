"""QPP JSON written: valid by CMS's schema, every identifier and kind as CMS defines them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.unit.adapters.submitted import (
    CERTIFICATION,
    NPI,
    TIN,
    VIRTUAL_GROUP,
    YEARS,
    submission,
)
from wellpost.adapters.qpp import qpp_json, read_qpp, write_qpp
from wellpost.reports.submission import Proportion
from wellpost.rules.mips_measures import mips_year

DATA = Path(__file__).parents[3] / "data/qpp"
KINDS = [(year, kind) for year in YEARS for kind in ("individual", "group")] + [
    (year, "virtual-group") for year in YEARS if year > 2017
]


def schema(year: int) -> Any:
    """CMS's schema of a submission; its one misspelling mended, later names added by year."""
    text = (DATA / "submissions-schema/submissions.yaml").read_text()
    assert text.count("denomiantor") == 1
    whole = yaml.safe_load(text.replace("denomiantor", "denominator"))
    if year > 2017:  # CMS published no later schema: `aci` became `pi`, virtual groups came
        whole["definitions"]["measurementSet"]["properties"]["category"]["enum"].append("pi")
        whole["properties"]["entityType"]["enum"].append("virtualGroup")
        whole["required"] = ["entityType", "performanceYear"]
    return whole


def defined(year: int) -> list[dict[str, Any]]:
    """CMS's definitions of the measures of a year."""
    packed = DATA / f"measures-data/{year}-aci-pi-measures.json.gz"
    return json.loads(gzip.decompress(packed.read_bytes()))


@pytest.mark.parametrize(("year", "kind"), KINDS)
def test_cms_schema_finds_no_error(year: int, kind: str) -> None:
    written = json.loads(write_qpp(submission(year, kind)))
    validator = jsonschema.Draft4Validator(schema(year))
    assert [each.message for each in validator.iter_errors(written)] == []


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("entityType", "person"), ("performanceYear", "2017"), ("programName", 1)],
)
def test_the_schema_finds_what_is_wrong(key: str, wrong: object) -> None:
    written = qpp_json(submission(2017)) | {key: wrong}
    assert list(jsonschema.Draft4Validator(schema(2017)).iter_errors(written))


@pytest.mark.parametrize("year", YEARS)
def test_every_measure_that_cms_defines_is_known_as_cms_defines_it(year: int) -> None:
    ours = mips_year(year)
    theirs = defined(year)
    assert {each["measureId"]: each["metricType"] for each in theirs} == {
        name: each.kind for name, each in ours.measures.items()
    }
    assert {each["measureId"]: " ".join(each["title"].split()) for each in theirs} == {
        name: each.title for name, each in ours.measures.items()
    }
    assert {each["category"] for each in theirs} == {ours.category}


@pytest.mark.parametrize(("year", "kind"), KINDS)
def test_what_is_written_is_read_the_same(year: int, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "written.json"
    path.write_bytes(write_qpp(submission(year, kind)))
    assert read_qpp(path) == submission(year, kind)


def test_each_entity_is_named_as_cms_names_it() -> None:
    assert _who("individual") == {
        "entityType": "individual",
        "taxpayerIdentificationNumber": TIN,
        "nationalProviderIdentifier": NPI,
    }
    assert _who("group") == {"entityType": "group", "taxpayerIdentificationNumber": TIN}
    assert _who("virtual-group") == {"entityType": "virtualGroup", "entityId": VIRTUAL_GROUP}


def _who(kind: str) -> dict[str, object]:
    whole = qpp_json(submission(2019, kind))
    return {key: whole[key] for key in whole if key not in ("performanceYear", "measurementSets")}


@pytest.mark.parametrize("year", [2018, 2019])
def test_the_examples_of_cms_are_read_and_written_back(year: int, tmp_path: Path) -> None:
    example = DATA / f"submissions-docs/{year}-pi-submission-example.json"
    read = read_qpp(example)
    given = json.loads(example.read_text())
    (answered,) = given["measurementSets"]
    (written,) = qpp_json(read)["measurementSets"]  # type: ignore[misc]  # JSON has no types
    assert {each["measureId"]: each["value"] for each in written["measurements"]} == {
        each["measureId"]: each["value"] for each in answered["measurements"]
    }
    assert written.get("cehrtId") == answered.get("cehrtId")


def test_a_submission_of_2017_is_what_cms_shows() -> None:
    measurements = [each for each in submission(2017).measurements if each.identifier in SHOWN]
    assert qpp_json(submission(2017, measurements=measurements)) == {
        "programName": "mips",
        "entityType": "individual",
        "taxpayerIdentificationNumber": TIN,
        "nationalProviderIdentifier": NPI,
        "performanceYear": 2017,
        "measurementSets": [
            {
                "category": "aci",
                "submissionMethod": "electronicHealthRecord",
                "cehrtId": CERTIFICATION,
                "programName": "mips",
                "performanceStart": "2017-03-01",
                "performanceEnd": "2017-09-30",
                "measurements": [
                    {
                        "measureId": "ACI_CCTPE_2",
                        "value": {"numerator": 600, "denominator": 800},
                    },
                    {"measureId": "ACI_PPHI_1", "value": True},
                ],
            }
        ],
    }


SHOWN = {"ACI_CCTPE_2", "ACI_PPHI_1"}


def test_counts_above_127_are_written() -> None:
    """CMS's XSD of 2017 calls a count a byte; its own examples do not fit it, nor do practices."""
    values = [each.value for each in submission(2017).measurements]
    assert Proportion(600, 800) in values
