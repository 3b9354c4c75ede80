"""A connected app writes an Observation."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal

import pytest

from wellpost.errors import DataRefusedError
from wellpost.server.from_home.models import HomeDatum
from wellpost.server.from_home.receiving import receive_observation
from wellpost.server.people.permissions import NotAllowed

pytestmark = pytest.mark.django_db

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"


@pytest.fixture
def glucose(alice) -> dict:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": "2339-0"}]},
        "subject": {"reference": f"Patient/{alice.pk}"},
        "effectiveDateTime": "2021-06-15T08:00:00-04:00",
        "valueQuantity": {"value": Decimal("5.5"), "unit": "mmol/L", "system": UCUM,
                          "code": "mmol/L"},
        "device": {"display": "Meter"},
    }  # fmt: skip


def test_it_waits_like_all_others(alice, glucose):
    made = receive_observation(by=alice.user, patient=alice, resource=glucose, through="Sugar App")
    assert (made.kind, made.value, made.state) == ("glucose", Decimal("99.0858"), "waiting")
    assert (made.source, made.through, made.device) == ("device", "Sugar App", "Meter")


def test_sent_again_it_is_the_same(alice, glucose):
    for _each in range(2):
        receive_observation(by=alice.user, patient=alice, resource=glucose, through="Sugar App")
    assert HomeDatum.objects.count() == 1


def test_blood_pressure_has_two_components(alice, glucose):
    glucose["code"]["coding"][0]["code"] = "85354-9"
    del glucose["valueQuantity"]
    glucose["component"] = [
        {
            "code": {"coding": [{"system": LOINC, "code": code}]},
            "valueQuantity": {"value": value, "system": UCUM, "code": "mm[Hg]"},
        }
        for code, value in (("8462-4", 82), ("8480-6", 128))
    ]
    made = receive_observation(by=alice.user, patient=alice, resource=glucose, through="App")
    assert (made.value, made.second) == (Decimal(128), Decimal(82))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["resourceType"], "Patient", "Only an Observation"),
        (["status"], "preliminary", "status must be final"),
        (["subject", "reference"], "Patient/00000000-0000-4000-8000-000000000000", "subject must"),
        (["subject"], "Patient/1", "subject must"),
        (["code", "coding"], [], "LOINC codes"),
        (["code"], None, "LOINC codes"),
        (["valueQuantity", "value"], True, "needs a value"),
        (["valueQuantity", "value"], "1" * 10_000, "is not a number"),
        (["valueQuantity", "value"], {"a": 1}, "is not a number"),
        (["valueQuantity", "code"], "kg", "cannot be turned into mg/dL"),
        (["valueQuantity", "system"], "http://example.org", "system must be"),
        (["valueQuantity", "comparator"], "<", "comparator"),
        (["effectiveDateTime"], "2021-06-15", "must be a time"),
        (["effectiveDateTime"], "2031-06-15T08:00:00Z", "has not come yet"),
        (["effectiveDateTime"], ["x"], "must be a time"),
        (["effectivePeriod"], {"end": "never"}, "must be a time"),
    ],
)
def test_what_is_wrong_is_said(alice, glucose, path, value, says):
    changed = deepcopy(glucose)
    place = changed
    for each in path[:-1]:
        place = place[each]
    place[path[-1]] = value
    with pytest.raises(DataRefusedError, match=says):
        receive_observation(by=alice.user, patient=alice, resource=changed, through="App")
    assert not HomeDatum.objects.exists()


def test_an_app_writes_for_nobody_but_its_own_patient(alice, bob, glucose):
    with pytest.raises(NotAllowed):
        receive_observation(by=bob.user, patient=alice, resource=glucose, through="App")
