"""What tests of the record keep in it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from wellpost.server.people.models import Patient
from wellpost.server.records.keeping import keep
from wellpost.server.records.models import Resource

Keep = Callable[..., Resource]


def weight(kilograms: str = "70.50", on: str = "2021-06-03T09:00:00-04:00") -> dict[str, Any]:
    """A body weight as an Observation."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "effectiveDateTime": on,
        "issued": on,
        "valueQuantity": {"value": Decimal(kilograms), "unit": "kg", "code": "kg"},
    }


@pytest.fixture
def kept() -> Keep:
    """Keeps a resource of a patient, by the machine."""

    def of(patient: Patient, resource: dict[str, Any], **more: Any) -> Resource:
        return keep(practice=patient.practice, patient=patient, resource=resource, by=None, **more)

    return of
