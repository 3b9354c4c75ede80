"""Resources with a value for every search parameter, made from the table of parameters itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from wellpost.server.people.fhir_ids import id_of
from wellpost.server.people.models import Patient
from wellpost.server.records.bodies import resource_of
from wellpost.server.records.indexing import search_values
from wellpost.server.records.models import Resource
from wellpost.server.records.parameters import PARAMETERS, Parameter

SOURCE = "matrix"
ANYTHING = "Observation"
"""What a reference that may lead anywhere leads to."""


def id_in(patient: Patient, kind: str) -> UUID:
    """The id of the one resource of the kind in the patient's record."""
    if kind == "Patient":
        return patient.pk
    return id_of(patient.practice_id, kind, SOURCE, str(patient.pk))


def filled(kind: str, id_to: Callable[[str], UUID]) -> dict[str, Any]:
    """A resource of the kind with a value at every element that is searched.

    `id_to` gives the id that a reference to a kind names.
    """
    made: dict[str, Any] = {"resourceType": kind}
    for parameter in PARAMETERS.get(kind, {}).values():
        for path in parameter.paths:
            if not path.startswith("extension["):
                _put(made, path.split("."), _value(parameter, id_to))
            else:
                url = path.removeprefix("extension[").partition("]")[0]
                made["extension"] = [{"url": url, "valueDateTime": "2021-06-03"}]
    return made


def values_of(row: Resource, name: str, patient: Patient) -> list[str]:
    """For a parameter a value that finds the resource; of `patient` whose record it is."""
    if name == "_id":
        return [str(row.pk)]
    if name == "_lastUpdated":
        return ["gt2000"]
    parameter = PARAMETERS[row.kind][name]
    if parameter.kind == "patient":
        return [f"Patient/{patient.pk}"]
    found = search_values(resource_of(row))
    if parameter.kind == "date":
        return [next(at.date().isoformat() for held, at, _ in found.moments if held == name)]
    bar = "/" if parameter.kind == "reference" else "|"
    pairs = ((system, code) for held, system, code in found.tokens if held == name)
    return [next(f"{system}{bar}{code}" for system, code in pairs).lstrip("|/")]


def _value(parameter: Parameter, id_to: Callable[[str], UUID]) -> object:
    if parameter.kind == "reference":
        target = (parameter.targets or (ANYTHING,))[0]
        return {"reference": f"{target}/{id_to(target)}"}
    return {
        "token": {"coding": [{"system": "urn:s", "code": "c1"}]},
        "code": "active",
        "uri": "urn:u",
        "string": "Zoë",
        "date": "2021-06-03",
    }[parameter.kind]


def _put(held: dict[str, Any], steps: list[str], value: object) -> None:
    """Set it there, unless something stands there."""
    *before, last = steps
    for step in before:
        held = held.setdefault(step, {})
        if not isinstance(held, dict):
            return
    held.setdefault(last, value)
