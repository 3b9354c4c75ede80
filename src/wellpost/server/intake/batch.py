"""What a feed brings, whatever its format, as the practice's own rows: one shape for all feeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

FHIR = "fhir"
CSV = "csv"
BY_HAND = "by hand"
HL7V2 = "hl7v2"


class PatientKey(NamedTuple):
    """A patient's record at one practice, as the feed knows it."""

    tin: str
    patient_id: str


@dataclass(frozen=True)
class PatientRow:
    """What the feed says of a patient. `identifiers` are (system, value), the feed's own first."""

    given_name: str
    family_name: str
    birth_on: date | None = None
    sex: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()


class Days(NamedTuple):
    """From when to when somebody works at a practice; `said` when the feed itself says so."""

    starts_on: date
    ends_on: date | None
    said: bool


@dataclass(frozen=True)
class VisitRow:
    """An encounter, with the feed's own identifier of it."""

    tin: str
    source_id: str
    patient_id: str
    npi: str
    seen_on: date
    kind: str
    county: str = ""
    certified_location: bool | None = None


@dataclass(frozen=True)
class PlannedRow:
    """A visit that is planned, with the feed's own identifier of it; npi may be empty."""

    tin: str
    source_id: str
    patient_id: str
    npi: str
    planned_on: date
    kind: str


@dataclass(frozen=True)
class DatumRow:
    """Data from a patient, with the feed's own identifier of it."""

    tin: str
    source_id: str
    patient_id: str
    npi: str
    received_on: date
    incorporated_on: date | None
    source: str


@dataclass(frozen=True)
class MessageRow:
    """A message written elsewhere; `in_reply_to` is the source's identifier or empty."""

    tin: str
    source_id: str
    thread_id: str
    patient_id: str
    npi: str
    sent_at: datetime
    sent_on: date
    sent_by: str
    sent_to: str
    in_reply_to: str
    subject: str
    text: str


@dataclass
class Batch:
    """All that one feed brings at once.

    `practices` and `clinicians` are names by TIN and NPI, `memberships` by (npi, tin);
    `says_what_stands`: an encounter's coming means that it stands, even if it was taken back;
    `withdrawn` are identifiers of encounters that the source no longer lets stand, `called_off` of
    planned visits.
    """

    source_system: str
    says_what_stands: bool = False
    practices: dict[str, str] = field(default_factory=dict)
    clinicians: dict[str, str] = field(default_factory=dict)
    memberships: dict[tuple[str, str], Days] = field(default_factory=dict)
    patients: dict[PatientKey, PatientRow] = field(default_factory=dict)
    visits: list[VisitRow] = field(default_factory=list)
    data: list[DatumRow] = field(default_factory=list)
    messages: list[MessageRow] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)
    planned: list[PlannedRow] = field(default_factory=list)
    called_off: set[str] = field(default_factory=set)
