"""What Wellpost takes from FHIR resources, as plain values that keep FHIR's own identifiers.

Nothing is decided here: a value says what the resource said. `mapping` decides what it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeAlias


class Place(NamedTuple):
    """Where a resource stands, as errors write it: `Encounter.ndjson.gz:14`.

    Line 0 is a file of which the line was not looked for.
    """

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Identifier(NamedTuple):
    """A business identifier; `type_code` is of HL7 table 0203 (MR, NPI, TAX, …) or empty."""

    system: str
    value: str
    type_code: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in whichever of FHIR's ways it was written; empty text is "not given"."""

    type: str = ""
    id: str = ""
    system: str = ""
    value: str = ""
    display: str = ""


class Code(NamedTuple):
    """A coded value with the system that defines it."""

    system: str
    code: str


@dataclass(frozen=True, slots=True)
class Patient:
    """`replaced_by`: this record was merged into another one."""

    id: str
    place: Place
    identifiers: tuple[Identifier, ...] = ()
    family: str = ""
    given: str = ""
    birth_date: date | None = None
    sex: str = ""
    email: str = ""
    phone: str = ""
    address: tuple[str, ...] = ()
    replaced_by: Reference | None = None


@dataclass(frozen=True, slots=True)
class Practitioner:
    """A person who works in health care, clinician or staff."""

    id: str
    place: Place
    identifiers: tuple[Identifier, ...] = ()
    family: str = ""
    given: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Organization:
    """`part_of`: the organization this one is a department or a site of."""

    id: str
    place: Place
    identifiers: tuple[Identifier, ...] = ()
    name: str = ""
    part_of: Reference | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A PractitionerRole: who works where, from when to when (either end may be open)."""

    id: str
    place: Place
    practitioner: Reference
    organization: Reference
    starts_on: date | None = None
    ends_on: date | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class RelatedPerson:
    """Somebody who speaks for a patient."""

    id: str
    place: Place
    patient: Reference


@dataclass(frozen=True, slots=True)
class Device:
    """A machine; `patient` is whose it is, empty for the clinic's own."""

    id: str
    place: Place
    patient: Reference


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who took part in an encounter, and as what (PPRF, ATND, …)."""

    individual: Reference
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Encounter:
    """`start` is the text of period.start: the day it names is the local one."""

    id: str
    place: Place
    identifiers: tuple[Identifier, ...]
    status: str
    class_code: str
    types: tuple[Code, ...]
    subject: Reference
    participants: tuple[Participant, ...]
    service_provider: Reference
    start: str


@dataclass(frozen=True, slots=True)
class Communication:
    """A thread (nothing in it, part of nothing) or a message of one."""

    id: str
    place: Place
    status: str
    subject: Reference
    sender: Reference
    recipients: tuple[Reference, ...]
    part_of: tuple[Reference, ...]
    in_response_to: tuple[Reference, ...]
    encounter: Reference
    media: tuple[str, ...]
    topic: str
    sent: str
    received: str
    has_payload: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """Something observed; kept only when a patient, relative or device had a hand in it."""

    id: str
    place: Place
    status: str
    subject: Reference
    performers: tuple[Reference, ...]
    device: Reference
    issued: str


@dataclass(frozen=True, slots=True)
class Document:
    """A DocumentReference; kept only when a patient, relative or device had a hand in it.

    `device` is the first author that is a Device.
    """

    id: str
    place: Place
    status: str
    subject: Reference
    performers: tuple[Reference, ...]
    device: Reference
    issued: str


@dataclass(frozen=True, slots=True)
class Event:
    """An AuditEvent: who did what to whose information; kept when the patient's side acted.

    `codes` are those of its subtypes and then of its type; `acting` is who asked for it.
    """

    id: str
    place: Place
    codes: tuple[str, ...]
    action: str
    outcome: str
    acting: Reference
    observer: Reference
    entities: tuple[Reference, ...]
    recorded: str


@dataclass(frozen=True, slots=True)
class Agent:
    """Who did what a Provenance tells of, and for whom."""

    who: Reference
    on_behalf_of: Reference


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who made or took in other resources, and when."""

    id: str
    place: Place
    targets: tuple[Reference, ...]
    recorded: str
    agents: tuple[Agent, ...]


@dataclass(frozen=True, slots=True)
class Appointment:
    """A visit that is planned; `actors` are everybody and everything it is planned with."""

    id: str
    place: Place
    status: str
    start: str
    actors: tuple[Reference, ...]
    types: tuple[Code, ...]


Resource: TypeAlias = (
    Patient
    | Practitioner
    | Organization
    | Role
    | RelatedPerson
    | Device
    | Encounter
    | Communication
    | Observation
    | Document
    | Event
    | Provenance
    | Appointment
)


@dataclass(frozen=True)
class LeftOut:
    """A resource that did not become what its kind becomes, and the reason's name."""

    resource_type: str
    reason: str
    place: Place
    says: str = ""


@dataclass
class Records:
    """All that was read from a folder, by FHIR type and id.

    `came` counts the resources read of each type, `tallied` those left out in bulk (with their
    reason, without a place each), `left_out` those left out one by one.
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
