"""Small FHIR folders for tests, and where the reference data lies."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import orjson

SYNTHEA = Path(__file__).parents[2] / "data" / "synthea"
BUNDLES = SYNTHEA / "r4-bundles-as-ndjson"
BULK = SYNTHEA / "bulk-10-patients"

NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
TIN_SYSTEM = "urn:oid:2.16.840.1.113883.4.4"
CHEN_NPI, DIAZ_NPI = "1234567893", "1245319599"

Resource = dict[str, Any]


def patient(id_: str, **more: Any) -> Resource:
    return {"resourceType": "Patient", "id": id_} | more


def practitioner(id_: str, npi: str | None, family: str = "Chen", given: str = "Li") -> Resource:
    identifiers = [{"system": NPI_SYSTEM, "value": npi}] if npi else []
    return {
        "resourceType": "Practitioner",
        "id": id_,
        "identifier": identifiers,
        "name": [{"family": family, "given": [given]}],
    }


def organization(id_: str, tin: str | None, **more: Any) -> Resource:
    identifiers = [{"system": TIN_SYSTEM, "value": tin}] if tin else []
    return {"resourceType": "Organization", "id": id_, "identifier": identifiers} | more


def role(id_: str, practitioner_: str, organization_: str, **more: Any) -> Resource:
    return {
        "resourceType": "PractitionerRole",
        "id": id_,
        "practitioner": {"reference": practitioner_},
        "organization": {"reference": organization_},
    } | more


def encounter(id_: str, **more: Any) -> Resource:
    return {
        "resourceType": "Encounter",
        "id": id_,
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": {"reference": "Patient/alice"},
        "participant": [{"individual": {"reference": "Practitioner/chen"}}],
        "serviceProvider": {"reference": "Organization/north"},
        "period": {"start": "2021-06-03T23:30:00-04:00"},
    } | more


def communication(id_: str, sender: str, *recipients: str, **more: Any) -> Resource:
    return {
        "resourceType": "Communication",
        "id": id_,
        "status": "completed",
        "subject": {"reference": "Patient/alice"},
        "sender": {"reference": sender},
        "recipient": [{"reference": one} for one in recipients],
        "sent": "2021-06-10T08:00:00-04:00",
        "payload": [{"contentString": "…"}],
    } | more


PRACTICE: tuple[Resource, ...] = (
    patient("alice"),
    patient("bob"),
    practitioner("chen", CHEN_NPI),
    practitioner("diaz", DIAZ_NPI, "Diaz", "Ana"),
    practitioner("nurse", None, "Nunes", "Rui"),
    organization("north", "001234567"),
    role("chen-north", "Practitioner/chen", "Organization/north"),
    role("diaz-north", "Practitioner/diaz", "Organization/north"),
    role("nurse-north", "Practitioner/nurse", "Organization/north"),
    {"resourceType": "RelatedPerson", "id": "amir", "patient": {"reference": "Patient/alice"}},
)


def write(folder: Path, *resources: Resource, name: str = "export.ndjson") -> Path:
    """A folder with these resources in one file, gzipped when its name says so."""
    folder.mkdir(exist_ok=True)
    text = b"".join(orjson.dumps(one) + b"\n" for one in resources)
    (folder / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return folder
