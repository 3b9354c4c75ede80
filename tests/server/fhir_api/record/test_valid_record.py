"""What apps read is valid FHIR R4 by a validator that is not ours."""

from __future__ import annotations

import json

import pytest

from tests.server.fhir_api.record.conftest import RXNORM, concept, observation
from tests.unit.adapters.measure_report.validator import issues
from wellpost.server.records.models import Encounter

pytestmark = pytest.mark.django_db


def test_every_answer_is_valid_r4_to_a_validator_that_knows_the_record(
    app_of, alice, amir, dr_chen, has, tmp_path
):
    alice.phone, alice.address, alice.sex = "207 555 0100", "1 Main St\nPortland ME", "female"
    alice.save()
    Encounter.objects.create(
        practice=alice.practice, patient=alice, clinician=dr_chen, seen_on="2021-06-03",
        kind="telehealth",
    )  # fmt: skip
    drug = has(alice, {"resourceType": "Medication", "code": concept(RXNORM, "1191")}, own=False)
    whose = {"reference": f"Patient/{alice.pk}"}
    has(
        alice,
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "intent": "order",
            "subject": whose,
            "medicationReference": {"reference": f"Medication/{drug.pk}"},
        },
    )
    for day in ("2021-06-01", "2021-06-02"):
        has(alice, observation(on=day, subject=whose))
    phone = app_of(alice)
    visit = phone.get("/fhir/Encounter").json()["entry"][0]["resource"]
    who = visit["participant"][0]["individual"]["reference"]
    addresses = {
        "patient": f"/fhir/Patient/{alice.pk}",
        "visit": f"/fhir/Encounter/{visit['id']}",
        "clinician": f"/fhir/{who}",
        "practice": f"/fhir/{visit['serviceProvider']['reference']}",
        "representative": f"/fhir/RelatedPerson/{amir.pk}",
        "page": "/fhir/Observation?_count=1",
        "beside": "/fhir/MedicationRequest?_include=MedicationRequest:medication",
        "told": "/fhir/Observation?colour=red",
        "none": "/fhir/Goal",
        "count": "/fhir/Observation?_summary=count",
        "everything": "/fhir/Patient/$everything",
        "400": "/fhir/Observation?date=x",
        "404": "/fhir/Goal/1",
    }
    answered = {name: phone.get(address).json() for name, address in addresses.items()}
    narrow = app_of(alice, scope="launch/patient patient/Goal.rs")
    answered["403"] = narrow.get("/fhir/Observation").json()
    answered["401"] = phone.get("/fhir/Observation", token="x").json()
    for bundle in [each for each in answered.values() if each["resourceType"] == "Bundle"]:
        assert len({json.dumps(entry) for entry in bundle.get("entry", [])}) == len(
            bundle.get("entry", [])
        )
    wrong = [answered["patient"] | each for each in ({"birthDate": 7}, {"colour": "red"})]
    found = issues([*answered.values(), *wrong], tmp_path)
    assert dict(zip(answered, found[:-2], strict=True)) == {name: [] for name in answered}
    assert all(found[-2:]), found
