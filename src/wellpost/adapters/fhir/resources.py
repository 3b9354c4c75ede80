"""What Wellpost takes from FHIR resources, as plain values that keep FHIR's own identifiers.

Nothing is decided here: a value says what the resource said. `mapping` decides what it means.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from wellpost.adapters.fhir.datatypes import Code, Identifier, Place, Reference


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
