"""What the API can do, as a CapabilityStatement."""

from __future__ import annotations

from wellpost import __version__
from wellpost.adapters.fhir.measure_words import Resource

from .formats import FHIR_JSON
from .library import base

CHANGED_ON = "2026-11-23"
"""The day this module last said something new."""
EVALUATE = "http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure"
SEARCHED = {"_id": "token", "identifier": "token", "url": "uri", "version": "token"}
SECURITY = "Whoever is signed in at Wellpost sees here what its pages show them; others get 401."


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
        "implementation": {"description": "Measures and their reports", "url": base()},
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON, "json"],
        "rest": [
            {"mode": "server", "security": {"description": SECURITY}, "resource": [_measure()]}
        ],
    }


def _measure() -> Resource:
    return {
        "type": "Measure",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": name, "type": kind} for name, kind in SEARCHED.items()],
        "operation": [{"name": "evaluate-measure", "definition": EVALUATE}],
    }
