"""The sections of the document: what each is called, which resources it holds, how they read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wellpost.adapters.ccda import care, medications, notes, problems, results
from wellpost.adapters.ccda.elements import CCDA, Element, element
from wellpost.adapters.ccda.record import Record
from wellpost.adapters.fhir.elements import Json, as_objects, text_of
from wellpost.adapters.fhir.plain import section_of

Make = Callable[[Json, str, Record], Element | None]


@dataclass(frozen=True)
class Kind:
    """One kind of section. `required`: a CCD has it even when there is nothing to say."""

    name: str
    template: str
    newer: str
    code: str
    title: str
    make: Make | None = None
    required: bool = False

    @property
    def templates(self) -> list[Element]:
        """Its templates: C-CDA 1.1's, and the newer one."""
        if not self.template:
            return []
        root = f"{CCDA}.{self.template}"
        older = [] if self.name in NEW else [element("templateId", root=root)]
        newer = [element("templateId", root=root, extension=self.newer)] if self.newer else []
        return [*older, *newer]


NEW = {"team", "notes"}
"""Sections that C-CDA 1.1 did not have."""

KINDS: Sequence[Kind] = (
    Kind(
        "allergies", "2.6.1", "2015-08-01", "48765-2", "Allergies", problems.allergy, required=True
    ),
    Kind(
        "medications",
        "2.1.1",
        "2014-06-09",
        "10160-0",
        "Medicines",
        medications.medication,
        required=True,
    ),
    Kind(
        "problems",
        "2.5.1",
        "2015-08-01",
        "11450-4",
        "Health problems",
        problems.problem,
        required=True,
    ),
    Kind(
        "results", "2.3.1", "2015-08-01", "30954-2", "Test results", results.result, required=True
    ),
    Kind(
        "vitals", "2.4.1", "2015-08-01", "8716-3", "Vital signs", results.vital_sign, required=True
    ),
    Kind(
        "social", "2.17", "2015-08-01", "29762-2", "Social history", results.social, required=True
    ),
    Kind("immunizations", "2.2.1", "2015-08-01", "11369-6", "Vaccines", medications.immunization),
    Kind("procedures", "2.7.1", "2014-06-09", "47519-4", "Procedures", care.procedure),
    Kind("visits", "2.22.1", "2015-08-01", "46240-8", "Visits", care.visit),
    Kind("team", "2.500", "2022-06-01", "85847-2", "Care team", care.team),
    Kind("goals", "2.60", "", "61146-7", "Goals", care.goal),
    Kind("plans", "2.10", "2014-06-09", "18776-5", "Plans and orders", care.planned),
    Kind("devices", "2.23", "2014-06-09", "46264-8", "Devices and implants", medications.device),
    Kind("notes", "2.65", "2016-11-01", "34109-9", "Notes and documents", notes.note),
    Kind("other", "", "", "51855-5", "Everything else"),
)

PLACES = {
    "AllergyIntolerance": "allergies",
    "Condition": "problems",
    "MedicationRequest": "medications",
    "MedicationStatement": "medications",
    "MedicationAdministration": "medications",
    "MedicationDispense": "medications",
    "Immunization": "immunizations",
    "Procedure": "procedures",
    "Encounter": "visits",
    "CareTeam": "team",
    "Goal": "goals",
    "CarePlan": "plans",
    "ServiceRequest": "plans",
    "Device": "devices",
    "DocumentReference": "notes",
}

OBSERVED = {"vitals": "vitals", "social": "social"}

UNTOLD = {
    *("Patient", "Practitioner", "PractitionerRole", "Organization", "Location", "Medication"),
    *("RelatedPerson", "Provenance"),
}
"""Kinds that others refer to, or that say where these come from: no lines of their own."""


def place(resource: Json) -> str | None:
    """The section of a resource; None for one that is only referred to."""
    kind = text_of(resource, "resourceType")
    if kind in UNTOLD:
        return None
    if kind == "Observation":
        return OBSERVED.get(section_of(resource), "results")
    if kind == "DiagnosticReport":
        return "results" if any(True for _ in as_objects(resource.get("result"))) else "other"
    return PLACES.get(kind, "other")
