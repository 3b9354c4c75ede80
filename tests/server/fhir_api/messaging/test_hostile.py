"""Whatever comes, it is answered in sentences: never a fault of the server, never half a deed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.fhir_api.messaging.conftest import reply, send
from wellpost.server.fhir_api.messaging import searching, tasks
from wellpost.server.messaging.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
SAID = (200, 201, 400, 404, 409, 413, 415, 422)
TEXT = st.text(max_size=20)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
REFERENCE = st.fixed_dictionaries({"reference": TEXT | st.just("Patient/1") | ANYTHING})
ELEMENTS = ["subject", "sender", "recipient", "payload", "partOf", "inResponseTo", "topic",
            "category", "identifier", "status", "priority", "note", "resourceType"]  # fmt: skip
CONTENT = st.dictionaries(
    st.sampled_from(["contentString", "contentAttachment", "contentReference", "data"]),
    ANYTHING | st.fixed_dictionaries({"data": ANYTHING, "title": ANYTHING}),
    max_size=2,
)
CHANGES = st.dictionaries(
    st.sampled_from(ELEMENTS),
    ANYTHING | REFERENCE | st.lists(REFERENCE, max_size=2) | st.lists(CONTENT, max_size=3),
    min_size=1,
    max_size=3,
)
OFTEN = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@OFTEN
@given(changes=CHANGES)
def test_whatever_is_sent_is_taken_or_refused(phone, first, changes):
    before = Message.objects.count()
    answer = send(phone, reply(first) | changes)
    assert answer.status_code in SAID, answer.content
    assert Message.objects.count() - before == (answer.status_code == 201)
    if answer.status_code >= 400:
        assert answer.json()["issue"][0]["diagnostics"]


@pytest.mark.parametrize("odd", ["\ud800", "\x00"])
def test_half_characters_and_nul_are_refused_wherever_they_stand(phone, first, odd):
    """As a value of each text, and as the name of an element that there is not."""
    whole = reply(first, identifier=[{"system": "s", "value": "v"}])
    before, taken = Message.objects.count(), 0
    for each in [*sorted({*_texts(whole)}), '"status":']:
        changed = json.dumps(whole).replace(each, each.replace('"', f'"{_escaped(odd)}', 1), 1)
        assert changed != json.dumps(whole)
        answer = send(phone, changed)
        assert answer.status_code in SAID, (each, answer.content)
        taken += answer.status_code == 201
    assert Message.objects.count() - before == taken
    assert taken == 0 or odd == "\x00"  # which the system of an identifier may hold


def _texts(held: object) -> Iterator[str]:
    inside = held.values() if isinstance(held, dict) else held if isinstance(held, list) else ()
    for each in inside:
        yield from _texts(each)
    if isinstance(held, str):
        yield json.dumps(held)


def _escaped(odd: str) -> str:
    return json.dumps(odd)[1:-1]


@OFTEN
@given(
    changes=st.dictionaries(st.sampled_from(["owner", "performerType", "status", "note"]), ANYTHING)
)
def test_whatever_is_sent_for_a_task_is_taken_or_refused(as_user, first, sam_staff, changes):
    body = {"resourceType": "Task", "status": "requested"} | changes
    path = f"Task/{first.thread_id}"
    answer = send(as_user(sam_staff), body, path, how="put", If_Match="*")
    assert answer.status_code in SAID, answer.content


@OFTEN
@given(name=st.sampled_from(sorted(searching.SEARCHED.parameters)), value=st.text(max_size=30))
def test_whatever_is_asked_is_found_or_refused(phone, first, name, value):
    held = {"Authorization": f"Bearer {phone.tokens['access_token']}"}
    for modifier in ("", ":missing", ":Patient"):
        answer = Client().get("/fhir/Communication", {f"{name}{modifier}": value}, headers=held)
        assert answer.status_code in SAID, answer.content


@OFTEN
@given(name=st.sampled_from(sorted(tasks.SEARCHED.parameters)), value=st.text(max_size=30))
def test_whatever_is_asked_of_tasks_is_found_or_refused(as_user, first, sam_staff, name, value):
    answer = as_user(sam_staff).get("/fhir/Task", {name: value})
    assert answer.status_code in SAID, answer.content
