"""Sending by the API: begun, answered, with files, once; and everything that is refused."""

from __future__ import annotations

import base64
from datetime import date, time
from unittest.mock import patch

import pytest
from django.test import Client

from tests import made_files
from tests.server.fhir_api.conftest import why
from tests.server.fhir_api.messaging.conftest import ALL_OF_IT, reply, send, where, written
from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.models import Message
from wellpost.server.people.actions import end_representative
from wellpost.server.routing.hours import set_answering, set_hours
from wellpost.server.routing.models import Reason, Task

pytestmark = pytest.mark.django_db
PDF = base64.b64encode(made_files.pdf()).decode()


def attached(data=PDF, **more):
    return {
        "contentAttachment": {"contentType": "application/pdf", "title": "knee.pdf", "data": data}
        | more
    }


def texts(message, by):
    return [each.text for each in queries.open_thread(message.thread_id, by).messages]


def test_alice_begins_a_conversation_about_a_reason_with_a_clinician_she_knows(
    phone, alice, first, practice, dr_chen
):
    options = phone.get("/fhir/Communication/$options").json()["parameter"]
    people = [each["valueReference"] for each in options if each["name"] == "recipient"]
    assert [each["display"] for each in people] == [practice.name, "Dr Chen"]
    reasons = [
        each["part"][0]["valueCodeableConcept"] for each in options if each["name"] == "reason"
    ]
    assert any("911" in each.get("valueString", "") for each in options)
    asked = written(alice, recipient=[people[1]], category=[reasons[0]])
    answer = send(phone, asked)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert answer["Location"] == f"http://localhost:8000/fhir/Communication/{made['id']}"
    assert answer["ETag"] == 'W/"1"' and made["payload"] == [{"contentString": "It hurts."}]
    message = Message.objects.get(pk=made["id"])
    assert (message.sender, message.sender_kind, message.clinician) == (
        alice.user,
        "patient",
        dr_chen,
    )
    task = Task.objects.get(thread=message.thread)
    assert str(task.reason_id) == reasons[0]["coding"][0]["code"] and task.waiting == "practice"
    assert texts(message, dr_chen.user) == ["It hurts."]
    begun = AuditRow.objects.get(deed="thread_started", target_id=made["id"])
    assert begun.details["app"] == phone.app.pk and begun.actor_id == str(alice.user.pk)


def test_she_answers_and_the_practice_answers(phone, first, dr_chen, as_user, alice):
    about = {"inResponseTo": [{"reference": f"Communication/{first.pk}"}]}
    hers = send(phone, reply(first, **about))
    assert hers.status_code == 201 and hers.json()["inResponseTo"] == about["inResponseTo"]
    theirs = send(as_user(dr_chen.user), reply(first, payload=[{"contentString": "Good."}]))
    assert theirs.status_code == 201 and theirs.json()["sender"]["display"] == "Dr Chen"
    assert texts(first, alice.user)[1:] == ["It hurts.", "Good."]


def test_the_practice_writes_to_who_acts_for_alice_or_to_a_colleague_and_to_one_of_them(
    first, amir, alice, bob, sam_staff, dr_chen, dr_diaz, as_user
):
    sam, patient = as_user(sam_staff), f"Patient/{alice.pk}"

    def to(*references):
        people = [{"reference": each} for each in references]
        return send(sam, reply(first, recipient=people))

    acting = to(patient, f"RelatedPerson/{amir.pk}")
    assert acting.status_code == 201, acting.content
    assert Message.objects.get(pk=acting.json()["id"]).representative == amir
    assert acting.json()["recipient"][0]["reference"] == f"RelatedPerson/{amir.pk}"
    diaz = sam.get("/fhir/Practitioner?name=diaz").json()["entry"][0]["resource"]["id"]
    colleague = to(f"Practitioner/{diaz}")
    assert colleague.status_code == 201, colleague.content
    assert Message.objects.get(pk=colleague.json()["id"]).addressed_to.clinician == dr_diaz
    assert first.thread.participants.filter(membership__clinician=dr_diaz).exists()
    assert to(patient).json()["recipient"][0]["reference"] == patient
    for refused in (
        to(f"RelatedPerson/{amir.pk}", f"Practitioner/{diaz}"),
        to(f"Patient/{bob.pk}"),
        to("Organization/1"),
    ):
        assert refused.status_code == 422, refused.content
        assert where(refused) == "Communication.recipient"
    assert Message.objects.filter(thread=first.thread).count() == 4


def test_who_acts_for_alice_writes_as_themselves_about_her(app_of, alice, amir, sam_staff, first):
    phone = app_of(alice, amir.user, scope=ALL_OF_IT)
    as_alice = send(phone, reply(first, sender={"reference": f"Patient/{alice.pk}"}))
    assert as_alice.status_code == 422 and where(as_alice) == "Communication.sender"
    as_amir = send(phone, reply(first, sender={"reference": f"RelatedPerson/{amir.pk}"}))
    told = as_amir.json()
    assert told["sender"]["reference"] == f"RelatedPerson/{amir.pk}"
    assert told["subject"]["reference"] == f"Patient/{alice.pk}"
    about_himself = send(phone, reply(first, subject={"reference": f"RelatedPerson/{amir.pk}"}))
    assert about_himself.status_code == 422 and where(about_himself) == "Communication.subject"
    end_representative(representative=amir, by=sam_staff, on=date(2021, 9, 14))
    assert send(phone, reply(first)).status_code == 401


def test_files_are_looked_through_and_come_back_as_they_went(phone, first):
    answer = send(phone, reply(first, payload=[{"contentString": "See this."}, attached()]))
    assert answer.status_code == 201, answer.content
    file = answer.json()["payload"][1]["contentAttachment"]
    assert (file["title"], file["contentType"]) == ("knee.pdf", "application/pdf")
    got = phone.get(f"/fhir/{file['url']}")
    assert b"".join(got.streaming_content).startswith(b"%PDF")


def test_one_key_is_one_message_however_often_it_is_sent(phone, app_of, alice, first):
    identifier = [{"system": "urn:app", "value": "n1"}]
    for given in (
        {"Idempotency_Key": "k1"},
        {"If_None_Exist": "identifier=urn:app|n1"},
    ):
        body = reply(first, identifier=identifier if "If_None_Exist" in given else None)
        once, again = send(phone, body, **given), send(phone, body, **given)
        assert (once.status_code, again.status_code) == (201, 200), again.content
        assert once.json() == again.json()
        other = send(phone, body | {"payload": [{"contentString": "Other"}]}, **given)
        assert other.status_code == 409 and "already" in why(other.json())
    assert Message.objects.count() == 3
    assert send(phone, reply(first, identifier=identifier)).status_code == 200
    assert send(phone, reply(first), If_None_Exist="identifier=urn:app|n1").status_code == 400
    theirs = app_of(alice, scope=ALL_OF_IT)
    assert send(theirs, reply(first), Idempotency_Key="k1").status_code == 201
    started = [send(phone, written(alice), Idempotency_Key="k2").status_code for _ in "ab"]
    assert started == [201, 200]


def test_a_file_of_html_is_text_to_be_saved_and_no_page(phone, first):
    page = base64.b64encode(b"<html><script>1</script>").decode()
    evil = attached(page, contentType="text/html", title="a.html")
    file = send(phone, reply(first, payload=[TEXT, evil])).json()["payload"][1]
    assert file["contentAttachment"]["contentType"] == "text/plain"
    got = phone.get(f"/fhir/{file['contentAttachment']['url']}", Accept="text/html")
    assert got["Content-Type"] == "text/plain" and got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Disposition"].startswith("attachment")
    assert "sandbox" in got["Content-Security-Policy"]


def test_html_is_text_like_any_other(phone, first, as_user, alice):
    evil = "<script>alert(1)</script> & <b>bold</b>"
    answer = send(phone, reply(first, payload=[{"contentString": evil}]))
    assert answer.json()["payload"][0]["contentString"] == evil
    page = as_user(alice.user).get(f"/portal/threads/{first.thread_id}/").content
    assert b"&lt;script&gt;alert(1)" in page and b"<script>alert(1)" not in page


def to_nobody(kind):
    return {"reference": f"{kind}/00000000-0000-0000-0000-000000000001"}


TEXT = {"contentString": "a"}
AN_ADDRESS = {"contentAttachment": {"url": "http://127.0.0.1/"}}
OF_ITS_OWN = {"partOf": None, "topic": {"text": "a"}, "category": [{"text": "mine"}]}
PAYLOADS = {
    "a reference": ([{"contentReference": to_nobody("Patient")}], 422, "payload[0]"),
    "two texts": ([TEXT, TEXT], 422, "payload"),
    "a file alone": ([attached()], 422, "payload"),
    "nothing": (None, 422, "payload"),
    "an address to fetch": ([TEXT, AN_ADDRESS], 422, "payload[1].contentAttachment"),
    "no base64": ([TEXT, attached("%%%")], 400, "payload[1].contentAttachment.data"),
    "too many files": ([TEXT, *[attached()] * 11], 422, "payload[11].contentAttachment"),
    "too long a text": ([{"contentString": "a" * 20_001}], 422, ""),
    "an empty text": ([{"contentString": " \x00 "}], 422, ""),
    "a text that is none": ([{"contentString": {"a": 1}}], 400, "payload[0].contentString"),
}
CHANGES = {
    "two senders": ({"sender": [to_nobody("Patient")] * 2}, 400, "sender"),
    "another sender": ({"sender": to_nobody("Practitioner")}, 422, "sender"),
    "no subject": ({"subject": None}, 422, "subject"),
    "another conversation": ({"partOf": [to_nobody("Communication")]}, 422, "partOf"),
    "two conversations": ({"partOf": [to_nobody("Communication")] * 2}, 422, "partOf"),
    "no message": ({"inResponseTo": [to_nobody("Communication")]}, 422, "inResponseTo"),
    "somebody elsewhere": ({"recipient": [to_nobody("Practitioner")]}, 422, "recipient"),
    "a group": ({"recipient": [to_nobody("Group")]}, 422, "recipient"),
    "a topic of its own": ({"topic": {"text": "Other"}}, 422, "topic"),
    "what is not kept": ({"note": [{"text": "a"}]}, 422, "note"),
    "an emergency": ({"priority": "stat"}, 422, "priority"),
    "taken back at once": ({"status": "entered-in-error"}, 422, "status"),
    "a reason of its own": (OF_ITS_OWN, 422, "category"),
    "no topic": ({"partOf": None}, 422, "topic"),
}
HOSTILE = CHANGES | {
    name: ({"payload": given}, status, place) for name, (given, status, place) in PAYLOADS.items()
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_sent_is_refused_where_it_is_wrong(name, phone, first):
    changes, status, place = HOSTILE[name]
    body = {name: value for name, value in (reply(first) | changes).items() if value is not None}
    refused = send(phone, body)
    assert refused.status_code == status, refused.content
    assert (
        where(refused) == (f"Communication.{place}" if place else "")
        and len(why(refused.json())) > 20
    )
    assert Message.objects.count() == 1 and queries.open_thread(first.thread_id, first.sender)


def test_what_is_of_others_is_refused_and_learns_nothing(
    phone, app_of, alice, bob, first, fresh_key
):
    theirs = actions.start_thread(
        practice=bob.practice,
        patient=bob,
        by=bob.user,
        subject="Mine",
        body="a",
        client_key=fresh_key(),
    )
    about_bob = send(phone, written(bob))
    assert about_bob.status_code == 422 and where(about_bob) == "Communication.subject"
    into_his = send(phone, reply(theirs, subject={"reference": f"Patient/{alice.pk}"}))
    assert into_his.status_code == 422 and where(into_his) == "Communication.partOf"
    nothing = {"partOf": [to_nobody("Communication")], "topic": None}
    nowhere = send(phone, written(alice, **nothing))
    assert nowhere.json() == into_his.json()
    assert Message.objects.count() == 2


def test_a_closed_conversation_and_a_scope_to_read_send_nothing(app_of, phone, alice, first):
    reads = app_of(alice, scope="launch/patient patient/Communication.rs")
    refused = send(reads, reply(first))
    assert (
        refused.status_code == 403
        and 'scope="patient/Communication.c"' in refused["WWW-Authenticate"]
    )
    actions.lock_thread(thread=first.thread, by=first.sender)
    locked = send(phone, reply(first))
    assert locked.status_code == 422 and "new message" in why(locked.json())
    assert Message.objects.count() == 1


def test_what_is_no_json_or_too_large_is_refused(phone, first, settings):
    assert where(send(phone, reply(first, resourceType="Condition"))) == "resourceType"
    for body in ("{", "[]", "[" * 100_000, b"\xff"):
        assert send(phone, body).status_code == 400
    held = {"Authorization": f"Bearer {phone.tokens['access_token']}"}
    plain = Client().post("/fhir/Communication", "{}", content_type="text/plain", headers=held)
    assert plain.status_code == 415
    settings.MESSAGE_FILE_BYTES = 1000
    large = send(phone, reply(first, payload=[{"contentString": "a" * 300_000}]))
    assert large.status_code == 413 and "MB" in why(large.json())
    file = base64.b64encode(made_files.pdf() + b" " * 2000).decode()
    refused = send(phone, reply(first, payload=[{"contentString": "a"}, attached(file)]))
    assert refused.status_code == 422 and "larger than" in why(refused.json())


def test_what_follows_is_told_to_who_asks_for_it(phone, alice, practice, ada_admin, first, dr_chen):
    set_hours(practice=practice, by=ada_admin, hours={})
    set_hours(practice=practice, by=ada_admin, hours={6: (time(8), time(9))})
    set_answering(practice=practice, by=ada_admin, automatic=True, automatic_text="",
                  escalate_after_days=2, unread_after_days=7)  # fmt: skip
    said = send(phone, written(alice), Prefer="return=OperationOutcome")
    assert said.status_code == 201
    sentences = [each["diagnostics"] for each in said.json()["issue"]]
    assert (
        sentences[0] == "Sent."
        and "closed now" in sentences[1]
        and "2 business days" in sentences[2]
    )
    assert send(phone, written(alice), Prefer="return=minimal").content == b""


def test_the_practice_writes_from_a_session_with_its_token_alone(
    as_user, alice, dr_chen, sam_staff, ada_admin
):
    assert send(as_user(ada_admin), written(alice)).status_code == 422
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(sam_staff)
    as_user(sam_staff)  # a second factor
    assert send(careful, written(alice)).status_code == 403
    careful.get(f"/clinic/write/?patient={alice.pk}")
    token = careful.cookies["csrf"].value
    assert send(careful, written(alice), X_CSRFToken=token).status_code == 201
    told = {"recipient": [{"reference": f"Patient/{alice.pk}"}]}
    assert send(as_user(dr_chen.user), written(alice, **told)).status_code == 201
    assert {each.sender_kind for each in Message.objects.all()} == {"staff", "clinician"}


def test_a_failure_keeps_nothing(phone, alice):
    with patch("wellpost.server.messaging.sending.tell_others", side_effect=OSError):
        assert send(phone, written(alice)).status_code == 500
    assert not Message.objects.exists() and not Task.objects.exists()


def test_reasons_are_the_practices_own(phone, alice, other_practice):
    elsewhere = Reason.objects.filter(practice=other_practice).first()
    system = "http://localhost:8000/fhir/CodeSystem/message-reason"
    coding = {"system": system, "code": str(elsewhere.pk)}
    assert (
        where(send(phone, written(alice, category=[{"coding": [coding]}])))
        == "Communication.category"
    )
