"""Taking a message back by the API, in the version that was read and no other."""

from __future__ import annotations

import pytest

from tests.server.fhir_api.conftest import why
from tests.server.fhir_api.messaging.conftest import ALL_OF_IT, send, where
from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions
from wellpost.server.messaging.models import Message

pytestmark = pytest.mark.django_db


def taken_back(phone, message):
    told = phone.get(f"/fhir/Communication/{message.pk}")
    return told.json() | {"status": "entered-in-error"}, told["ETag"]


def test_alice_takes_her_message_back_once_and_it_is_kept(phone, answer):
    body, tag = taken_back(phone, answer)
    path = f"Communication/{answer.pk}"
    done = send(phone, body, path, how="put", If_Match=tag)
    assert done.status_code == 200 and done["ETag"] == 'W/"2"'
    assert done.json()["status"] == "entered-in-error" and done.json()["payload"] == body["payload"]
    assert Message.objects.get(pk=answer.pk).retracted_at
    assert AuditRow.objects.filter(deed="message_retracted").count() == 1
    again = send(phone, body, path, how="put", If_Match=tag)
    assert again.status_code == 412
    refused = send(phone, body, path, how="put", If_Match='W/"2"')
    assert refused.status_code == 422 and "already" in why(refused.json())


def test_without_its_version_or_with_another_nothing_is_changed(phone, answer):
    body, _ = taken_back(phone, answer)
    path = f"Communication/{answer.pk}"
    assert send(phone, body, path, how="put").status_code == 428
    assert send(phone, body, path, how="put", If_Match='W/"7"').status_code == 412
    assert send(phone, body, path, how="put", If_Match="").status_code == 412
    assert not Message.objects.get(pk=answer.pk).retracted_at


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"status": "completed"}, "Communication.status"),
        ({"payload": [{"contentString": "Something else"}]}, "Communication.payload"),
        ({"sender": {"reference": "Patient/1"}}, "Communication.sender"),
        ({"note": [{"text": "a"}]}, "Communication.note"),
    ],
)
def test_a_message_is_never_edited(changes, place, phone, answer):
    body, tag = taken_back(phone, answer)
    path = f"Communication/{answer.pk}"
    refused = send(phone, body | changes, path, how="put", If_Match=tag)
    assert refused.status_code == 422 and where(refused) == place
    assert "never edited" in why(refused.json())
    assert not Message.objects.get(pk=answer.pk).retracted_at


def test_nobody_takes_back_what_another_wrote(phone, app_of, first, alice, bob, amir):
    body, tag = taken_back(phone, first)
    path = f"Communication/{first.pk}"
    for each in (phone, app_of(alice, amir.user, scope=ALL_OF_IT), app_of(bob, scope=ALL_OF_IT)):
        assert send(each, body, path, how="put", If_Match=tag).status_code == 404
    assert not Message.objects.get(pk=first.pk).retracted_at


def test_a_thread_is_not_changed_here_nor_with_a_scope_to_write_alone(phone, app_of, answer, alice):
    thread = phone.get(f"/fhir/Communication/{answer.thread_id}")
    path = f"Communication/{answer.thread_id}"
    assert send(phone, thread.json(), path, how="put", If_Match=thread["ETag"]).status_code == 405
    body, tag = taken_back(phone, answer)
    writes = app_of(alice, scope="launch/patient patient/Communication.c")
    refused = send(writes, body, f"Communication/{answer.pk}", how="put", If_Match=tag)
    assert refused.status_code == 403 and "patient/Communication.u" in refused["WWW-Authenticate"]
    actions.lock_thread(thread=answer.thread, by=answer.in_reply_to.sender)
    locked = send(phone, body, f"Communication/{answer.pk}", how="put", If_Match=tag)
    assert locked.status_code == 422
