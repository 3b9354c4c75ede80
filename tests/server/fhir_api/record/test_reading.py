"""One resource: who may read it, as it is kept, and what stays on record of that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.server.fhir_api.record.conftest import anonymous, observation
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock
from wellpost.server.records.models import PortalAction

pytestmark = pytest.mark.django_db


def test_an_app_reads_what_the_patient_may_see(app_of, alice, has):
    row = has(alice, observation())
    answer = app_of(alice).get(f"/fhir/Observation/{row.pk}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/fhir+json"
    assert answer.content.decode() == row.body
    assert answer["ETag"] == 'W/"1"' and "GMT" in answer["Last-Modified"]


def test_what_the_app_has_already_is_not_sent_again(app_of, alice, has):
    row = has(alice, observation())
    phone = app_of(alice)
    address = f"/fhir/Observation/{row.pk}"
    same = phone.get(address, **{"If-None-Match": 'W/"1"'})
    assert (same.status_code, same.content) == (304, b"")
    assert phone.get(address, **{"If-None-Match": 'W/"2"'}).status_code == 200


def test_another_patients_resource_is_as_good_as_none(app_of, alice, bob, has):
    row = has(bob, observation())
    phone = app_of(alice)
    theirs = phone.get(f"/fhir/Observation/{row.pk}")
    none = phone.get("/fhir/Observation/0b1b2f7e-8f1c-4a52-9d4e-0a70cbf5d9d5")
    wrong = phone.get("/fhir/Observation/not-an-id")
    assert theirs.status_code == none.status_code == wrong.status_code == 404
    assert theirs.json() == none.json() == wrong.json()


def test_what_is_held_back_or_taken_back_is_as_good_as_none(app_of, alice, has):
    later = clock.now() + timedelta(days=2)
    held = has(alice, observation(), available_to_patient_at=later)
    wrong = has(alice, observation(status="entered-in-error"))
    phone = app_of(alice)
    assert phone.get(f"/fhir/Observation/{held.pk}").status_code == 404
    assert phone.get(f"/fhir/Observation/{wrong.pk}").status_code == 404
    with clock.held_at(later):
        assert phone.get(f"/fhir/Observation/{held.pk}").status_code == 200


def test_without_a_good_token_nothing_is_read(app_of, alice, has, as_user, dr_chen):
    row = has(alice, observation())
    address = f"/fhir/Observation/{row.pk}"
    for client in (anonymous(), as_user(alice.user), as_user(dr_chen.user)):
        answer = client.get(address)
        assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer ")
    assert app_of(alice).get(address, token="made-up").status_code == 401
    assert anonymous().get(address, headers={"Authorization": "Basic eDp5"}).status_code == 401


def test_a_scope_that_was_not_given_reads_nothing(app_of, alice, has):
    row = has(alice, observation())
    phone = app_of(alice, scope="launch/patient patient/Condition.rs patient/Patient.r")
    refused = phone.get(f"/fhir/Observation/{row.pk}")
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused["WWW-Authenticate"]
    assert 'scope="patient/Observation.r"' in refused["WWW-Authenticate"]
    assert phone.get(f"/fhir/Patient/{alice.pk}").status_code == 200
    assert phone.get("/fhir/Patient").status_code == 403  # reading is not searching


def test_a_narrow_scope_reads_what_it_names_alone(app_of, alice, has):
    vital, lab = has(alice, observation()), has(alice, observation(category=[]))
    wide = "http://terminology.hl7.org/CodeSystem/observation-category|vital-signs"
    phone = app_of(alice, scope=f"launch/patient patient/Observation.rs?category={wide}")
    assert phone.get(f"/fhir/Observation/{vital.pk}").status_code == 200
    assert phone.get(f"/fhir/Observation/{lab.pk}").status_code == 404
    assert phone.get("/fhir/Observation").json()["total"] == 1


def test_every_read_is_on_record_and_one_a_day_counts(app_of, alice, has):
    row = has(alice, observation())
    phone = app_of(alice)
    with clock.held_at(datetime(2021, 9, 15, 14, tzinfo=UTC)):
        for _ in range(3):
            phone.get(f"/fhir/Observation/{row.pk}")
        phone.get("/fhir/Observation")
    with clock.held_at(datetime(2021, 9, 16, 14, tzinfo=UTC)):
        phone.get("/fhir/Observation")
    used = PortalAction.objects.order_by("acted_at")
    assert [(each.action, each.acted_by, each.through) for each in used] == [
        ("api", "patient", "Heart Diary")
    ] * 2
    read = AuditRow.objects.filter(deed=Deed.RECORD_READ_BY_APP)
    assert read.count() == 5
    assert {each.actor_id for each in read} == {str(alice.user.pk)}


def test_a_representatives_app_reads_as_theirs_while_they_may(app_of, alice, amir, has):
    row = has(alice, observation())
    phone = app_of(alice, amir.user)
    assert phone.get(f"/fhir/Observation/{row.pk}").status_code == 200
    assert PortalAction.objects.get().acted_by == "representative"
    amir.ends_on = clock.today("UTC") - timedelta(days=1)
    amir.save()
    ended = phone.get(f"/fhir/Observation/{row.pk}")
    assert ended.status_code == 401 and 'error="invalid_token"' in ended["WWW-Authenticate"]
    assert phone.refresh().status_code == 400


def test_a_kind_that_there_is_not_is_not_found(app_of, alice):
    phone = app_of(alice)
    assert phone.get("/fhir/Claim").status_code == 404
    assert phone.get("/fhir/Claim/1").status_code == 404
