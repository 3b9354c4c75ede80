"""A resource on its way into the record, and what is refused at the door."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wellpost.errors import DataRefusedError
from wellpost.server.people.models import Patient, Practice

MOST_CHARACTERS = 16_000_000
"""The longest resource that is kept, in characters of JSON: a scanned document fits in."""

_KIND = re.compile(r"[A-Z][A-Za-z]{1,39}")


@dataclass(frozen=True)
class Incoming:
    """One resource with its references already to this server's ids.

    `patient` None: the practice's own (a practitioner, say). `came` is its text where that
    differs from what is kept. The moments are as in `models.Resource`.
    """

    id: UUID
    practice: Practice
    patient: Patient | None
    resource: Mapping[str, Any]
    available_to_clinician_at: datetime
    available_to_patient_at: datetime | None
    encounter_id: UUID | None = None
    source_system: str = ""
    source_id: str = ""
    came: bytes | None = None

    @property
    def kind(self) -> str:
        """The FHIR type."""
        return str(self.resource["resourceType"])


def kind_of(resource: Mapping[str, Any]) -> str:
    """The FHIR type; DataRefusedError where it has none."""
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise DataRefusedError('a resource needs its type, such as "resourceType": "Observation".')
    return kind


def is_withdrawn(resource: Mapping[str, Any]) -> bool:
    """Whether its source says that it was entered in error, as status or verification status."""
    if resource.get("status") == "entered-in-error":
        return True
    said = resource.get("verificationStatus")
    codings = said.get("coding") if isinstance(said, dict) else None
    return isinstance(codings, list) and any(
        isinstance(one, dict) and one.get("code") == "entered-in-error" for one in codings
    )


def refuse_unkeepable(body: str, kind: str) -> None:
    """DataRefusedError for what is too long, or holds a NUL, which no database text can."""
    if len(body) > MOST_CHARACTERS:
        raise DataRefusedError(
            f"a {kind} of {len(body) / 1e6:.0f} million characters; at most "
            f"{MOST_CHARACTERS / 1e6:.0f} million are kept. Keep large files outside the record."
        )
    if "\\u0000" in body:
        raise DataRefusedError(f"a {kind} holds a NUL character, which FHIR's texts may not have.")
