"""What a FHIR Measure and its MeasureReports share: names, codes, identifiers (R4, DEQM STU5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from wellpost.rules.model import MeasureRule, ProgramYear
from wellpost.terms import Level, Reporter, spoken

Resource = dict[str, Any]

BASE = "https://wellpost.example/fhir"
"""Where Measures are named when nobody says where they live; `.example` resolves nowhere."""

TERMS = "http://terminology.hl7.org/CodeSystem"
MEASURE_IDENTIFIER = "urn:oid:2.16.840.1.113883.3.7031"
NPI = "http://hl7.org/fhir/sid/us-npi"
TIN = "urn:oid:2.16.840.1.113883.4.2"
VIRTUAL_GROUP = "urn:oid:2.16.840.1.113883.3.249.5.2"

POPULATIONS: Mapping[str, str] = {
    "initial-population": "Initial Population",
    "denominator": "Denominator",
    "numerator": "Numerator",
}


def measure_id(rules: ProgramYear, rule: MeasureRule) -> str:
    """The id of the Measure: program and measure; its version is the year."""
    return f"{rules.name}-{spoken(rule.measure)}"


def measure_url(rules: ProgramYear, rule: MeasureRule, base: str) -> str:
    """The canonical url of the Measure, without its version."""
    return f"{base}/Measure/{measure_id(rules, rule)}"


def concept(system: str, code: str, display: str | None = None) -> Resource:
    """A CodeableConcept of one code."""
    coding = {"system": f"{TERMS}/{system}", "code": code}
    return {"coding": [coding | ({"display": display} if display else {})]}


def population(code: str) -> Resource:
    """The id and code of a population; the id links a report to its Measure."""
    return {"id": code, "code": concept("measure-population", code, POPULATIONS[code])}


def scoring() -> Resource:
    """Proportion: a numerator of a denominator."""
    return concept("measure-scoring", "proportion", "Proportion")


def improvement() -> Resource:
    """The higher the better."""
    return concept(
        "measure-improvement-notation", "increase", "Increased score indicates improvement"
    )


def identified(kind: str, system: str, value: str) -> Resource:
    """A reference by identifier: what it names is known to both sides, not part of the bundle."""
    return {"type": kind, "identifier": {"system": system, "value": value}}


def made_id(*parts: object) -> str:
    """A UUID that the same parts always have."""
    return str(uuid5(NAMESPACE_URL, " ".join(map(str, parts))))


def reporter_reference(reporter: Reporter) -> tuple[Resource, list[Resource]]:
    """Who reports, and what must be contained for it: an NPI under a TIN is a PractitionerRole."""
    if reporter.level is Level.VIRTUAL_GROUP:
        return identified("Organization", VIRTUAL_GROUP, reporter.virtual_group or ""), []
    if reporter.level is Level.GROUP:
        return identified("Organization", TIN, reporter.tin or ""), []
    practitioner = identified("Practitioner", NPI, reporter.npi or "")
    if reporter.level is Level.CLINICIAN:
        return practitioner, []
    role = {
        "resourceType": "PractitionerRole",
        "id": "reporter",
        "practitioner": practitioner,
        "organization": identified("Organization", TIN, reporter.tin or ""),
    }
    return {"reference": "#reporter"}, [role]
