"""What the API can do, as a CapabilityStatement."""

from __future__ import annotations

from wellpost import __version__
from wellpost.adapters.fhir.measure_words import Resource

from .formats import FHIR_JSON
from .library import base
from .messaging import stated as messaging
from .record import stated

CHANGED_ON = "2026-11-23"
"""The day this module last said something new."""
EVALUATE = "http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure"
SEARCHED = {"_id": "token", "identifier": "token", "url": "uri", "version": "token"}


def capability_statement() -> Resource:
    """The statement of this server."""
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{base()}/metadata",
        "version": __version__,
        "name": "Wellpost",
        "title": "Wellpost FHIR API",
        "status": "active",
        "date": CHANGED_ON,
        "publisher": "Wellpost",
        "kind": "instance",
        "software": {"name": "Wellpost", "version": __version__},
        "implementation": {
            "description": "Health records and messages, and measures with their reports",
            "url": base(),
        },
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON, "json"],
        "instantiates": [stated.US_CORE],
        "rest": [
            {
                "mode": "server",
                "security": stated.security(),
                "resource": [*stated.resources(), *messaging.resources(), _measure()],
            }
        ],
    }


def _measure() -> Resource:
    return {
        "type": "Measure",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": name, "type": kind} for name, kind in SEARCHED.items()],
        "operation": [{"name": "evaluate-measure", "definition": EVALUATE}],
    }
