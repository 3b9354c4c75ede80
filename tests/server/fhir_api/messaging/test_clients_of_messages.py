"""A client that nobody here wrote walks the whole way: begin, answer, read, search."""

from __future__ import annotations

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome

from tests.server.conftest import make_member
from tests.server.fhir_api.messaging.conftest import ALL_OF_IT, written
from tests.server.fhir_api.record.test_clients import here  # noqa: F401 - the same fixture
from tests.server.smart.conftest import Phone
from wellpost.server.messaging import actions
from wellpost.server.messaging.models import Message
from wellpost.server.people.models import Role

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_fhirpy_begins_answers_reads_and_searches(here, approved, alice, dr_chen, as_user):  # noqa: F811 - pytest's way
    phone = Phone(approved, as_user(alice.user))
    token = phone.connect(aud=here, scope=ALL_OF_IT)["access_token"]
    client = SyncFHIRClient(here, authorization=f"Bearer {token}")
    begun = client.resource("Communication", **{
        name: value for name, value in written(alice).items() if name != "resourceType"
    })  # fmt: skip
    begun.save()
    thread = begun["partOf"][0]["reference"]
    message = Message.objects.get(pk=begun.id)
    theirs = actions.send_message(
        thread=message.thread, by=_staff(alice), body="Since when?", client_key="1"
    )
    answer = client.resource(
        "Communication",
        status="completed",
        subject=begun["subject"],
        partOf=[{"reference": thread}],
        inResponseTo=[{"reference": f"Communication/{theirs.pk}"}],
        payload=[{"contentString": "Since Monday."}],
    )
    answer.save()
    said = client.resources("Communication").search(part_of=thread).sort("sent").limit(1)
    texts = [each["payload"][0]["contentString"] for each in said.fetch_all()]
    assert sorted(texts) == ["It hurts.", "Since Monday.", "Since when?"]
    assert client.get("Communication", str(message.thread_id))["topic"]["text"] == "My knee"
    assert client.resources("Communication").search(patient=str(alice.pk)).count() == 4
    answer["payload"] = [{"contentString": "Since Sunday."}]
    with pytest.raises(OperationOutcome, match="If-Match"):
        answer.save()
    assert client.resources("AuditEvent").search(action="C").fetch()


def _staff(patient):
    return make_member(patient.practice, "Stan Sand", Role.STAFF)
