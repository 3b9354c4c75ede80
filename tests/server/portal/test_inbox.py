"""The patient's inbox by deed: drafts, photos, receipts, what was taken back, and for whom."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import made_files as made
from tests.server.conftest import make_patient
from tests.server.portal.test_portal import begin, filled_in, inbox_of, thread_page
from wellpost.server.messaging.actions import retract_message, send_message
from wellpost.server.messaging.keys.parties import party_of
from wellpost.server.messaging.queries import open_thread
from wellpost.server.routing.models import Draft

pytestmark = pytest.mark.django_db
BEGUN = "I wanted to ask about the new tablets"


@pytest.fixture
def as_alice(as_user, alice):
    return as_user(alice.user)


@pytest.fixture
def thread(practice, alice, dr_chen):
    return begin(practice, alice, dr_chen.user)


def draft_page(patient):
    return reverse("portal:write_draft", args=[patient.pk])


def write_page(patient):
    return reverse("portal:write_for", args=[patient.pk])


def test_a_draft_waits_for_its_author_alone_under_the_patients_own_key(
    as_alice, as_user, alice, amir
):
    as_alice.post(draft_page(alice), {"subject": "Tablets", "body": BEGUN, "draft": "keep"})
    page = as_alice.get(write_page(alice)).content.decode()
    assert BEGUN in page
    assert "This is your draft of" in page
    assert BEGUN not in as_user(amir.user).get(write_page(alice)).content.decode()
    kept = Draft.objects.get()
    assert kept.party_key.party_id == party_of(alice).id
    assert BEGUN.encode() not in bytes(kept.sealed)


def test_a_draft_is_gone_when_sent_or_deleted(as_alice, alice, thread):
    answer = reverse("portal:thread_draft", args=[thread.pk])
    as_alice.post(answer, {"body": BEGUN, "draft": "keep"})
    page = as_alice.get(thread_page(thread))
    assert BEGUN in page.content.decode()
    as_alice.post(thread_page(thread), filled_in(page, body=BEGUN))
    assert thread.messages.count() == 2
    assert not Draft.objects.exists()
    as_alice.post(draft_page(alice), {"body": BEGUN, "draft": "keep"})
    as_alice.post(draft_page(alice), {"body": BEGUN, "draft": "discard"})
    assert not Draft.objects.exists()


def test_drafts_for_two_patients_are_never_mixed(as_user, amir, alice, practice):
    own, client = make_patient(practice, "Amir Arden", user=amir.user), as_user(amir.user)
    client.post(draft_page(alice), {"body": "for Alice", "draft": "keep"})
    assert "for Alice" in client.get(write_page(alice)).content.decode()
    assert "for Alice" not in client.get(write_page(own)).content.decode()


def test_nobody_else_keeps_a_draft_there(as_user, bob, dr_chen, alice, thread):
    for user in (bob.user, dr_chen.user):
        client = as_user(user)
        assert client.post(draft_page(alice), {"body": "x"}).status_code == 404
        page = reverse("portal:thread_draft", args=[thread.pk])
        assert client.post(page, {"body": "x"}).status_code == 404
    assert not Draft.objects.exists()


def test_a_changed_draft_is_not_shown_and_is_an_alarm(as_alice, alice, deeds):
    as_alice.post(draft_page(alice), {"body": BEGUN, "draft": "keep"})
    kept = Draft.objects.get()
    Draft.objects.update(sealed=bytes(kept.sealed)[:-1] + b"x")
    assert BEGUN not in as_alice.get(write_page(alice)).content.decode()
    assert "seal_broken" in deeds()


def test_photos_and_files_go_together_and_the_photo_is_shown_without_its_place(as_alice, thread):
    page = as_alice.get(thread_page(thread))
    assert 'capture="environment"' in page.content.decode()
    given = filled_in(page, body="The knee.")
    given["attachments"] = [SimpleUploadedFile("diary.txt", b"better")]
    given["photo"] = [SimpleUploadedFile("image.jpg", made.photo())]
    as_alice.post(thread_page(thread), given)
    shown = as_alice.get(thread_page(thread)).content.decode()
    assert shown.index("diary.txt") < shown.index("image.jpg")
    assert 'src="data:image/jpeg;base64,' in shown
    address = shown[: shown.index("image.jpg")].rsplit('href="', 1)[1].split('"')[0]
    answer = as_alice.get(address)
    assert made.SECRET not in b"".join(answer.streaming_content)
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="image.jpg"'


def test_a_file_above_the_limit_is_cut_off_on_the_way_and_said(as_alice, thread, settings):
    settings.MESSAGE_FILE_BYTES = 1 << 20
    given = filled_in(as_alice.get(thread_page(thread)), body="The scan.")
    given["attachments"] = [SimpleUploadedFile("scan.txt", b"x" * (5 << 20))]
    page = as_alice.post(thread_page(thread), given)
    assert "File 1 is larger than 1 MB" in page.content.decode()
    assert page.wsgi_request.FILES["attachments"].size < (1 << 20) + (256 << 10)
    given["attachments"] = [SimpleUploadedFile("scan.txt", b"x" * (40 << 20))]
    assert as_alice.post(thread_page(thread), given).status_code == 400
    assert thread.messages.count() == 1


@pytest.mark.usefixtures("noon")
def test_one_sees_when_the_practice_read_it(as_alice, alice, thread, dr_chen):
    page = as_alice.get(thread_page(thread))
    as_alice.post(thread_page(thread), filled_in(page, body="Better today."))
    assert "Read by" not in as_alice.get(thread_page(thread)).content.decode()
    open_thread(thread.pk, dr_chen.user)
    assert "Read by Dr Chen, today at" in as_alice.get(thread_page(thread)).content.decode()


def test_what_was_taken_back_is_shown_as_such(as_alice, thread, dr_chen):
    sent = send_message(thread=thread, by=dr_chen.user, body="Take three.", client_key="c")
    retract_message(message=sent, by=dr_chen.user)
    page = as_alice.get(thread_page(thread)).content.decode()
    assert "Taken back by its writer:" in page


def test_the_practice_words_what_to_do_in_an_emergency(as_alice, alice, practice):
    assert "In an emergency call 911." in as_alice.get(write_page(alice)).content.decode()
    practice.emergency_text = "In a crisis call or text 988; for all else call 911."
    practice.save()
    for page in (write_page(alice), inbox_of(alice)):
        assert "In a crisis call or text 988" in as_alice.get(page).content.decode()


def test_who_may_see_the_record_only_finds_no_messages(as_user, amir, alice, thread):
    amir.may_message = False
    amir.save()
    client = as_user(amir.user)
    start = client.get("/portal/", follow=True)
    assert start.redirect_chain[-1][0] == reverse("portal:record", args=[alice.pk])
    assert ">Messages</a></li>" not in start.content.decode().split("wp-tabs")[1]
    assert client.get(write_page(alice)).status_code == 404
    assert client.get(thread_page(thread)).status_code == 404
    for name in ("record", "home", "download_record", "apps", "representatives", "record_log"):
        page = client.get(reverse(f"portal:{name}", args=[alice.pk]))
        assert page.status_code == 200, name
        assert "You are here for <strong>Alice Arden</strong>" in page.content.decode()
