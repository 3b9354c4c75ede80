"""Many at once: one key is one message, one version is changed by one."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.server.fhir_api.conftest import FHIR
from tests.server.fhir_api.messaging.conftest import reply, send
from tests.server.messaging.test_together import at_once  # noqa: F401 - the same fixture
from wellpost.server.fhir_api.messaging.references import Directory
from wellpost.server.messaging.models import Message
from wellpost.server.routing.models import Task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def test_one_key_sent_by_eight_at_once_is_one_message(phone, first, at_once):  # noqa: F811 - pytest's way
    body = reply(first)
    sent = at_once(lambda _: send(phone, body, Idempotency_Key="k"), range(8))
    assert {each.status_code for each in sent} <= {200, 201}
    assert len({each.json()["id"] for each in sent}) == 1
    assert Message.objects.count() == 2


def test_one_of_two_claims_of_the_same_version_holds(
    as_user,
    first,
    sam_staff,
    dr_chen,
    practice,
    at_once,  # noqa: F811 - pytest's way
):
    directory, path = Directory(practice), f"/fhir/Task/{first.thread_id}"
    told = as_user(sam_staff).get(path)
    owners = [directory.of_user(sam_staff), directory.of_clinician(dr_chen)]
    clients = [as_user(sam_staff), as_user(dr_chen.user)]

    def claim(number: int) -> int:
        body = json.dumps(told.json() | {"owner": owners[number]})
        by: Client = clients[number]
        return by.put(path, body, FHIR, headers={"If-Match": told["ETag"]}).status_code

    assert sorted(at_once(claim, range(2))) == [200, 412]
    assert Task.objects.get().owner is not None
