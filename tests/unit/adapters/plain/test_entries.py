"""What resources say in plain words; and that no markup, and no wrong shape, gets through."""

from __future__ import annotations

import base64
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from wellpost.adapters.fhir.plain import SECTIONS, Entry, entry, section_of
from wellpost.adapters.fhir.plain.kinds import KINDS

Resource = dict[str, Any]


def told(resource: Resource, **others: Resource) -> Entry:
    return entry(resource, lambda address: others.get(address.partition("/")[2]))


def coded(code: str, display: str = "", system: str = "http://loinc.org") -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def amount(value: str, unit: str = "") -> Resource:
    return {"value": Decimal(value), "unit": unit}


PRESSURE = {
    "resourceType": "Observation",
    "category": [coded("vital-signs")],
    "code": coded("85354-9", "Blood pressure panel"),
    "effectiveDateTime": "2021-06-03T09:10:00-04:00",
    "component": [
        {"code": coded("8480-6", "Systolic"), "valueQuantity": amount("120", "mm[Hg]")},
        {"code": coded("8462-4", "Diastolic"), "valueQuantity": amount("80", "mm[Hg]")},
    ],
}


def test_a_blood_pressure_is_said_as_people_say_it() -> None:
    says = told(PRESSURE)
    assert (says.section, says.says, says.on) == ("vitals", "120/80 mmHg", date(2021, 6, 3))
    assert [each.number for each in says.values] == [120, 80]
    assert ("Systolic", "120 mmHg") in says.facts


def test_a_result_says_its_value_its_range_and_what_was_made_of_it() -> None:
    says = told(
        {
            "resourceType": "Observation",
            "category": [coded("laboratory")],
            "code": coded("2345-7", "Glucose"),
            "valueQuantity": amount("126.0", "mg/dL"),
            "interpretation": [coded("H")],
            "referenceRange": [{"low": amount("70", "mg/dL"), "high": amount("99", "mg/dL")}],
        }
    )
    assert (says.section, says.title, says.says) == ("results", "Glucose", "126.0 mg/dL (High)")
    assert ("Usual range", "70–99 mg/dL") in says.facts
    assert says.value is not None and says.value.outside == "high"


def test_a_problem_says_when_it_began_and_that_it_is_over() -> None:
    says = told(
        {
            "resourceType": "Condition",
            "code": coded("444814009", "Viral sinusitis (disorder)"),
            "clinicalStatus": coded("resolved"),
            "onsetDateTime": "2019-02",
            "recorder": {"reference": "Practitioner/chen"},
        },
        chen={"resourceType": "Practitioner", "name": [{"family": "Chen", "given": ["Li"]}]},
    )
    assert (says.title, says.says, says.current) == ("Viral sinusitis", "Resolved", False)
    assert says.on == date(2019, 2, 1)
    assert dict(says.facts)["Written down by"] == "Li Chen"


def test_a_dose_is_put_in_words_where_its_source_has_none() -> None:
    dose = {
        "doseAndRate": [{"doseQuantity": amount("1", "tablet")}],
        "route": {"text": "by mouth"},
        "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
        "asNeededBoolean": True,
    }
    says = told({"resourceType": "MedicationRequest", "dosageInstruction": [dose]})
    assert dict(says.facts)["How to take it"] == "1 tablet, by mouth, 2 times every day, as needed"


def test_a_document_has_its_text_and_the_names_of_its_files() -> None:
    text = base64.b64encode(b"Sleeps well.\n<script>alert(1)</script>").decode()
    says = told(
        {
            "resourceType": "DocumentReference",
            "type": coded("34117-2", "History and physical note"),
            "content": [
                {"attachment": {"contentType": "text/plain; charset=utf-8", "data": text}},
                {"attachment": {"contentType": "application/pdf", "data": "%", "title": "Scan"}},
            ],
        }
    )
    plain, scan = says.files
    assert plain.text == "Sleeps well.\n<script>alert(1)</script>"  # who shows it escapes it
    assert (scan.title, scan.text, scan.is_here) == ("Scan", "", True)


def test_of_a_kind_nobody_described_the_words_of_its_narrative_are_said() -> None:
    div = "<div><p>Bring your glasses.</p><script>alert('x')</script><b>Soon</b></div>"
    says = told({"resourceType": "VisionPrescription", "text": {"div": div}})
    assert says.note == "Bring your glasses. Soon"
    assert (says.section, says.title) == ("other", "Vision prescription")


def test_what_is_contained_is_named() -> None:
    says = told(
        {
            "resourceType": "MedicationRequest",
            "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "Aspirin"}}],
            "medicationReference": {"reference": "#m"},
        }
    )
    assert says.title == "Aspirin"


def test_answers_inside_answers_are_said_with_their_questions() -> None:
    inner = {"text": "How often?", "answer": [{"valueInteger": 3}]}
    outer = {"text": "Do you smoke?", "answer": [{"valueBoolean": False}], "item": [inner]}
    says = told({"resourceType": "QuestionnaireResponse", "item": [outer]})
    assert says.facts == (("Do you smoke?", "No"), ("How often?", "3"))


@pytest.mark.parametrize("kind", [*KINDS, "Basic", ""])
@pytest.mark.parametrize("wrong", [None, 7, "x", True, [], {}, [[1]], [{"a": {"b": []}}], {"a": 1}])
def test_a_wrong_shape_anywhere_says_nothing_and_breaks_nothing(kind: str, wrong: Any) -> None:
    names = {path.partition(".")[0].removesuffix("[x]") for k in KINDS.values() for path in k.title}
    names |= {path.partition(".")[0] for each in KINDS.values() for _, path in each.facts}
    names |= {"component", "interpretation", "referenceRange", "content", "text", "note", "item"}
    resource = {name.replace("[x]", "Quantity"): wrong for name in sorted(names)}
    says = told(resource | {"resourceType": kind, "valueQuantity": wrong})
    assert says.section in {*SECTIONS, "directory"}


@pytest.mark.parametrize("number", [Decimal("1E+999999999"), Decimal("NaN"), 10**40, "12", True])
def test_a_number_no_one_measured_is_no_number(number: object) -> None:
    says = told(PRESSURE | {"component": [], "valueQuantity": {"value": number, "unit": "kg"}})
    assert says.values == ()


@pytest.mark.parametrize(
    ("resource", "section"),
    [
        ({"resourceType": "Observation"}, "results"),
        ({"resourceType": "Observation", "category": [coded("social-history")]}, "social"),
        ({"resourceType": "Practitioner"}, "directory"),
        ({"resourceType": "Nonsense"}, "other"),
    ],
)
def test_where_a_resource_stands(resource: Resource, section: str) -> None:
    assert section_of(resource) == section
