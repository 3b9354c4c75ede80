"""Whose a resource is: the elements by which R4's patient compartment takes it in.

https://hl7.org/fhir/R4/compartmentdefinition-patient.html, each kind's own element first; a
performer or an author is no subject, so those elements of the definition are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of

DIRECTORY = frozenset(
    {
        *("Practitioner", "PractitionerRole", "Organization", "Location", "HealthcareService"),
        *("Medication", "Substance", "Endpoint", "OrganizationAffiliation", "DeviceDefinition"),
        *("Questionnaire", "PlanDefinition", "ActivityDefinition"),
    }
)
"""Kinds of no patient that records refer to."""

FOLLOWS = frozenset({"Provenance", "Binary"})
"""Kinds that are about another resource and belong where that one does."""

NOT_KEPT: Mapping[str, str] = {
    "Communication": "messages",
    "AuditEvent": "another_systems_log",
    "Group": "several_patients",
    "Bundle": "inner_bundle",
}
"""Kinds that have no place in a record, and why."""

_ELEMENTS: Mapping[str, tuple[str, ...]] = {
    "Coverage": ("beneficiary",),
    "Task": ("for",),
    "ResearchSubject": ("individual",),
    "SupplyRequest": ("deliverTo",),
    "EnrollmentRequest": ("candidate",),
    "Appointment": ("participant.actor",),
    "AppointmentResponse": ("actor",),
    "Schedule": ("actor",),
    "Person": ("link.target",),
    "PaymentNotice": (),
}
_USUAL = ("subject", "patient")

_ENCOUNTERS = ("encounter", "context", "context.encounter", "item.encounter")


def patients_named(resource: Json) -> list[Json]:
    """The references that say whose the resource is: none, one, or several of a shared one.

    For a Patient itself there are none: its id says it.
    """
    kind = text_of(resource, "resourceType")
    named = _all(resource, _ELEMENTS.get(kind, _USUAL))
    return [one for one in named if _may_be_patient(one)]


def encounters_named(resource: Json) -> list[Json]:
    """The references to the visit at which it came to be."""
    named = _all(resource, _ENCOUNTERS)
    return [one for one in named if "EpisodeOfCare" not in text_of(one, "reference")]


def followed(resource: Json) -> list[Json]:
    """What a Provenance or a Binary is about."""
    return list(_all(resource, ("target", "securityContext")))


def attachments(resource: Json) -> Iterator[str]:
    """The addresses of the files that a document, report or picture of the record leads to."""
    places = chain(
        (as_object(one.get("attachment")) for one in as_objects(resource.get("content"))),
        as_objects(resource.get("presentedForm")),
        [as_object(resource.get("content"))],
    )
    return (text_of(one, "url") for one in places if text_of(one, "url"))


def _may_be_patient(reference: Json) -> bool:
    """Whether it leads to a patient as far as it says: of a place or a device it does not."""
    written, named = text_of(reference, "reference"), text_of(reference, "type")
    if named or not written:
        return named == "Patient"
    return written.startswith(("Patient/", "Patient?", "urn:uuid:")) or "/Patient/" in written


def _all(resource: Json, paths: tuple[str, ...]) -> Iterator[Json]:
    for path in paths:
        yield from _at(resource, path)


def _at(value: object, path: str) -> Iterator[Json]:
    if isinstance(value, list):
        for each in value:
            yield from _at(each, path)
    elif isinstance(value, dict):
        name, _, rest = path.partition(".")
        if path:
            yield from _at(value.get(name), rest)
        elif "reference" in value or "identifier" in value:
            yield value
