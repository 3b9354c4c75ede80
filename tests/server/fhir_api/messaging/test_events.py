"""Who looked, as AuditEvents: for patients of their data, for administrators of the practice."""

from __future__ import annotations

import pytest

from tests.server.fhir_api.messaging.conftest import ALL_OF_IT, found
from tests.server.fhir_api.record.conftest import link
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow
from wellpost.server.fhir_api.messaging.deeds import ACTIONS
from wellpost.server.messaging import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def read_by_sam(first, sam_staff):
    queries.open_thread(first.thread_id, sam_staff)
    return AuditRow.objects.filter(deed="thread_read").latest("pk")


def test_alice_sees_who_read_her_messages_and_nothing_of_others(
    phone, app_of, read_by_sam, bob, alice
):
    told = phone.get(f"/fhir/AuditEvent/{read_by_sam.event_id}").json()
    (agent,) = told["agent"]
    assert agent["name"] == "Sam Stone" and agent["role"] == [{"text": "Staff"}]
    assert "network" not in agent and told["action"] == "R" and told["outcome"] == "0"
    assert told["subtype"][0]["code"] == "thread_read"
    assert told["entity"][0]["what"]["reference"] == f"Patient/{alice.pk}"
    theirs = app_of(bob, scope=ALL_OF_IT)
    assert theirs.get(f"/fhir/AuditEvent/{read_by_sam.event_id}").status_code == 404
    assert str(read_by_sam.event_id) not in found(theirs.get("/fhir/AuditEvent"))
    assert found(theirs.get(f"/fhir/AuditEvent?patient={alice.pk}")) == []


def test_an_app_that_read_is_named_beside_its_user(phone, first, alice):
    phone.get(f"/fhir/Communication/{first.pk}")
    row = AuditRow.objects.filter(deed="thread_read").latest("pk")
    who, app = phone.get(f"/fhir/AuditEvent/{row.event_id}").json()["agent"]
    assert who["requestor"] and who["who"]["reference"] == f"Patient/{alice.pk}"
    assert app["who"]["display"] == "Heart Diary" and not app["requestor"]


def test_the_administrator_sees_all_of_the_practice_and_looking_is_on_record(
    as_user, read_by_sam, ada_admin, sam_staff, dr_chen
):
    ada = as_user(ada_admin)
    assert str(read_by_sam.event_id) in found(ada.get("/fhir/AuditEvent"))
    assert AuditRow.objects.latest("pk").deed == "audit_read"
    for user in (sam_staff, dr_chen.user):
        assert as_user(user).get("/fhir/AuditEvent").status_code == 404
        assert as_user(user).get(f"/fhir/AuditEvent/{read_by_sam.event_id}").status_code == 404


def test_each_parameter_narrows(as_user, phone, read_by_sam, ada_admin, alice, sam_staff):
    ada, event = as_user(ada_admin), str(read_by_sam.event_id)
    sam = ada.get("/fhir/Practitioner?name=stone").json()["entry"][0]["resource"]["id"]
    for query, there in {
        f"patient=Patient/{alice.pk}": True,
        "patient=Patient/00000000-0000-0000-0000-000000000000": False,
        "date=2021-09-15": True,
        "date=lt2021-09-15": False,
        f"agent=Practitioner/{sam}": True,
        f"agent=Patient/{alice.pk}": False,
        "action=R": True,
        "action=C,U,D,E": False,
        f"_id={event}": True,
    }.items():
        assert (event in found(ada.get(f"/fhir/AuditEvent?{query}"))) is there, query
    own = AuditRow.objects.filter(patient_id=str(alice.pk))
    everything = [str(each) for each in own.values_list("event_id", flat=True)]
    page, seen = phone.get("/fhir/AuditEvent?_count=2&_sort=date"), []
    while onward := link(page, "next"):
        seen += found(page)
        page = phone.get(onward)
    seen += found(page)
    assert len(seen) == len(set(seen)) >= 3 and set(everything) <= set(seen)
    assert phone.get("/fhir/AuditEvent?_summary=count").json()["total"] >= len(seen)


def test_every_deed_has_one_action():
    given = [deed for deeds in ACTIONS.values() for deed in deeds]
    assert sorted(given) == sorted(Deed.values)
    told = {deed: action for action, deeds in ACTIONS.items() for deed in deeds}
    expected = {
        "thread_read": "R", "threads_listed": "R", "message_sent": "C", "thread_started": "C",
        "message_retracted": "U", "task_claimed": "U", "content_destroyed": "D", "signed_in": "E",
        "record_read_by_app": "R", "attachment_read": "R", "messages_marked_read": "U",
    }  # fmt: skip
    assert {deed: told[deed] for deed in expected} == expected
