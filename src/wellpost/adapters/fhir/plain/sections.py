"""The parts of a record, and which of them a FHIR resource stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of

from .marking import gettext_noop as _

SECTIONS: Mapping[str, str] = {
    "problems": _("Health problems"),
    "medications": _("Medicines"),
    "allergies": _("Allergies"),
    "immunizations": _("Vaccinations"),
    "results": _("Test results"),
    "vitals": _("Vital signs"),
    "procedures": _("Procedures"),
    "visits": _("Visits"),
    "documents": _("Notes and documents"),
    "team": _("Care team"),
    "plans": _("Goals and care plans"),
    "social": _("Social history and daily life"),
    "devices": _("Devices"),
    "coverage": _("Insurance and bills"),
    "about": _("About you"),
    "other": _("Other"),
}
"""Names of the parts in the order they are shown, with what they are called."""

DIRECTORY = "directory"
"""Where the people, places and substances stand that records refer to; it is not shown."""

_OF_KIND: Mapping[str, str] = {
    "Condition": "problems",
    "FamilyMemberHistory": "problems",
    "Flag": "problems",
    "ClinicalImpression": "problems",
    "DetectedIssue": "problems",
    "MedicationRequest": "medications",
    "MedicationStatement": "medications",
    "MedicationDispense": "medications",
    "MedicationAdministration": "medications",
    "AllergyIntolerance": "allergies",
    "AdverseEvent": "allergies",
    "Immunization": "immunizations",
    "ImmunizationRecommendation": "immunizations",
    "ImmunizationEvaluation": "immunizations",
    "Observation": "results",
    "DiagnosticReport": "results",
    "Specimen": "results",
    "ImagingStudy": "results",
    "Media": "documents",
    "Procedure": "procedures",
    "ServiceRequest": "procedures",
    "Encounter": "visits",
    "Appointment": "visits",
    "AppointmentResponse": "visits",
    "EpisodeOfCare": "visits",
    "DocumentReference": "documents",
    "DocumentManifest": "documents",
    "Composition": "documents",
    "Consent": "documents",
    "Binary": "documents",
    "Questionnaire": "documents",
    "CareTeam": "team",
    "RelatedPerson": "team",
    "Goal": "plans",
    "CarePlan": "plans",
    "NutritionOrder": "plans",
    "RiskAssessment": "plans",
    "QuestionnaireResponse": "social",
    "Device": "devices",
    "DeviceRequest": "devices",
    "DeviceUseStatement": "devices",
    "Coverage": "coverage",
    "Claim": "coverage",
    "ClaimResponse": "coverage",
    "ExplanationOfBenefit": "coverage",
    "Account": "coverage",
    "Invoice": "coverage",
    "ChargeItem": "coverage",
    "Patient": "about",
    "Practitioner": DIRECTORY,
    "PractitionerRole": DIRECTORY,
    "Organization": DIRECTORY,
    "Location": DIRECTORY,
    "Medication": DIRECTORY,
    "HealthcareService": DIRECTORY,
    "Endpoint": DIRECTORY,
    "Substance": DIRECTORY,
    "Provenance": "other",
}

_OF_CATEGORY: Mapping[str, str] = {
    "vital-signs": "vitals",
    "laboratory": "results",
    "imaging": "results",
    "procedure": "results",
    "exam": "results",
    "social-history": "social",
    "survey": "social",
    "sdoh": "social",
    "functional-status": "social",
    "cognitive-status": "social",
    "disability-status": "social",
    "activity": "social",
    "therapy": "results",
    "care-experience-preference": "plans",
    "treatment-intervention-preference": "plans",
}
"""Observation categories: of HL7's observation-category and US Core's own."""

_FIRST = ("http://loinc.org", "http://snomed.info/sct", "http://hl7.org/fhir/sid/cvx")
_LONGEST = 200

_SAID_BY: Mapping[str, tuple[str, ...]] = {
    "Immunization": ("vaccineCode",),
    "Encounter": ("type", "class"),
    "DocumentReference": ("type",),
    "MedicationRequest": ("medicationCodeableConcept",),
    "MedicationStatement": ("medicationCodeableConcept",),
    "MedicationDispense": ("medicationCodeableConcept",),
    "MedicationAdministration": ("medicationCodeableConcept",),
    "Device": ("type",),
    "CarePlan": ("category",),
    "Goal": ("description",),
}


def section_of(resource: Json) -> str:
    """The name of the part a resource stands in; `other` for a kind nobody placed."""
    kind = text_of(resource, "resourceType")
    if kind == "Observation":
        return next(_categories(resource), "results")
    return _OF_KIND.get(kind, "other")


def concept_of(resource: Json) -> str:
    """What it is about: `system|code` of its best coding, or `text:` and its words, or nothing."""
    kind = text_of(resource, "resourceType")
    for element in _SAID_BY.get(kind, ("code",)):
        value = resource.get(element)
        for concept in [value] if isinstance(value, dict) else list(as_objects(value)):
            if said := _concept(concept):
                return said[:_LONGEST]
    return ""


def _categories(resource: Json) -> Iterator[str]:
    for concept in as_objects(resource.get("category")):
        for coding in as_objects(concept.get("coding")):
            if placed := _OF_CATEGORY.get(text_of(coding, "code")):
                yield placed


def _concept(concept: Mapping[str, Any]) -> str:
    codings = [one for one in as_objects(concept.get("coding")) if text_of(one, "code")]
    if text_of(concept, "code"):
        codings = [as_object(concept)]
    codings.sort(key=lambda one: text_of(one, "system") not in _FIRST)
    if codings:
        return f"{text_of(codings[0], 'system')}|{text_of(codings[0], 'code')}"
    words = " ".join(text_of(concept, "text").casefold().split())
    return f"text:{words}" if words else ""
