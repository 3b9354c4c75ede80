"""All that was read from a folder: the resources that are held, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wellpost.adapters.fhir.datatypes import Place, Reference
from wellpost.adapters.fhir.resources import (
    Appointment,
    Communication,
    Device,
    Document,
    Encounter,
    Event,
    Observation,
    Organization,
    Patient,
    Practitioner,
    Provenance,
    RelatedPerson,
    Resource,
    Role,
)


@dataclass(frozen=True)
class LeftOut:
    """A resource that did not become what its kind becomes, and the reason's name."""

    resource_type: str
    reason: str
    place: Place
    says: str = ""


@dataclass(frozen=True)
class Repeated:
    """A resource whose id comes again further on: of whom it is, and of whom the next one is."""

    resource_type: str
    place: Place
    of: Reference
    next_of: Reference


@dataclass
class Records:
    """All that was read from a folder, by FHIR type and id.

    `came` counts the resources read of each type, `tallied` those left out in bulk (with their
    reason, without a place each), `left_out` those left out one by one. Of those `repeated` the
    reason is told when everybody is known: `repeats.repeats_left_out`.
    """

    folder: str
    patients: dict[str, Patient] = field(default_factory=dict)
    practitioners: dict[str, Practitioner] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    related_persons: dict[str, RelatedPerson] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    encounters: dict[str, Encounter] = field(default_factory=dict)
    communications: dict[str, Communication] = field(default_factory=dict)
    observations: dict[str, Observation] = field(default_factory=dict)
    provenances: dict[str, Provenance] = field(default_factory=dict)
    appointments: dict[str, Appointment] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    came: dict[str, int] = field(default_factory=dict)
    tallied: dict[tuple[str, str], int] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    repeated: list[Repeated] = field(default_factory=list)
    ignored_files: list[str] = field(default_factory=list)

    def of_type(self, fhir_type: str) -> Mapping[str, Resource]:
        """The records of a FHIR type by id; empty for a type that is not taken."""
        found: Mapping[str, Resource] = getattr(self, HELD_IN[fhir_type], {})
        return found


HELD_IN: Mapping[str, str] = {
    "Patient": "patients",
    "Practitioner": "practitioners",
    "Organization": "organizations",
    "PractitionerRole": "roles",
    "RelatedPerson": "related_persons",
    "Device": "devices",
    "Encounter": "encounters",
    "Communication": "communications",
    "Observation": "observations",
    "Provenance": "provenances",
    "Appointment": "appointments",
    "DocumentReference": "documents",
    "AuditEvent": "events",
}
"""The FHIR types Wellpost takes, and the field of `Records` that holds each."""
