"""A patient's whole correspondence as a file: for the patient, and for staff who read all of it."""

from __future__ import annotations

import base64
import json

import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from wellpost.errors import RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions
from wellpost.server.messaging.correspondence import making
from wellpost.server.messaging.correspondence.making import export
from wellpost.server.messaging.models import AttachmentChunk, Message
from wellpost.server.messaging.seats import Side
from wellpost.server.people.fhir_ids import practitioner_id
from wellpost.server.people.permissions import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
DIARY = b"Monday 128, Tuesday 131. " * 9000
"""Longer than a chunk, and than what is encoded at once."""


@pytest.fixture
def talk(alice, amir, dr_chen, sam_staff, fresh_key):
    asked = {"practice": alice.practice, "patient": alice}
    first = actions.start_thread(
        **asked, by=dr_chen.user, subject="Your blood pressure", body="Measure it.\nEvery day.",
        client_key=fresh_key(),
    )  # fmt: skip
    actions.send_message(
        thread=first.thread, by=amir.user, body="Here is her diary.", client_key=fresh_key(),
        in_reply_to=first, attachments=[ContentFile(DIARY, name="diary.txt")],
    )  # fmt: skip
    wrong = actions.send_message(
        thread=first.thread, by=sam_staff, body="Wrong patient.", client_key=fresh_key()
    )
    actions.retract_message(message=wrong, by=sam_staff)
    actions.start_thread(
        **asked, by=sam_staff, subject="Your address", body="Still right?", client_key=fresh_key()
    )
    return first.thread


def whole(by, patient, side, form, **more):
    return b"".join(export(by=by, patient=patient, side=side, form=form, **more).pieces)


def text_of(pdf: bytes) -> str:
    held = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in held)


def by_id(bundle):
    return {each["resource"]["id"]: each["resource"] for each in bundle["entry"]}


@pytest.mark.parametrize(("who", "side"), [("alice", "patient"), ("sam_staff", "practice")])
def test_the_pdf_holds_every_message_and_who_wrote_it(request, talk, alice, who, side):
    by = request.getfixturevalue(who)
    text = text_of(whole(getattr(by, "user", by), alice, Side(side), "pdf"))
    for piece in (
        "Messages of Alice Arden", "Your blood pressure", "Dr Chen (Clinician)", "Measure it.",
        "Amir Arden (Representative) on behalf of Alice Arden", "File: diary.txt",
        "Taken back by its writer.", "Wrong patient.", "Your address", "Still right?",
    ):  # fmt: skip
        assert piece in text, piece


def test_the_bundle_follows_the_conventions(talk, alice, amir, dr_chen):
    found = by_id(json.loads(whole(alice.user, alice, Side.PATIENT, "fhir")))
    thread = found[str(talk.pk)]
    assert "payload" not in thread and "partOf" not in thread
    assert thread["topic"] == {"text": "Your blood pressure"}
    assert thread["status"] == "in-progress"
    first, second, third = (
        found[str(each.pk)] for each in Message.objects.filter(thread=talk).order_by("sequence")
    )
    assert first["partOf"] == [{"reference": f"Communication/{talk.pk}"}]
    assert first["payload"] == [{"contentString": "Measure it.\nEvery day."}]
    known = practitioner_id(alice.practice, dr_chen)
    assert first["sender"]["reference"] == f"Practitioner/{known}"
    assert first["recipient"][0]["reference"] == f"Patient/{alice.pk}"
    assert second["sender"]["reference"] == f"RelatedPerson/{amir.pk}"
    assert second["subject"]["reference"] == f"Patient/{alice.pk}"
    assert second["inResponseTo"] == [{"reference": f"Communication/{first['id']}"}]
    assert (first["status"], third["status"]) == ("completed", "entered-in-error")


def test_the_files_come_whole(talk, alice):
    found = by_id(json.loads(whole(alice.user, alice, Side.PATIENT, "fhir")))
    (named,) = [
        each["contentAttachment"]
        for one in found.values()
        for each in one.get("payload", [])
        if "contentAttachment" in each
    ]
    file = found[named["url"].removeprefix("Binary/")]
    assert base64.b64decode(file["data"]) == DIARY and named["size"] == len(DIARY)


def test_pieces_are_small_however_long_a_file_is(talk, alice):
    file = export(by=alice.user, patient=alice, side=Side.PATIENT, form="fhir")
    assert max(map(len, file.pieces)) < 70_000


def test_one_conversation_alone(talk, alice):
    text = text_of(whole(alice.user, alice, Side.PATIENT, "pdf", only=talk.pk))
    assert "Measure it." in text and "Your address" not in text


@pytest.mark.parametrize("who", ["dr_chen", "dr_diaz", "ada_admin", "rita_reporter", "dr_evans"])
def test_at_the_practice_only_who_reads_all_of_it_may(request, talk, alice, who):
    by = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        export(by=getattr(by, "user", by), patient=alice, side=Side.PRACTICE, form="pdf")


def test_another_patient_may_not(talk, alice, bob):
    with pytest.raises(NotAllowed):
        export(by=bob.user, patient=alice, side=Side.PATIENT, form="pdf")


def test_it_is_on_record(talk, alice, sam_staff):
    export(by=sam_staff, patient=alice, side=Side.PRACTICE, form="fhir")
    row = AuditRow.objects.get(deed="correspondence_exported")
    assert (row.actor_id, row.patient_id) == (str(sam_staff.pk), str(alice.pk))
    assert row.details["form"] == "fhir" and str(talk.pk) in row.details["threads"]


def test_what_was_changed_is_an_alarm_in_the_file(talk, alice):
    Message.objects.filter(thread=talk, sequence=1).update(sealed=b"x" * 40)
    chunk = AttachmentChunk.objects.first()
    AttachmentChunk.objects.filter(pk=chunk.pk).update(sealed=b"x" * 40)
    found = by_id(json.loads(whole(alice.user, alice, Side.PATIENT, "fhir")))
    assert (
        "ALARM"
        in found[str(Message.objects.get(thread=talk, sequence=1).pk)]["payload"][0][
            "contentString"
        ]
    )
    kinds = AuditRow.objects.filter(deed="seal_broken").values_list("category", flat=True)
    assert set(kinds) == {"message", "attachment"}


def test_too_much_for_a_pdf_is_refused_and_not_on_record(talk, alice, monkeypatch):
    monkeypatch.setattr(making, "MOST_AT_ONCE", 10)
    with pytest.raises(RequestError, match="FHIR"):
        export(by=alice.user, patient=alice, side=Side.PATIENT, form="pdf")
    assert not AuditRow.objects.filter(deed="correspondence_exported").exists()


def test_an_unknown_form_is_refused(talk, alice):
    with pytest.raises(RequestError, match="pdf or fhir"):
        export(by=alice.user, patient=alice, side=Side.PATIENT, form="docx")


def test_the_pages_give_the_file(talk, alice, sam_staff, as_user):
    for user, address in (
        (alice.user, reverse("portal:download_messages", args=[alice.pk])),
        (sam_staff, reverse("clinic:download_messages", args=[alice.pk])),
    ):
        answer = as_user(user).post(address, {"form": "fhir"})
        assert answer["Content-Type"] == "application/fhir+json"
        assert "Arden" not in answer["Content-Disposition"]
        assert json.loads(b"".join(answer.streaming_content))["resourceType"] == "Bundle"
    answer = as_user(alice.user).post(reverse("portal:thread_pdf", args=[talk.pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
