"""The part of the CapabilityStatement about the record (US Core 6.1.0; SMART App Launch 2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wellpost.server.records.parameters import PARAMETERS, Parameter
from wellpost.server.smart.addresses import at
from wellpost.server.smart.scopes import WRITABLE

OAUTH = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
CAPABILITIES = "http://fhir-registry.smarthealthit.org/StructureDefinition/capabilities"
SERVICE = "http://terminology.hl7.org/CodeSystem/restful-security-service"
US_CORE = "http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server"
EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
SAYS = (
    "An app that a patient let in by SMART App Launch, and that the practice approved, reads that "
    "one record; whoever is signed in at Wellpost sees the measures as its pages show them."
)


def security() -> dict[str, Any]:
    """How one gets in, in SMART's extension as well."""
    pages = {
        "authorize": "authorize",
        "token": "token",
        "revoke": "revoke",
        "introspect": "introspect",
        "register": "register",
    }
    inside = [{"url": name, "valueUri": at(page)} for name, page in pages.items()]
    return {
        "extension": [{"url": OAUTH, "extension": inside}],
        "cors": True,
        "service": [{"coding": [{"system": SERVICE, "code": "SMART-on-FHIR"}]}],
        "description": SAYS,
    }


def resources() -> Iterator[dict[str, Any]]:
    """Every kind, with how it is searched."""
    for kind, parameters in PARAMETERS.items():
        yield _resource(kind, parameters.items())


def _resource(kind: str, parameters: Any) -> dict[str, Any]:
    deeds = ["read", "search-type", *(["create"] if kind in WRITABLE else [])]
    included = [name for name, each in parameters if each.kind in ("reference", "patient")]
    stated: dict[str, Any] = {
        "type": kind,
        "interaction": [{"code": code} for code in deeds],
        "versioning": "versioned",
        "readHistory": False,
        "conditionalRead": "not-match",
        "referencePolicy": ["literal"],
        "searchRevInclude": ["Provenance:target"],
        "searchParam": [
            {"name": "_id", "type": "token"},
            {"name": "_lastUpdated", "type": "date"},
            *({"name": name, "type": _type(each)} for name, each in parameters),
        ],
    }
    if included:
        stated["searchInclude"] = [f"{kind}:{name}" for name in included]
    if kind == "Patient":
        stated["operation"] = [{"name": "everything", "definition": EVERYTHING}]
    return stated


def _type(parameter: Parameter) -> str:
    return {"code": "token", "patient": "reference"}.get(parameter.kind, parameter.kind)
