"""Conversations of Alice, and apps and people that ask for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.server.fhir_api.conftest import FHIR
from tests.server.fhir_api.record.conftest import app_of, has  # noqa: F401 - the same fixtures
from tests.server.messaging.conftest import first, fresh_key, nothing_held  # noqa: F401 - the same
from tests.server.smart.conftest import Phone, approved, registered  # noqa: F401 - the same
from wellpost.server.messaging import actions
from wellpost.server.messaging.models import Message
from wellpost.server.people.models import Patient

ALL_OF_IT = "launch/patient patient/*.rs patient/Communication.crus patient/AuditEvent.rs"
Sender = Callable[..., Any]


@pytest.fixture
def phone(app_of, alice) -> Phone:  # noqa: F811 - pytest's way
    """Alice's app, let in to her messages."""
    return app_of(alice, scope=ALL_OF_IT)


@pytest.fixture
def answer(first: Message, alice: Patient, fresh_key) -> Message:  # noqa: F811 - pytest's way
    """Alice's answer to Dr Chen."""
    return actions.send_message(
        thread=first.thread, by=alice.user, body="Thank you.", client_key=fresh_key(),
        in_reply_to=first,
    )  # fmt: skip


def written(patient: Patient, **changes: Any) -> dict[str, Any]:
    """A new conversation of the patient's; None leaves an element out."""
    usual = {
        "resourceType": "Communication",
        "status": "completed",
        "subject": {"reference": f"Patient/{patient.pk}"},
        "topic": {"text": "My knee"},
        "payload": [{"contentString": "It hurts."}],
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def reply(to: Message, **changes: Any) -> dict[str, Any]:
    """An answer in the conversation of a message."""
    patient = to.thread.patient
    part_of = [{"reference": f"Communication/{to.thread_id}"}]
    return written(patient, topic=None, partOf=part_of, **changes)


def send(
    by: Phone | Client,
    resource: Any,
    path: str = "Communication",
    *,
    how: str = "post",
    **headers: str,
) -> Any:
    """What is answered to a resource sent, by an app or from a session."""
    text = resource if isinstance(resource, (str, bytes)) else json.dumps(resource)
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(by, Phone):
        told["Authorization"] = f"Bearer {by.tokens['access_token']}"
        by = Client()
    return getattr(by, how)(f"/fhir/{path}", text, content_type=FHIR, headers=told)


def found(answer: Any) -> list[str]:
    """The ids of a search, in their order."""
    assert answer.status_code == 200, answer.content
    return [each["resource"]["id"] for each in answer.json().get("entry", [])]


def where(answer: Any) -> str:
    """The element that an OperationOutcome names."""
    (issue,) = answer.json()["issue"]
    return issue.get("expression", [""])[0]
