"""Resources of every kind that a document has a section for, made up; and what is odd in some."""

from __future__ import annotations

from typing import Any

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
TERMS = "http://terminology.hl7.org/CodeSystem"
DAY = {"effectiveDateTime": "2021-06-03T09:30:00-04:00"}
ALICE = {"reference": "Patient/alice"}
Json = dict[str, Any]


def concept(system: str, code: str, says: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": says}], "text": says}


def measured(value: float, unit: str, **more: str) -> Json:
    return {
        "value": value,
        "unit": unit,
        "system": "http://unitsofmeasure.org",
        "code": unit,
        **more,
    }


def observed(name: str, kind: str, code: str, says: str, **more: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "category": [concept(f"{TERMS}/observation-category", kind, kind)],
        "code": concept(LOINC, code, says),
        "subject": ALICE,
        **DAY,
        **more,
    }


PATIENT = {
    "resourceType": "Patient",
    "id": "6f1c2d3e-0000-4000-8000-00000000a11c",
    "name": [{"use": "official", "family": "Arden", "given": ["Alice", "M"]}],
    "gender": "female",
    "birthDate": "1980-02-03",
    "telecom": [{"system": "phone", "value": "207 555 0199", "use": "mobile"}],
    "address": [{"line": ["1 Elm St"], "city": "Bath", "state": "ME", "postalCode": "04530"}],
}

CHEN = {
    "resourceType": "Practitioner",
    "id": "chen",
    "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}],
    "name": [{"family": "Chen", "given": ["Mei"], "prefix": ["Dr."]}],
}

BLOOD_PRESSURE = observed(
    "bp",
    "vital-signs",
    "85354-9",
    "Blood pressure",
    component=[
        {"code": concept(LOINC, "8480-6", "Systolic"), "valueQuantity": measured(128, "mm[Hg]")},
        {"code": concept(LOINC, "8462-4", "Diastolic"), "valueQuantity": measured(82, "mm[Hg]")},
    ],
)

RESULTS = [
    observed(
        "a1c",
        "laboratory",
        "4548-4",
        "Hemoglobin A1c",
        valueQuantity=measured(6.1, "%"),
        interpretation=[concept(f"{TERMS}/v3-ObservationInterpretation", "H", "High")],
        referenceRange=[{"low": measured(4, "%"), "high": measured(5.6, "%")}],
    ),
    observed(
        "egfr",
        "laboratory",
        "33914-3",
        "eGFR",
        valueQuantity=measured(60, "mL/min", comparator=">"),
    ),
    observed(
        "covid",
        "laboratory",
        "94500-6",
        "SARS-CoV-2 RNA",
        valueCodeableConcept=concept(SNOMED, "260373001", "Detected"),
    ),
    observed("colour", "laboratory", "5778-6", "Color", valueString="yel\x01low & <clear>"),
    observed("none", "laboratory", "2093-3", "Cholesterol", dataAbsentReason={"text": "spilt"}),
]

SOCIAL = [
    observed(
        "smoking",
        "social-history",
        "72166-2",
        "Smoking",
        valueCodeableConcept=concept(SNOMED, "266919005", "Never smoked"),
    ),
]

PANEL = [
    {
        "resourceType": "DiagnosticReport",
        "id": "cbc",
        "status": "final",
        "code": concept(LOINC, "58410-2", "Blood count"),
        "subject": ALICE,
        **DAY,
        "result": [{"reference": "Observation/hgb"}],
    },
    observed("hgb", "laboratory", "718-7", "Hemoglobin", valueQuantity=measured(13.2, "g/dL")),
]

CONDITION = {
    "resourceType": "Condition",
    "id": "asthma",
    "clinicalStatus": concept(f"{TERMS}/condition-clinical", "active", "Active"),
    "code": concept(SNOMED, "195967001", "Asthma"),
    "subject": ALICE,
    "onsetDateTime": "2010-05",
}

MEDICINE = {
    "resourceType": "MedicationRequest",
    "id": "lisinopril",
    "status": "active",
    "intent": "order",
    "contained": [
        {
            "resourceType": "Medication",
            "id": "inside",
            "code": concept(RXNORM, "314076", "lisinopril 10 MG"),
        }
    ],
    "medicationReference": {"reference": "#inside"},
    "subject": ALICE,
    "authoredOn": "2021-02-02",
    "dosageInstruction": [
        {
            "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"doseQuantity": measured(1, "{tbl}")}],
        }
    ],
}

ALLERGY = {
    "resourceType": "AllergyIntolerance",
    "id": "penicillin",
    "type": "allergy",
    "category": ["medication"],
    "criticality": "high",
    "code": concept(RXNORM, "7980", "penicillin G"),
    "patient": ALICE,
    "reaction": [{"manifestation": [concept(SNOMED, "247472004", "Hives")]}],
}

NO_ALLERGY = {
    "resourceType": "AllergyIntolerance",
    "id": "none-known",
    "code": concept(SNOMED, "716186003", "No known allergy"),
    "patient": ALICE,
}

VACCINE_REFUSED = {
    "resourceType": "Immunization",
    "id": "refused",
    "status": "not-done",
    "vaccineCode": concept("http://hl7.org/fhir/sid/cvx", "207", "COVID-19"),
    "patient": ALICE,
    "occurrenceDateTime": "2021-03-01",
}

REST: list[Json] = [
    {
        "resourceType": "Procedure",
        "id": "appendix",
        "status": "completed",
        "code": concept(SNOMED, "80146002", "Appendectomy"),
        "subject": ALICE,
        "performedPeriod": {"start": "2020-01-01T10:00:00Z", "end": "2020-01-01T11:00:00Z"},
    },
    {
        "resourceType": "Encounter",
        "id": "visit",
        "status": "finished",
        "class": {"system": f"{TERMS}/v3-ActCode", "code": "AMB", "display": "ambulatory"},
        "subject": ALICE,
        "participant": [{"individual": {"reference": "Practitioner/chen"}}],
        "period": {"start": "2021-06-03T09:00:00-04:00", "end": "2021-06-03T09:30:00-04:00"},
    },
    {
        "resourceType": "CareTeam",
        "id": "team",
        "status": "active",
        "subject": ALICE,
        "participant": [{"member": {"reference": "Practitioner/chen"}}],
    },
    {
        "resourceType": "Goal",
        "id": "walk",
        "lifecycleStatus": "active",
        "description": {"text": "Walk every day"},
        "subject": ALICE,
        "target": [
            {"measure": concept(LOINC, "55423-8", "Steps"), "detailQuantity": measured(8000, "1")}
        ],
    },
    {
        "resourceType": "CarePlan",
        "id": "plan",
        "status": "active",
        "intent": "plan",
        "category": [concept(SNOMED, "734163000", "Care plan")],
        "subject": ALICE,
    },
    {
        "resourceType": "ServiceRequest",
        "id": "scan",
        "status": "active",
        "intent": "order",
        "code": concept(LOINC, "24627-2", "CT Chest"),
        "subject": ALICE,
        "occurrenceDateTime": "2021-09-01",
    },
    {
        "resourceType": "Device",
        "id": "pacemaker",
        "status": "active",
        "udiCarrier": [{"carrierHRF": "(01)00643169007222(17)160128"}],
        "type": concept(SNOMED, "14106009", "Cardiac pacemaker"),
        "patient": ALICE,
    },
    {
        "resourceType": "DocumentReference",
        "id": "letter",
        "status": "current",
        "type": concept(LOINC, "11488-4", "Consult note"),
        "subject": ALICE,
        "date": "2021-06-03T09:30:00Z",
        "author": [{"reference": "Practitioner/chen"}],
        "content": [{"attachment": {"contentType": "application/pdf", "data": "JVBERi0xLjc="}}],
    },
    {
        "resourceType": "DocumentReference",
        "id": "note",
        "status": "current",
        "type": concept(LOINC, "34117-2", "History and physical"),
        "subject": ALICE,
        "date": "2021-06-04",
        "content": [{"attachment": {"contentType": "text/plain", "data": "U2hlIGlzIHdlbGwuCg=="}}],
    },
    {"resourceType": "Coverage", "id": "plan-a", "status": "active", "beneficiary": ALICE},
]

EVERYTHING: list[Json] = [
    PATIENT, CHEN, BLOOD_PRESSURE, *RESULTS, *SOCIAL, *PANEL, CONDITION, MEDICINE, ALLERGY,
    NO_ALLERGY, VACCINE_REFUSED, *REST,
]  # fmt: skip
