"""Resources of an import on their way into the record: made theirs, and written some at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wellpost.adapters.fhir.directory import Key
from wellpost.adapters.fhir.elements import Json, as_object, codes_of, text_of
from wellpost.adapters.fhir.exact import NotJsonError, read_exact, write_exact
from wellpost.adapters.fhir.plain import section_of
from wellpost.adapters.fhir.rewriting import rewrite
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice
from wellpost.server.records.bodies import packed
from wellpost.server.records.grants import refresh
from wellpost.server.records.incoming import MOST_CHARACTERS, Incoming
from wellpost.server.records.keeping import keep_many
from wellpost.server.records.moments import holds_of, known_at, released_at

from .batch import FHIR
from .record_account import RecordAccount
from .record_homes import Addresses, Homes, NotKept
from .report import ImportReport

AT_ONCE = 500
BYTES_AT_ONCE = 16_000_000
ENTRIES = "entries of the record"


SECRETS = frozenset({"SS", "SB", "DL", "PPN", "TAX"})
"""Types of identifiers that nothing here needs (HL7 table 0203): social security numbers,
driving licences, passports. They are not kept, in no form."""


def without_secrets(resource: dict[str, Any], line: bytes) -> bytes:
    """The text as it is kept: as it came, but for a patient's secret numbers, which are taken out
    of the resource too.
    """
    held = resource.get("identifier")
    if resource["resourceType"] != "Patient" or not isinstance(held, list):
        return line.strip()
    kept = [one for one in held if not _is_secret(one)]
    if len(kept) == len(held):
        return line.strip()
    resource["identifier"] = kept
    return write_exact(resource).encode()


def _is_secret(identifier: object) -> bool:
    held = as_object(identifier)
    codes = {code.code for code in codes_of([held.get("type")])}
    return bool(codes & SECRETS) or "ssn" in text_of(held, "system")


@dataclass
class RecordWriting:
    """`met` are the keys of the directory that each practice's resources referred to."""

    homes: Homes
    account: RecordAccount
    report: ImportReport
    met: dict[UUID, set[Key]] = field(default_factory=dict)
    now: datetime = field(default_factory=clock.now)
    _waiting: list[Incoming] = field(default_factory=list)
    _counted: dict[UUID, str] = field(default_factory=dict)
    _bytes: int = 0
    _encounters: set[UUID] = field(default_factory=set)
    _holds: dict[UUID, Mapping[str, int]] = field(default_factory=dict)

    def add(
        self, line: bytes, resource: Json, places: list[tuple[Practice, Patient | None]]
    ) -> None:
        """Put a resource on its way to every practice that keeps it; NotKept where it cannot be."""
        if len(line) > MOST_CHARACTERS or b"\\u0000" in line:
            raise NotKept("unkeepable")
        for practice, patient in places:
            self._waiting.append(self._incoming(line, resource, practice, patient))
        self._counted[self._waiting[-1].id] = resource["resourceType"]
        self._bytes += len(line)
        if len(self._waiting) >= AT_ONCE or self._bytes >= BYTES_AT_ONCE:
            self.flush()

    def _incoming(
        self, line: bytes, resource: Json, practice: Practice, patient: Patient | None
    ) -> Incoming:
        try:
            own: dict[str, Any] = read_exact(line)
            came = without_secrets(own, line)
        except NotJsonError:
            raise NotKept("unkeepable") from None
        known = known_at(resource, self.now, ZoneInfo(practice.time_zone))
        days = self._holds_of(practice).get(section_of(resource), 0)
        key = Key(resource["resourceType"], resource["id"])
        rewrite(own, Addresses(self.homes, practice, self.met.setdefault(practice.pk, set())))
        return Incoming(
            id=self.homes.id_at(practice, key),
            practice=practice,
            patient=patient,
            resource=own,
            available_to_clinician_at=known,
            available_to_patient_at=released_at(known, self.now, days),
            encounter_id=self.homes.visit_row(practice, resource) if patient else None,
            source_system=FHIR,
            source_id=key.id[:200],
            came=packed(came),
        )

    def _holds_of(self, practice: Practice) -> Mapping[str, int]:
        if practice.pk not in self._holds:
            self._holds[practice.pk] = holds_of(practice)
        return self._holds[practice.pk]

    def flush(self) -> None:
        """Write what waits, and count it."""
        kept = keep_many(self._waiting)
        refused = {coming.id for coming, _ in kept.refused}
        for pk, kind in self._counted.items():
            if pk in refused:
                self.account.leave_out(kind, "unkeepable")
            else:
                self.account.kept[kind] += 1
        tally = self.report.of(ENTRIES)
        tally.new += len(kept.new)
        tally.changed += len(kept.changed)
        tally.unchanged += len(kept.unchanged)
        self._encounters |= kept.encounters
        self._waiting, self._counted, self._bytes = [], {}, 0

    def finish(self) -> None:
        """Write the rest, and tell anew when the visits could be read."""
        self.flush()
        refresh(self._encounters)
        self._encounters = set()
