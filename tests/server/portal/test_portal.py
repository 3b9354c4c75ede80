"""The pages of patients and of those who act for them."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.server.conftest import LONG_AGO, make_patient
from wellpost.server.messaging.actions import lock_thread, resolve_thread, start_thread
from wellpost.server.messaging.models import Message, ThreadState
from wellpost.server.records.models import Encounter

SCRIPT = "<script>alert('x')</script>"


def begin(practice, patient, by, **more):
    """A conversation that the practice began."""
    asked = {"subject": "Your blood pressure", "body": "Please measure it daily.", **more}
    return start_thread(
        practice=practice, patient=patient, by=by, client_key=f"k{more}"[:64], **asked
    ).thread


HIDDEN = re.compile(r'<input type="hidden" name="(draft_kept)" value="(.*?)">')


def filled_in(page, **answers):
    """What a browser sends of the form on the page, with these answers."""
    form = page.context["form"]
    given = {each.html_name: each.value() for each in form}
    kept = {name: value for name, value in given.items() if value is not None}
    hidden = HIDDEN.findall(page.content.decode())
    return {**kept, **dict(hidden), **answers}


@pytest.fixture
def as_alice(as_user, alice):
    return as_user(alice.user)


@pytest.fixture
def thread(practice, alice, dr_chen):
    return begin(practice, alice, dr_chen.user)


def inbox_of(patient):
    return reverse("portal:patient", args=[patient.pk])


def thread_page(thread):
    return reverse("portal:thread", args=[thread.pk])


@pytest.mark.usefixtures("noon")
@pytest.mark.django_db
def test_who_has_one_record_comes_straight_to_its_inbox(as_alice, alice, thread):
    page = as_alice.get("/portal/", follow=True)
    assert page.redirect_chain[-1][0] == inbox_of(alice)
    said = page.content.decode()
    for words in ("Your blood pressure", "1 unread", "Last message from Dr Chen", "today at"):
        assert words in said


@pytest.mark.django_db
def test_an_empty_inbox_says_so_and_what_to_do(as_alice, alice):
    said = as_alice.get(inbox_of(alice)).content.decode()
    assert "There are no messages yet" in said
    assert reverse("portal:write_for", args=[alice.pk]) in said


@pytest.mark.django_db
def test_who_acts_for_several_chooses_and_sees_for_whom_they_write(as_user, amir, practice, thread):
    client = as_user(amir.user)
    make_patient(practice, "Amir Arden", user=amir.user)
    choice = client.get("/portal/").content.decode()
    assert "For whom are you here?" in choice
    assert "Amir Arden (you)" in choice
    page = client.get(inbox_of(amir.patient)).content.decode()
    assert "You are here for <strong>Alice Arden</strong>" in page
    assert "Change to somebody else" in page


@pytest.mark.django_db
def test_who_acts_for_nobody_any_more_is_told_what_to_do(as_user, amir, thread):
    amir.ends_on = LONG_AGO
    amir.save()
    client = as_user(amir.user)
    page = client.get("/", follow=True).content.decode()
    assert "today you act for nobody" in page
    assert "Alice" not in page
    assert client.get(inbox_of(amir.patient)).status_code == 404


@pytest.mark.django_db
def test_the_inboxes_of_two_records_are_never_mixed(as_user, amir, practice, dr_chen, thread):
    own = make_patient(practice, "Amir Arden", user=amir.user)
    begin(practice, own, dr_chen.user, subject="Your knee")
    client = as_user(amir.user)
    assert "Your knee" not in client.get(inbox_of(amir.patient)).content.decode()
    assert "Your blood pressure" not in client.get(inbox_of(own)).content.decode()


@pytest.mark.django_db
def test_reading_a_conversation_marks_it_read(as_alice, alice, thread):
    page = as_alice.get(thread_page(thread)).content.decode()
    for said in ("Please measure it daily.", "Dr Chen", "Clinician", "New", "call 911"):
        assert said in page
    assert "1 unread" not in as_alice.get(inbox_of(alice)).content.decode()
    assert as_alice.get(reverse("portal:unread", args=[alice.pk])).content.strip() == b""


@pytest.mark.django_db
def test_an_answer_is_sent_once_however_often_the_button_is_pressed(as_alice, thread):
    page = as_alice.get(thread_page(thread))
    sent = filled_in(page, body="It is 130 to 80.")
    for _ in range(2):
        assert as_alice.post(thread_page(thread), sent).status_code == 302
    assert thread.messages.count() == 2
    assert thread.messages.last().in_reply_to == thread.messages.first()


@pytest.mark.django_db
def test_a_new_message_is_sent_once_however_often_the_button_is_pressed(as_alice, alice):
    address = reverse("portal:write_for", args=[alice.pk])
    sent = filled_in(as_alice.get(address), subject="My knee", body="It hurts.")
    answers = [as_alice.post(address, sent) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_one_writes_to_a_clinician_who_saw_the_patient(as_alice, practice, alice, dr_chen, dr_diaz):
    Encounter.objects.create(
        practice=practice,
        patient=alice,
        clinician=dr_chen,
        seen_on="2021-06-01",
        kind="office_visit",
    )
    address = reverse("portal:write_for", args=[alice.pk])
    page = as_alice.get(address)
    said = page.content.decode()
    assert "Dr Chen" in said
    assert "Dr Diaz" not in said
    assert "Anybody at Harbor Family Practice" in said
    as_alice.post(address, filled_in(page, subject="My knee", body="It hurts."))
    message = Message.objects.get()
    assert message.clinician == dr_chen
    assert message.addressed_to.clinician == dr_chen


@pytest.mark.django_db
def test_an_error_keeps_what_was_typed_and_leads_to_the_field(as_alice, alice):
    address = reverse("portal:write_for", args=[alice.pk])
    form = filled_in(as_alice.get(address), subject="", body="It hurts since Monday.")
    page = as_alice.post(address, form).content.decode()
    for said in (
        "It hurts since Monday.",
        "Say in a few words what it is about.",
        'href="#id_subject"',
        "What you typed is still here.",
        form["client_key"],
        "<title>Error:",
    ):
        assert said in re.sub(r"\s+", " ", page), said
    assert not Message.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("characters", [2_000_000, 5_000_000])
def test_megabytes_of_text_are_refused_in_words_and_kept(as_alice, thread, characters):
    form = filled_in(as_alice.get(thread_page(thread)), body="x" * characters)
    page = as_alice.post(thread_page(thread), form).content.decode()
    assert f"The message has {characters:,} characters; at most 20,000 can be sent." in page
    assert "x" * characters in page
    assert thread.messages.count() == 1


@pytest.mark.django_db
def test_what_is_written_is_shown_as_text(as_alice, practice, alice, dr_chen):
    thread = begin(practice, alice, dr_chen.user, subject=SCRIPT, body=SCRIPT)
    for address in (inbox_of(alice), thread_page(thread)):
        page = as_alice.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.django_db
def test_a_link_is_not_made_clickable(as_alice, practice, alice, dr_chen):
    thread = begin(practice, alice, dr_chen.user, body="See https://example.org now")
    assert 'href="https://example.org' not in as_alice.get(thread_page(thread)).content.decode()


@pytest.mark.django_db
def test_a_file_goes_along_and_comes_back_as_a_download(as_alice, thread):
    form = filled_in(as_alice.get(thread_page(thread)), body="My diary.")
    file = SimpleUploadedFile("<b>diary.txt", b"130/80\n" * 20_000, content_type="text/html")
    as_alice.post(thread_page(thread), {**form, "attachments": [file]})
    page = as_alice.get(thread_page(thread)).content.decode()
    assert "&lt;b&gt;diary.txt" in page
    address = re.search(r'href="(/portal/attachments/[^"]+)"', page)[1]
    answer = as_alice.get(address)
    assert b"".join(answer.streaming_content) == b"130/80\n" * 20_000
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "text/plain"


@pytest.mark.django_db
def test_a_file_of_a_wrong_kind_is_refused_and_the_text_stays(as_alice, thread):
    form = filled_in(as_alice.get(thread_page(thread)), body="Run this.")
    file = SimpleUploadedFile("run.exe", b"MZ\x00\x90" * 100)
    page = as_alice.post(thread_page(thread), {**form, "attachments": [file]}).content.decode()
    assert "is of a kind that cannot be sent" in page
    assert "Run this." in page
    assert thread.messages.count() == 1


@pytest.mark.django_db
def test_a_resolved_conversation_is_opened_again_by_writing(as_alice, thread, sam_staff):
    resolve_thread(thread=thread, by=sam_staff)
    page = as_alice.get(thread_page(thread))
    assert "Write below and it is open again." in page.content.decode()
    as_alice.post(thread_page(thread), filled_in(page, body="One more thing."))
    thread.refresh_from_db()
    assert thread.state == ThreadState.OPEN


@pytest.mark.django_db
def test_a_closed_conversation_says_what_to_do_instead(as_alice, thread, sam_staff):
    page = as_alice.get(thread_page(thread))
    lock_thread(thread=thread, by=sam_staff)
    closed = as_alice.get(thread_page(thread)).content.decode()
    assert "Write about a new matter in a new message." in closed
    assert 'name="body"' not in closed
    late = as_alice.post(thread_page(thread), filled_in(page, body="Too late?")).content.decode()
    assert "This conversation is closed" in late
    assert "Too late?" in late


@pytest.mark.django_db
def test_a_representative_writes_in_their_own_name_for_the_patient(as_user, amir, thread, dr_chen):
    client = as_user(amir.user)
    page = client.get(thread_page(thread))
    client.post(thread_page(thread), filled_in(page, body="She measured it."))
    said = re.sub(
        r"\s+", " ", as_user(dr_chen.user).get(f"/clinic/threads/{thread.pk}/").content.decode()
    )
    for words in ("Amir Arden", "Representative", "on behalf of Alice Arden", "She measured it."):
        assert words in said


@pytest.mark.usefixtures("noon")
@pytest.mark.django_db
def test_the_patient_sees_who_may_act_and_who_looked(
    as_alice, as_user, alice, amir, thread, dr_chen
):
    as_user(dr_chen.user).get(f"/clinic/threads/{thread.pk}/")
    people = as_alice.get(reverse("portal:representatives", args=[alice.pk])).content.decode()
    for words in ("Amir Arden", "spouse", "since January 1, 2020", "In force"):
        assert words in people
    activity = as_alice.get(reverse("portal:activity", args=[alice.pk])).content.decode()
    assert "Dr Chen" in activity
    assert "today at" in activity


@pytest.mark.django_db
def test_who_may_write_but_not_see_the_record_sees_neither(as_user, amir, thread):
    amir.may_see_record = False
    amir.save()
    client = as_user(amir.user)
    assert client.get(thread_page(thread)).status_code == 200
    for name in ("representatives", "activity"):
        assert client.get(reverse(f"portal:{name}", args=[amir.patient_id])).status_code == 404


@pytest.mark.django_db
def test_what_is_not_theirs_looks_like_what_is_not_there(as_user, bob, thread):
    client = as_user(bob.user)
    theirs = client.get(thread_page(thread))
    nowhere = client.get("/portal/threads/00000000-0000-4000-8000-000000000000/")
    assert theirs.status_code == nowhere.status_code == 404
    plain = [re.sub(r"[0-9A-Za-z-]{32,}", "", each.content.decode()) for each in (theirs, nowhere)]
    assert plain[0] == plain[1]
