"""What an app sends: taken once, for the practice to look at; refused with the reason."""

from __future__ import annotations

import json

import pytest

from tests.server.fhir_api.conftest import FHIR, why
from tests.server.fhir_api.record.conftest import anonymous
from wellpost.server.from_home.models import HomeDatum
from wellpost.server.records.models import PortalAction

pytestmark = pytest.mark.django_db
WRITES = "launch/patient patient/Observation.crs"


def weight(patient, **changes):
    """A body weight in kilograms, as a scale's app writes it."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "subject": {"reference": f"Patient/{patient.pk}"},
        "effectiveDateTime": "2021-09-14T08:15:00-04:00",
        "valueQuantity": {
            "value": 70.5,
            "unit": "kg",
            "system": "http://unitsofmeasure.org",
            "code": "kg",
        },
    } | changes


def send(phone, resource, kind="Observation", **more):
    headers = {"Authorization": f"Bearer {phone.tokens['access_token']}"}
    usual = {"content_type": FHIR, "headers": headers}
    return anonymous().post(f"/fhir/{kind}", json.dumps(resource), **(usual | more))


def test_a_reading_is_taken_once_and_waits_for_the_practice(app_of, alice):
    phone = app_of(alice, scope=WRITES)
    for _ in range(2):
        answer = send(phone, weight(alice))
        assert answer.status_code == 202 and "The practice looks at it" in why(answer.json())
    (kept,) = HomeDatum.objects.all()
    assert kept.patient == alice
    assert phone.get("/fhir/Observation").json()["total"] == 0
    assert {each.action for each in PortalAction.objects.all()} == {"api"}  # the search's


@pytest.mark.parametrize("odd", ["\ud800", "\x00"])
def test_half_characters_and_nul_are_refused_wherever_they_stand(app_of, alice, odd):
    phone, whole = app_of(alice, scope=WRITES), weight(alice, device={"display": "Scale"})
    written = json.dumps(whole)
    for each in ("Observation", "final", "http://loinc", "29463", "2021", "kg"):
        resource = json.loads(written.replace(f'"{each}', f'"{json.dumps(odd)[1:-1]}{each}'))
        assert resource != whole
        assert send(phone, resource).status_code in (400, 422)
    assert not HomeDatum.objects.exists()
    scale = weight(alice, device={"display": f"Sc{odd}ale"})
    assert send(phone, scale).status_code == (202 if odd == "\x00" else 400)


def test_reading_is_not_writing(app_of, alice):
    for scope in ("launch/patient patient/*.rs", "launch/patient patient/*.read"):
        answer = send(app_of(alice, scope=scope), weight(alice))
        assert answer.status_code == 403
        assert 'scope="patient/Observation.c"' in answer["WWW-Authenticate"]
    assert not HomeDatum.objects.exists()


def test_a_reading_of_another_patient_is_refused(app_of, alice, bob):
    answer = send(app_of(alice, scope=WRITES), weight(bob))
    assert answer.status_code == 422 and "subject" in why(answer.json())
    assert not HomeDatum.objects.exists()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "preliminary"}, 422),
        ({"effectiveDateTime": "2021-09-14"}, 422),
        ({"effectiveDateTime": "2031-09-14T08:15:00-04:00"}, 422),
        ({"valueQuantity": {"value": 70.5, "unit": "kg"}}, 422),
        ({"code": {"coding": []}}, 422),
        ({"resourceType": "Condition"}, 422),
    ],
)
def test_what_is_wrong_with_a_reading_is_told(changes, status, app_of, alice):
    answer = send(app_of(alice, scope=WRITES), weight(alice, **changes))
    assert answer.status_code == status and len(why(answer.json())) > 20
    assert not HomeDatum.objects.exists()


def test_other_kinds_and_other_forms_are_refused(app_of, alice):
    phone = app_of(alice, scope=f"{WRITES} patient/*.rs")
    assert send(phone, {"resourceType": "Condition"}, "Condition").status_code == 405
    assert send(phone, weight(alice), content_type="text/plain").status_code == 415
    assert send(phone, []).status_code == 400
    assert not HomeDatum.objects.exists()
