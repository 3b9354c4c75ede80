"""Statements a request: the same however many messages, threads and people there are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.server.fhir_api.messaging.conftest import ALL_OF_IT, reply, send
from wellpost.server.messaging import actions

pytestmark = pytest.mark.django_db


def counted(deed):
    with CaptureQueriesContext(connection) as held:
        answer = deed()
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code < 300, answer.content
    said = [each["sql"] for each in held if "SAVEPOINT" not in each["sql"]]
    return len(said)


READS = {
    "message": ("/fhir/Communication/{message}", 8),
    "thread": ("/fhir/Communication/{thread}", 9),
    "search": ("/fhir/Communication?_count=50", 11),
    "of a thread": ("/fhir/Communication?part-of=Communication/{thread}", 8),
    "threads": ("/fhir/Communication?part-of:missing=true", 8),
    "events": ("/fhir/AuditEvent?_count=10", 17),
}
OF_WHO_ACTS = {
    "search": ("/fhir/Communication?_count=50", 16),
    "message": ("/fhir/Communication/{message}", 14),
}
OF_STAFF = {
    "of a patient": ("/fhir/Communication?patient={patient}&_count=50", 22),
    "list": ("/fhir/Communication?part-of:missing=true", 13),
    "task": ("/fhir/Task/{thread}", 10),
    "tasks": ("/fhir/Task", 10),
}


@pytest.fixture
def more(alice, dr_chen, sam_staff, amir, fresh_key):
    """Begins five more threads of four messages each, of several people."""

    def make():
        for number in range(5):
            begun = actions.start_thread(
                practice=alice.practice, patient=alice, by=dr_chen.user, subject=f"About {number}",
                body="Well?", client_key=fresh_key(),
            )  # fmt: skip
            for by in (alice.user, sam_staff, amir.user):
                actions.send_message(
                    thread=begun.thread, by=by, body="Yes.", client_key=fresh_key()
                )

    return make


def places(message, patient):
    return {"message": message.pk, "thread": message.thread_id, "patient": patient.pk}


def compared(by, addresses, message, patient, more):
    """The statements of each address before and after there is more to read."""
    full = {name: each.format(**places(message, patient)) for name, (each, _) in addresses.items()}
    before = {}
    for name, each in full.items():
        by.get(each)
        before[name] = counted(lambda each=each: by.get(each))
    more()
    for name, each in full.items():
        by.get(each)
        after = counted(lambda each=each: by.get(each))
        assert after <= min(before[name], addresses[name][1]), (name, before[name], after)


def test_reads_of_an_app_cost_no_more_with_more_to_read(phone, first, answer, alice, more):
    compared(phone, READS, first, alice, more)


def test_reads_of_who_acts_for_a_patient_neither(app_of, amir, first, answer, alice, more):
    compared(app_of(alice, amir.user, scope=ALL_OF_IT), OF_WHO_ACTS, first, alice, more)


def test_reads_of_staff_neither(as_user, sam_staff, first, answer, alice, more):
    compared(as_user(sam_staff), OF_STAFF, first, alice, more)


def test_a_sending_costs_a_sending_and_its_answer(phone, first, alice):
    send(phone, reply(first))
    n = counted(lambda: send(phone, reply(first)))
    assert n <= 16
