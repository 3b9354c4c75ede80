"""What is told of messages is valid FHIR R4 by a validator that is not ours."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from tests import made_files
from tests.server.fhir_api.messaging.conftest import reply, send, written
from tests.unit.adapters.measure_report.validator import issues
from wellpost.server.messaging import actions
from wellpost.server.routing.models import Reason
from wellpost.server.routing.pools import add_pool
from wellpost.server.routing.signals import about
from wellpost.server.routing.tasks import arrange, claim, reassign

pytestmark = pytest.mark.django_db


def test_every_answer_about_messages_is_valid_r4(
    phone, as_user, alice, amir, dr_chen, sam_staff, ada_admin, practice, fresh_key, tmp_path
):
    reason = Reason.objects.filter(practice=practice).first()
    with about(reason):
        begun = actions.start_thread(
            practice=practice, patient=alice, by=amir.user, subject="Her knee", body="It hurts.",
            client_key=fresh_key(), for_clinician=dr_chen,
            attachments=[ContentFile(made_files.pdf(), name="knee.pdf")],
        )  # fmt: skip
    answered = actions.send_message(
        thread=begun.thread, by=dr_chen.user, body="Rest.", client_key=fresh_key(),
        in_reply_to=begun,
    )  # fmt: skip
    automatic = actions.send_automatically(thread=begun.thread, body="Closed.", client_key="a")
    actions.retract_message(message=answered, by=dr_chen.user)
    pool = add_pool(practice=practice, by=ada_admin, name="Knees")
    reassign(thread=begun.thread, by=sam_staff, why="Ours.", pool=pool)
    claim(thread=begun.thread, by=sam_staff)
    arrange(thread=begun.thread, by=sam_staff, priority=1, follow_up_on=None, reason=reason)
    sam, ada = as_user(sam_staff), as_user(ada_admin)
    told = {
        "thread": phone.get(f"/fhir/Communication/{begun.thread_id}"),
        "with a file": phone.get(f"/fhir/Communication/{begun.pk}"),
        "taken back": phone.get(f"/fhir/Communication/{answered.pk}"),
        "automatic": phone.get(f"/fhir/Communication/{automatic.pk}"),
        "page": phone.get("/fhir/Communication?_count=2&colour=red"),
        "count": phone.get("/fhir/Communication?_summary=count"),
        "options": phone.get("/fhir/Communication/$options"),
        "sent": send(phone, reply(begun)),
        "sent and told": send(phone, written(alice), Prefer="return=OperationOutcome"),
        "refused": send(phone, reply(begun, priority="stat")),
        "task": sam.get(f"/fhir/Task/{begun.thread_id}"),
        "tasks": sam.get("/fhir/Task"),
        "patient": sam.get(f"/fhir/Patient/{alice.pk}"),
        "representatives": sam.get(f"/fhir/RelatedPerson?patient={alice.pk}"),
        "practitioners": sam.get("/fhir/Practitioner"),
        "events": ada.get("/fhir/AuditEvent?_count=100"),
        "own events": phone.get("/fhir/AuditEvent"),
        "metadata": sam.get("/fhir/metadata"),
    }
    actions.lock_thread(thread=begun.thread, by=sam_staff)
    told["locked"] = phone.get(f"/fhir/Communication/{begun.thread_id}")
    made = {name: each.json() for name, each in told.items()}
    faulty = wrong(made)
    found = issues([*made.values(), *faulty], tmp_path)
    assert dict(zip(told, found, strict=False)) == {name: [] for name in told}
    assert all(found[len(told) :]), "the validator knows these kinds"


def wrong(made):
    """Some of the answers with a fault each."""
    event = made["events"]["entry"][0]["resource"]
    return [
        made["thread"] | {"status": 7},
        made["with a file"] | {"partOf": {"reference": "Communication/1"}},
        made["task"] | {"intent": None},
        made["options"] | {"parameter": [{"valueString": "nameless"}]},
        {name: value for name, value in event.items() if name != "agent"},
    ]
