"""A patient as FHIR says it, from what the practice wrote down here."""

from __future__ import annotations

from typing import Any

from wellpost.server.people.models import Patient

GENDERS = {"male", "female", "other", "unknown"}


def as_fhir(patient: Patient) -> dict[str, Any]:
    """A FHIR R4 Patient; what is not known is left out."""
    person = patient.surviving
    made: dict[str, Any] = {
        "resourceType": "Patient",
        "id": str(person.pk),
        "identifier": [
            {"system": each.system, "value": each.value} for each in person.identifiers.all()
        ],
        "name": [
            {"use": "official", "family": person.family_name, "given": [person.given_name]},
        ],
        "telecom": [
            {"system": system, "value": value}
            for system, value in (("phone", person.phone), ("email", person.email))
            if value
        ],
        "gender": person.sex if person.sex in GENDERS else "",
        "birthDate": person.birth_on.isoformat() if person.birth_on else "",
        "address": [{"text": person.address, "line": person.address.splitlines()}]
        if person.address
        else [],
    }
    return {name: value for name, value in made.items() if value}
