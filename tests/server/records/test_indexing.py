"""What a resource can be found by: every value of its parameters, and no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellpost.server.records.indexing import fitting, folded, search_values
from wellpost.server.records.parameters import PARAMETERS
from wellpost.server.records.spans import BEGINNING, END, period, span

LOINC = "http://loinc.org"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "starts_at", "ends_at"),
    [
        ("2021", at(2021, 1, 1), at(2022, 1, 1)),
        ("2021-12", at(2021, 12, 1), at(2022, 1, 1)),
        ("2020-02-29", at(2020, 2, 29), at(2020, 3, 1)),
        ("2021-06-03T10:15Z", at(2021, 6, 3, 10, 15), at(2021, 6, 3, 10, 16)),
        ("2021-06-03T10:15:07-05:00", at(2021, 6, 3, 15, 15, 7), at(2021, 6, 3, 15, 15, 8)),
        (
            "2021-06-03T10:15:07.25Z",
            at(2021, 6, 3, 10, 15, 7, 250000),
            at(2021, 6, 3, 10, 15, 7, 260000),
        ),
    ],
)
def test_a_date_is_the_span_its_precision_leaves(text, starts_at, ends_at):
    assert span(text) == (starts_at, ends_at)


def test_a_day_without_a_zone_is_the_practices_day():
    new_york = ZoneInfo("America/New_York")
    assert span("2021-06-03", new_york) == (at(2021, 6, 3, 4), at(2021, 6, 4, 4))
    starts_at, ends_at = span("2021-03-14", new_york)  # clocks go forward
    assert ends_at - starts_at == timedelta(hours=23)


NO_DATES = (
    *("", "21", "2021-13", "2021-02-30", "2021-6-3", "2021-06-03 10:00", "2021-06-03T10"),
    *("9999", "0001-01-01T00:00:00+14:00", "2021-06-03T10:00:00+99:00", "٢٠٢١"),
    "2021-06-03T25:00:00Z",
)


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_none(text):
    with pytest.raises(ValueError):
        span(text)


def test_a_period_without_an_end_is_open():
    assert period("2021", "") == (at(2021, 1, 1), END)
    assert period("", "2021") == (BEGINNING, at(2022, 1, 1))


def test_an_observation_is_found_by_code_category_status_encounter_and_time():
    found = search_values(
        {
            "resourceType": "Observation",
            "id": "1",
            "status": "final",
            "category": [{"coding": [{"system": "urn:c", "code": "vital-signs"}]}],
            "code": {
                "coding": [{"system": LOINC, "code": "8480-6"}, {"code": "SYS"}],
                "text": "Systolic",
            },
            "subject": {"reference": "Patient/p"},
            "encounter": {"reference": "Encounter/e/_history/2"},
            "effectiveDateTime": "2021-06-03",
            "issued": "2021-06-04T00:00:00Z",
        }
    )
    assert sorted(found.tokens) == [
        ("category", "urn:c", "vital-signs"),
        ("code", "", "SYS"),
        ("code", LOINC, "8480-6"),
        ("encounter", "Encounter", "e"),
        ("status", "", "final"),
    ]
    assert found.moments == [("date", at(2021, 6, 3), at(2021, 6, 4))]
    assert found.occurred_at == at(2021, 6, 3)


def test_a_name_is_found_however_it_is_written():
    found = search_values(
        {
            "resourceType": "Patient",
            "name": [{"family": "Müller  STRASSE", "given": ["Zoë", "Ann"]}],
            "birthDate": "1980-02-03",
            "identifier": [{"system": "urn:mrn", "value": "7"}, {"value": "8"}],
        }
    )
    assert ("family", "", "muller strasse") in found.tokens
    assert ("given", "", "zoe") in found.tokens and ("name", "", "ann") in found.tokens
    assert ("identifier", "urn:mrn", "7") in found.tokens
    assert ("identifier", "", "8") in found.tokens
    assert ("birthdate", at(1980, 2, 3), at(1980, 2, 4)) in found.moments
    assert folded("Straße") == folded("STRASSE")


def test_the_date_an_illness_was_asserted_stands_in_an_extension():
    extension = [
        {"url": "urn:another", "valueDateTime": "1999"},
        {
            "url": "http://hl7.org/fhir/StructureDefinition/condition-assertedDate",
            "valueDateTime": "2020",
        },
    ]
    found = search_values({"resourceType": "Condition", "extension": extension})
    assert found.moments == [("asserted-date", at(2020, 1, 1), at(2021, 1, 1))]
    assert found.occurred_at == at(2020, 1, 1)


def test_a_reference_of_another_type_or_place_is_not_taken_for_ours():
    medications = [{"reference": "Medication/m"}, {"reference": "Device/d"}]
    found = [
        search_values({"resourceType": "MedicationRequest", "medicationReference": each}).tokens
        for each in [*medications, {"reference": "#inside"}, {"display": "no reference"}]
    ]
    refers = ("_refers", "Medication", "m")
    assert found == [[("medication", "Medication", "m"), refers], [], [], []]
    far = {"resourceType": "Provenance", "target": [{"reference": "https://x.org/fhir/Goal/1"}]}
    assert search_values(far).tokens == [("target", "", "https://x.org/fhir/Goal/1")]


def test_references_to_what_is_of_no_one_patient_are_kept_wherever_they_stand():
    deep = [{"actor": {"reference": "Practitioner/a"}, "x": [{"reference": "Goal/g"}]}]
    found = search_values(
        {
            "resourceType": "Observation",
            "performer": [{"reference": "Organization/o/_history/3"}],
            "extension": [{"extension": deep}],
        }
    )
    assert found.tokens == [
        ("_refers", "Organization", "o"),
        ("_refers", "Practitioner", "a"),
    ]


def test_a_long_value_is_kept_by_its_digest():
    assert fitting("a" * 200) == "a" * 200
    assert fitting("a" * 201) != fitting("a" * 202)
    assert len(fitting("a" * 5000)) <= 200


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
NAMES = sorted(
    {
        piece
        for each in PARAMETERS.values()
        for parameter in each.values()
        for path in parameter.paths
        for piece in path.split("[")[0].split(".")
    }
    | {"coding", "system", "code", "value", "reference", "start", "end", "url"}
)
SHAPES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(
    st.sampled_from([*PARAMETERS, "Unknown"]),
    st.dictionaries(st.sampled_from(NAMES), SHAPES, max_size=8),
)
def test_no_shape_of_a_resource_is_refused(kind, resource):
    found = search_values({**resource, "resourceType": kind})
    assert all(len(each) <= 200 for token in found.tokens for each in token)
    assert all(starts_at.tzinfo is UTC for _, starts_at, _ in found.moments)
