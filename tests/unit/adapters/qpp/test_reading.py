"""QPP JSON read: what cannot be submitted is refused, each fault in a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.adapters.submitted import NPI, submission
from wellpost.adapters.qpp import qpp_json, read_qpp
from wellpost.errors import DataRefusedError
from wellpost.reports.submission import Measurement, Proportion, Submission
from wellpost.terms import Level, Reporter

Change = Callable[[dict[str, Any]], object]


def small() -> dict[str, Any]:
    """A submission of two measures, as JSON."""
    answers = [Measurement("ACI_PEA_1", Proportion(1, 2)), Measurement("ACI_PPHI_1", True)]
    return qpp_json(submission(2017, measurements=answers))


def counts(whole: dict[str, Any]) -> dict[str, Any]:
    return whole["measurementSets"][0]["measurements"][0]["value"]


def first(whole: dict[str, Any]) -> dict[str, Any]:
    return whole["measurementSets"][0]["measurements"][0]


def refusal(path: Path, content: str) -> str:
    path.write_text(content)
    with pytest.raises(DataRefusedError) as refused:
        read_qpp(path)
    assert str(refused.value).startswith("sent.json:")
    return str(refused.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda w: counts(w).update(numerator=-1), "ACI_PEA_1: numerator -1 is negative"),
        (lambda w: counts(w).update(denominator=-1), "ACI_PEA_1: denominator -1 is negative"),
        (lambda w: counts(w).update(numerator=3), "numerator 3 is above denominator 2"),
        (lambda w: counts(w).update(numerator=1.5), "numerator must be a whole number"),
        (lambda w: counts(w).update(numerator=True), "numerator must be a whole number"),
        (lambda w: counts(w).pop("denominator"), "denominator must be a whole number"),
        (lambda w: first(w).update(measureId="ACI_PEA_7"), "'ACI_PEA_7' is not one of the 35"),
        (lambda w: first(w).update(measureId="PI_PEA_1"), "did you mean ACI_PEA_1?"),
        (lambda w: first(w).update(measureId="ACI_PPHI_1", value=True), "ACI_PPHI_1 is there tw"),
        (lambda w: first(w).update(value=True), "answered by a numerator and a denominator"),
        (lambda w: w.update(performanceYear=2016), "performance year 2016 is not one that can"),
        (lambda w: w.update(performanceYear=2018), "category aci is not that of 2018; it is pi"),
        (lambda w: w.update(entityType="apm"), "entityType 'apm' is none of: individual, group"),
        (lambda w: w.update(taxpayerIdentificationNumber="12"), "tin '12' cannot be right"),
        (lambda w: w.update(nationalProviderIdentifier="12"), "npi '12' cannot be right"),
        (lambda w: w["measurementSets"].clear(), "measurementSets holds 0 of category aci or pi"),
        (lambda w: w["measurementSets"].append(w["measurementSets"][0]), "holds 2 of category"),
        (lambda w: w["measurementSets"][0]["measurements"].clear(), "holds no measure"),
        (
            lambda w: w["measurementSets"][0].update(performanceEnd="2018-01-01"),
            "period 2017-03-01..2018-01-01 is not of performance year 2017",
        ),
        (
            lambda w: w["measurementSets"][0].update(performanceEnd="2017-01-01"),
            "ends before it starts",
        ),
        (
            lambda w: w["measurementSets"][0].update(performanceEnd="soon"),
            "performanceEnd must be a day like 2017-01-01",
        ),
        (lambda w: w["measurementSets"][0].update(cehrtId="short"), "it is 15 letters and digits"),
        (lambda w: w["measurementSets"][0].update(cehrtId=15), "cehrtId must be a text"),
    ],
)
def test_a_fault_is_a_sentence(change: Change, sentence: str, tmp_path: Path) -> None:
    whole = small()
    change(whole)
    assert sentence in refusal(tmp_path / "sent.json", json.dumps(whole))


def test_every_fault_is_said(tmp_path: Path) -> None:
    whole = small()
    counts(whole).update(numerator=-1, denominator=-2)
    whole["taxpayerIdentificationNumber"] = "12"
    assert len(refusal(tmp_path / "sent.json", json.dumps(whole)).splitlines()) == 4


BROKEN = {"empty": "", "list": "[]", "open": "{", "null": "null", "deep": "[" * 100_000}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_is_no_submission_is_refused(content: str, tmp_path: Path) -> None:
    assert refusal(tmp_path / "sent.json", content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.sampled_from(sorted(small())), JSON)
def test_whatever_stands_in_a_key_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "sent.json"
    path.write_text(json.dumps(small() | {key: value}))
    try:
        assert isinstance(read_qpp(path), Submission)
    except DataRefusedError as refused:
        assert all(each.startswith("sent.json:") for each in refused.faults)


@given(st.integers(-5, 5), st.integers(-5, 5))
def test_counts_are_taken_if_and_only_if_they_can_be(numerator: int, denominator: int) -> None:
    answers = [Measurement("ACI_PEA_1", Proportion(numerator, denominator))]
    if 0 <= numerator <= denominator:
        assert submission(2017, measurements=answers).measurements == tuple(answers)
        return
    with pytest.raises(DataRefusedError):
        submission(2017, measurements=answers)


def test_a_virtual_group_before_there_were_any_is_refused() -> None:
    with pytest.raises(DataRefusedError, match="there were no virtual groups in 2017"):
        submission(2017, "virtual-group")


def test_an_npi_over_all_its_tins_cannot_submit() -> None:
    whole = submission(2017)
    with pytest.raises(DataRefusedError, match="an individual is an npi under one tin"):
        Submission(2017, Reporter(Level.CLINICIAN, npi=NPI), whole.period, whole.measurements)
