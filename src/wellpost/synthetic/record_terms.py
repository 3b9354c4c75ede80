"""What made-up records are made of: codes, usual ranges, and how values wander over the years."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
RXNORM, CVX = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/cvx"
UCUM = "http://unitsofmeasure.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"
US_CORE_CODES = "http://hl7.org/fhir/us/core/CodeSystem"


class Test(NamedTuple):
    """Something measured: where it begins, how far it wanders, in which steps, and its range."""

    code: str
    name: str
    unit: str
    start: float
    spread: float
    step: str
    low: str = ""
    high: str = ""


PRESSURES = (
    Test("8480-6", "Systolic blood pressure", "mm[Hg]", 128, 8, "1", "90", "130"),
    Test("8462-4", "Diastolic blood pressure", "mm[Hg]", 80, 5, "1", "60", "80"),
)
VITALS = (
    Test("29463-7", "Body weight", "kg", 78, 2, "0.1"),
    Test("8867-4", "Heart rate", "/min", 72, 6, "1", "60", "100"),
    Test("9279-1", "Respiratory rate", "/min", 15, 1.5, "1", "12", "20"),
    Test("8310-5", "Body temperature", "Cel", 36.7, 0.2, "0.1", "36.1", "37.2"),
    Test("2708-6", "Oxygen saturation", "%", 97.5, 0.8, "1", "95", "100"),
)
HEIGHT = Test("8302-2", "Body height", "cm", 170, 8, "1")

PANELS: Mapping[tuple[str, str], tuple[Test, ...]] = {
    ("24323-8", "Comprehensive metabolic panel"): (
        Test("2345-7", "Glucose", "mg/dL", 96, 9, "1", "70", "99"),
        Test("2160-0", "Creatinine", "mg/dL", 0.95, 0.1, "0.01", "0.60", "1.20"),
        Test("2951-2", "Sodium", "mmol/L", 140, 1.5, "1", "136", "145"),
        Test("2823-3", "Potassium", "mmol/L", 4.2, 0.2, "0.1", "3.5", "5.1"),
        Test("1742-6", "Alanine aminotransferase", "U/L", 24, 6, "1", "7", "56"),
    ),
    ("57698-3", "Lipid panel"): (
        Test("2093-3", "Total cholesterol", "mg/dL", 198, 14, "1", "", "200"),
        Test("13457-7", "LDL cholesterol", "mg/dL", 118, 12, "1", "", "130"),
        Test("2085-9", "HDL cholesterol", "mg/dL", 52, 4, "1", "40", ""),
        Test("2571-8", "Triglycerides", "mg/dL", 138, 20, "1", "", "150"),
    ),
    ("58410-2", "Complete blood count"): (
        Test("718-7", "Hemoglobin", "g/dL", 13.9, 0.5, "0.1", "12.0", "16.0"),
        Test("6690-2", "White blood cells", "10*3/uL", 6.8, 1.1, "0.1", "4.5", "11.0"),
        Test("777-3", "Platelets", "10*3/uL", 245, 25, "1", "150", "450"),
    ),
}
SUGAR = Test("4548-4", "Hemoglobin A1c", "%", 6.9, 0.4, "0.1", "4.0", "5.6")

PROBLEMS: tuple[tuple[str, str, tuple[str, str, str] | None], ...] = (
    ("59621000", "High blood pressure", ("314076", "Lisinopril 10 MG Oral Tablet", "1 tablet")),
    ("44054006", "Type 2 diabetes", ("860975", "Metformin 500 MG Oral Tablet", "1 tablet")),
    ("55822004", "High cholesterol", ("617312", "Atorvastatin 20 MG Oral Tablet", "1 tablet")),
    ("195967001", "Asthma", ("745679", "Albuterol 0.09 MG Inhaler", "2 puffs")),
    ("396275006", "Osteoarthritis of the knee", ("198440", "Acetaminophen 500 MG", "2 tablets")),
    ("35489007", "Depression", ("312940", "Sertraline 50 MG Oral Tablet", "1 tablet")),
)
"""SNOMED code and name, and the medicine given for it: RxNorm code, name, dose."""

PASSING = (
    ("444814009", "Sinus infection"),
    ("10509002", "Acute bronchitis"),
    ("43878008", "Strep throat"),
    ("44465007", "Sprained ankle"),
)
ALLERGIES = (
    ("7980", "Penicillin", "medication", "247472004", "Hives", "high"),
    ("2670", "Codeine", "medication", "422587007", "Nausea", "low"),
    ("256349002", "Peanut", "food", "39579001", "Anaphylaxis", "high"),
    ("256277009", "Grass pollen", "environment", "70076002", "Runny nose", "low"),
)
"""Code (RxNorm for medicines, else SNOMED), name, category; what happens; how dangerous."""

VACCINES = (("140", "Influenza, seasonal", 1), ("115", "Tdap", 10), ("33", "Pneumococcal", 10))
"""CVX code, name, and every how many years."""

PROCEDURES = (
    ("73761001", "Colonoscopy", 10),
    ("24623002", "Mammogram", 2),
    ("252160004", "Eye examination", 2),
)
"""SNOMED code, name, and every how many years."""


def coded(system: str, code: str, name: str) -> dict[str, Any]:
    """A CodeableConcept."""
    return {"coding": [{"system": system, "code": code, "display": name}], "text": name}


def term(system: str, code: str) -> dict[str, Any]:
    """A CodeableConcept of HL7's own terminology."""
    return {"coding": [{"system": f"{TERMINOLOGY}/{system}", "code": code}]}


def amount(number: Decimal, unit: str) -> dict[str, Any]:
    """A Quantity in UCUM."""
    return {"value": number, "unit": unit, "system": UCUM, "code": unit}


def usual(test: Test) -> list[dict[str, Any]]:
    """The reference range, where there is one."""
    ends = {"low": test.low, "high": test.high}
    held = {name: amount(Decimal(end), test.unit) for name, end in ends.items() if end}
    return [held] if held else []
