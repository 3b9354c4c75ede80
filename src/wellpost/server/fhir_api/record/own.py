"""Resources that have no source: made of our own tables each time, kept nowhere.

The patient where no source told of them, visits that were recorded here, their clinicians, the
practice, and those who act for the patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from wellpost.adapters.fhir.exact import write_exact
from wellpost.server.clock import time as clock
from wellpost.server.people.fhir_ids import organization_id, practitioner_id
from wellpost.server.people.models import (
    Clinician,
    Patient,
    Practice,
    Representative,
)
from wellpost.server.records.indexing import SearchValues, search_values
from wellpost.server.records.models import Encounter, Resource

from .reader import Reader

NPI = "http://hl7.org/fhir/sid/us-npi"
GENDERS = {"m": "male", "male": "male", "f": "female", "female": "female", "other": "other"}
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CLASSES = {"office_visit": ("AMB", "ambulatory"), "telehealth": ("VR", "virtual")}


@dataclass(frozen=True)
class Made:
    """A made resource, in the shape of a kept one; its version is told by its content."""

    id: UUID
    kind: str
    body: str
    version: str
    changed_at: datetime
    values: SearchValues

    @property
    def occurred_at(self) -> datetime | None:
        """When what it is about happened."""
        return self.values.occurred_at


Parts = tuple[UUID, datetime, dict[str, Any]]
Maker = Callable[[Reader], Iterable[Parts]]
FURTHER: dict[str, Maker] = {}
"""Makers of other rooms, by kind: of people whom their resources name."""


def made(kind: str, reader: Reader) -> list[Made]:
    """Every made resource of the kind in the reader's record, each once."""
    held: dict[UUID, Parts] = {}
    for make in (_MAKERS.get(kind), FURTHER.get(kind)):
        for each in make(reader) if make else ():
            held.setdefault(each[0], each)
    return [_made(*each, reader.time_zone) for each in held.values()]


def _made(key: UUID, changed_at: datetime, resource: dict[str, Any], zone: ZoneInfo) -> Made:
    version = sha256(orjson.dumps(resource)).hexdigest()[:12]
    told = changed_at.astimezone(UTC).isoformat(timespec="milliseconds")
    meta = {"versionId": version, "lastUpdated": told}
    whole = {"resourceType": resource["resourceType"], "id": str(key), "meta": meta} | resource
    values = search_values(resource, zone)
    return Made(key, whole["resourceType"], write_exact(whole), version, changed_at, values)


def _patients(reader: Reader) -> Iterator[Parts]:
    held = set(
        Resource.objects.filter(pk__in=reader.records, kind="Patient").values_list("pk", flat=True)
    )
    missing = [each for each in reader.records if each not in held]
    for patient in Patient.objects.filter(pk__in=missing).select_related("practice"):
        yield patient.pk, patient.created_at, patient_resource(patient)


def patient_resource(patient: Patient) -> dict[str, Any]:
    """A patient of whom no source told."""
    made: dict[str, Any] = {
        "resourceType": "Patient",
        "identifier": _identifiers(patient),
        "active": patient.merged_into_id is None,
        "name": [{"family": patient.family_name, "given": patient.given_name.split()}],
        "gender": GENDERS.get(patient.sex.casefold(), "unknown"),
        "managingOrganization": {"reference": _organization_of(patient.practice)},
    }
    if telecom := [*_contact("email", patient.email), *_contact("phone", patient.phone)]:
        made["telecom"] = telecom
    if patient.birth_on:
        made["birthDate"] = patient.birth_on.isoformat()
    if lines := [line for line in patient.address.splitlines() if line.strip()]:
        made["address"] = [{"text": ", ".join(lines), "line": lines}]
    if patient.merged_into_id:
        other = {"reference": f"Patient/{patient.merged_into_id}"}
        made["link"] = [{"other": other, "type": "replaced-by"}]
    return made


def _identifiers(patient: Patient) -> list[dict[str, str]]:
    """Those that others know the patient by; at the least our own."""
    held = sorted(patient.identifiers.all(), key=lambda each: each.pk)
    own = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{patient.pk}"}
    return [own, *({"system": each.system, "value": each.value} for each in held)]


def _contact(system: str, value: str) -> Iterator[dict[str, str]]:
    if value:
        yield {"system": system, "value": value}


def _visits(reader: Reader) -> Iterator[Parts]:
    told = Resource.objects.filter(
        patient__in=reader.records, kind="Encounter", encounter__isnull=False
    )
    held = Encounter.objects.filter(patient__in=reader.records, cancelled_at=None)
    unseen = held.exclude(pk__in=told.values("encounter"))
    for visit in unseen.select_related("clinician", "practice").order_by("pk"):
        yield visit.pk, visit.recorded_at, _visit(visit)


def _visit(visit: Encounter) -> dict[str, Any]:
    code, display = CLASSES.get(visit.kind, CLASSES["office_visit"])
    who = {
        "reference": f"Practitioner/{practitioner_id(visit.practice, visit.clinician)}",
        "display": visit.clinician.name,
    }
    day = visit.seen_on.isoformat()
    return {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": ACT, "code": code, "display": display},
        "type": [{"text": str(visit.get_kind_display())}],
        "subject": {"reference": f"Patient/{visit.patient_id}"},
        "participant": [{"individual": who}],
        "period": {"start": day, "end": day},
        "serviceProvider": {"reference": _organization_of(visit.practice)},
    }


def _clinicians(reader: Reader) -> Iterator[Parts]:
    """The clinicians of the visits made here."""
    practice = reader.patient.practice
    seen = Encounter.objects.filter(patient__in=reader.records, cancelled_at=None)
    for one in Clinician.objects.filter(pk__in=seen.values("clinician")).order_by("pk"):
        yield practitioner_id(practice, one), reader.patient.created_at, clinician_resource(one)


def clinician_resource(clinician: Clinician) -> dict[str, Any]:
    """A clinician, by name and NPI."""
    given, _, family = clinician.name.rpartition(" ")
    name = {"text": clinician.name, "family": family} | ({"given": given.split()} if given else {})
    return {
        "resourceType": "Practitioner",
        "identifier": [{"system": NPI, "value": clinician.npi}],
        "active": True,
        "name": [name],
    }


def _practices(reader: Reader) -> Iterator[Parts]:
    practice = reader.patient.practice
    made: dict[str, Any] = {
        "resourceType": "Organization",
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{practice.pk}"}],
        "active": True,
        "name": practice.name,
    }
    if practice.phone:
        made["telecom"] = [{"system": "phone", "value": practice.phone}]
    yield organization_id(practice), reader.patient.created_at, made


def _representatives(reader: Reader) -> Iterator[Parts]:
    held = Representative.objects.filter(patient__in=reader.records, may_see_record=True)
    today = clock.today(reader.patient.practice.time_zone)
    for each in held.order_by("pk"):
        yield each.pk, reader.patient.created_at, representative_resource(each, today)


def representative_resource(each: Representative, today: date) -> dict[str, Any]:
    """Who acts for a patient, between two days."""
    period = {"start": each.starts_on.isoformat()}
    if each.ends_on:
        period["end"] = each.ends_on.isoformat()
    return {
        "resourceType": "RelatedPerson",
        "active": each.active_on(today),
        "patient": {"reference": f"Patient/{each.patient_id}"},
        "relationship": [{"text": each.relationship}],
        "name": [{"text": each.name}],
        "period": period,
    }


def _organization_of(practice: Practice) -> str:
    return f"Organization/{organization_id(practice)}"


_MAKERS: Mapping[str, Callable[[Reader], Iterator[Parts]]] = {
    "Patient": _patients,
    "Encounter": _visits,
    "Practitioner": _clinicians,
    "Organization": _practices,
    "RelatedPerson": _representatives,
}
