"""The records of the demo: one patient's of five years, and what was measured at others' visits.

Made up, like everybody; the codes are those of LOINC, SNOMED CT, RxNorm and CVX.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient
from wellpost.server.records.keeping import keep
from wellpost.server.records.models import Encounter

from .stage import Cast, at

Json = dict[str, Any]

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
RXNORM, CVX = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/cvx"
HL7 = "http://terminology.hl7.org/CodeSystem"
UNITS = "http://unitsofmeasure.org"
VITALS, LABORATORY = "vital-signs", "laboratory"
FIRST_YEAR = 2016
QUARTERS = 23
VISITED = 30
"""Patients of whom a weight was kept at the visit."""


def charts(story: Cast) -> None:
    """Keep what the practice knows of its patients."""
    asker = story.hundred[0]
    for number, resource in enumerate(_five_years(asker)):
        day = date.fromisoformat(resource.pop("_on"))
        _keep(asker, resource, day, f"five years {number}")
    for number, patient in enumerate(story.hundred[1:VISITED]):
        _weighed_at_visit(patient, number)


def _weighed_at_visit(patient: Patient, number: int) -> None:
    visit = Encounter.objects.filter(patient=patient, seen_on__year=2021).order_by("seen_on").last()
    if visit is not None:
        made = _observed(VITALS, "29463-7", "Body weight", visit.seen_on, 62 + number, "kg")
        made.pop("_on")
        made["encounter"] = {"reference": f"Encounter/{visit.pk}"}
        _keep(patient, made, visit.seen_on, "visit", visit)


def _keep(
    patient: Patient, resource: Json, day: date, name: str, visit: Encounter | None = None
) -> None:
    resource["subject"] = {"reference": f"Patient/{patient.pk}"}
    if resource["resourceType"] in ("AllergyIntolerance", "Immunization"):
        resource["patient"] = resource.pop("subject")
    known = min(at(day, 18), clock.now())
    keep(
        practice=patient.practice,
        patient=patient,
        resource=resource,
        by=None,
        source_system="demo",
        source_id=f"{patient.pk} {name}",
        encounter=visit,
        available_to_clinician_at=known,
        available_to_patient_at=known,
    )


def _five_years(patient: Patient) -> Iterator[Json]:
    """High blood pressure found in 2016 and treated since."""
    yield _condition("38341003", "High blood pressure", "2016-03-14")
    yield _condition("55822004", "High cholesterol", "2018-09-11")
    yield _medicine("314076", "Lisinopril 10 mg tablet", "2016-03-14", "One tablet each morning")
    yield _medicine("617310", "Atorvastatin 20 mg tablet", "2018-09-11", "One tablet at bedtime")
    yield _allergy("7980", "Penicillin", "Hives", "2009-05-02")
    for year in range(FIRST_YEAR, 2021):
        yield _vaccine("150", "Influenza vaccine", f"{year}-10-12")
    yield _vaccine("115", "Tetanus, diphtheria and pertussis vaccine (Tdap)", "2017-04-20")
    for number in range(QUARTERS):
        yield from _quarter(date(FIRST_YEAR, 1, 12) + timedelta(days=91 * number), number)


def _quarter(day: date, number: int) -> Iterator[Json]:
    """Blood pressure and weight each quarter, the laboratory twice a year."""
    better = min(number, 12)
    yield _pressure(day, 156 - 2 * better + number % 5, 98 - better + number % 4)
    yield _observed(VITALS, "29463-7", "Body weight", day, 91 - better / 2 + number % 3, "kg")
    if number % 2 == 0:
        yield _observed(LABORATORY, "2093-3", "Cholesterol", day, 251 - 4 * better, "mg/dL", 200)
        yield _observed(
            LABORATORY, "2160-0", "Creatinine", day, 0.9 + number % 3 / 10, "mg/dL", 1.3
        )


def _observed(
    category: str, code: str, words: str, day: date, value: float, unit: str, high: float = 0
) -> Json:
    made = {
        **_measured(category, code, words, day),
        "valueQuantity": _quantity(value, unit),
    }
    return {**made, "referenceRange": [{"high": _quantity(high, unit)}]} if high else made


def _pressure(day: date, upper: int, lower: int) -> Json:
    parts = [("8480-6", "Upper", upper), ("8462-4", "Lower", lower)]
    component = [
        {"code": _coded(LOINC, code, words), "valueQuantity": _quantity(value, "mm[Hg]")}
        for code, words, value in parts
    ]
    return {**_measured(VITALS, "85354-9", "Blood pressure", day), "component": component}


def _measured(category: str, code: str, words: str, day: date) -> Json:
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [_coded(f"{HL7}/observation-category", category)],
        "code": _coded(LOINC, code, words),
        "effectiveDateTime": day.isoformat(),
        "_on": day.isoformat(),
    }


def _condition(code: str, words: str, day: str) -> Json:
    return {
        "resourceType": "Condition",
        "clinicalStatus": _coded(f"{HL7}/condition-clinical", "active"),
        "verificationStatus": _coded(f"{HL7}/condition-ver-status", "confirmed"),
        "category": [_coded(f"{HL7}/condition-category", "problem-list-item")],
        "code": _coded(SNOMED, code, words),
        "onsetDateTime": day,
        "recordedDate": day,
        "_on": day,
    }


def _medicine(code: str, words: str, day: str, how: str) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": _coded(RXNORM, code, words),
        "authoredOn": day,
        "dosageInstruction": [{"text": how}],
        "_on": day,
    }


def _allergy(code: str, words: str, reaction: str, day: str) -> Json:
    return {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": _coded(f"{HL7}/allergyintolerance-clinical", "active"),
        "verificationStatus": _coded(f"{HL7}/allergyintolerance-verification", "confirmed"),
        "code": _coded(RXNORM, code, words),
        "reaction": [{"manifestation": [{"text": reaction}]}],
        "recordedDate": day,
        "_on": day,
    }


def _vaccine(code: str, words: str, day: str) -> Json:
    return {
        "resourceType": "Immunization",
        "status": "completed",
        "vaccineCode": _coded(CVX, code, words),
        "occurrenceDateTime": day,
        "_on": day,
    }


def _coded(system: str, code: str, words: str = "") -> Json:
    coding = {"system": system, "code": code, **({"display": words} if words else {})}
    return {"coding": [coding], **({"text": words} if words else {})}


def _quantity(value: float, unit: str) -> Json:
    return {"value": round(value, 1), "unit": unit.strip("[]"), "system": UNITS, "code": unit}
