"""Alice's record: some resources of several years, kept as they came."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.adapters.ccda import made_up
from wellpost.server.records.keeping import keep

NOW = datetime(2021, 7, 1, 15, tzinfo=UTC)


def weighed(name: str, on: str, kilograms: float) -> made_up.Json:
    """A weight of a day."""
    amount = made_up.measured(kilograms, "kg")
    made = made_up.observed(name, "vital-signs", "29463-7", "Body weight", valueQuantity=amount)
    return {**made, "effectiveDateTime": on}


@pytest.fixture
def record_of_alice(alice):
    """A condition of 2010, a weight of 2019 and one of 2021, and the clinician who is named."""
    chen = _kept(alice, {**made_up.CHEN, "id": "chen"}, patient=None)
    named = {"performer": [{"reference": f"Practitioner/{chen.pk}"}]}
    for resource in (
        made_up.CONDITION,
        {**weighed("early", "2019-03-01", 70.5), **named},
        weighed("late", "2021-03-01", 71),
    ):
        _kept(alice, resource, patient=alice)
    return alice


def _kept(alice, resource, patient):
    return keep(
        practice=alice.practice,
        patient=patient,
        resource=resource,
        by=None,
        source_system="test",
        source_id=resource["id"],
        available_to_patient_at=datetime(2021, 1, 1, tzinfo=UTC),
    )
