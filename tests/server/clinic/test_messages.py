"""The practice's inbox and conversations, as clinicians, staff and colleagues use them."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import made_files as made
from tests.server.portal.test_portal import SCRIPT, begin, filled_in
from wellpost.server.messaging.models import Message, SenderKind, ThreadState
from wellpost.server.people.models import Membership
from wellpost.server.routing.models import Draft

INBOX = "/clinic/"
WRITE = "/clinic/write/"


@pytest.fixture
def thread(practice, alice, dr_chen):
    """Alice asks Dr Chen."""
    return begin(practice, alice, alice.user, subject="My knee", for_clinician=dr_chen)


@pytest.fixture
def chen(as_user, dr_chen):
    return as_user(dr_chen.user)


@pytest.fixture
def sam(as_user, sam_staff):
    return as_user(sam_staff)


def thread_page(thread, name="thread", *more):
    return reverse(f"clinic:{name}", args=[thread.pk, *more])


def said_by(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.django_db
def test_a_clinician_sees_the_conversations_they_take_part_in(chen, as_user, dr_diaz, thread):
    page = said_by(chen.get(INBOX))
    for words in ("My knee", "Alice Arden", "1 unread", "The conversations you take part in."):
        assert words in page
    assert "My knee" not in said_by(as_user(dr_diaz.user).get(INBOX))


@pytest.mark.django_db
def test_staff_see_all_of_the_practice(sam, thread):
    page = said_by(sam.get(INBOX))
    assert "My knee" in page
    assert "All conversations of Harbor Family Practice." in page


@pytest.mark.django_db
def test_the_filters_are_links(chen, thread):
    assert "Everything is read." not in said_by(chen.get(INBOX, {"show": "unread"}))
    chen.get(thread_page(thread))
    assert "Everything is read." in said_by(chen.get(INBOX, {"show": "unread"}))
    chen.post(thread_page(thread, "resolve"))
    assert "My knee" not in said_by(chen.get(INBOX))
    assert "My knee" in said_by(chen.get(INBOX, {"show": "resolved"}))
    assert "My knee" in said_by(chen.get(INBOX, {"show": "all"}))


@pytest.mark.django_db
def test_the_open_inbox_learns_that_something_came(chen, thread):
    assert "1 unread message." in said_by(chen.get("/clinic/unread/"))


@pytest.mark.django_db
def test_who_reads_no_messages_is_led_to_their_work(as_user, ada_admin, rita_reporter):
    assert as_user(ada_admin).get(INBOX).url == "/clinic/people/"
    assert as_user(rita_reporter).get(INBOX).url == "/clinic/measures/"


@pytest.mark.django_db
def test_a_clinician_answers_once_however_often_the_button_is_pressed(chen, thread, dr_chen):
    sent = filled_in(chen.get(thread_page(thread)), body="Come on Monday.", to="patient")
    for _ in range(2):
        assert chen.post(thread_page(thread), sent).status_code == 302
    answer = thread.messages.get(sequence=2)
    assert thread.messages.count() == 2
    assert (answer.sender_kind, answer.clinician) == (SenderKind.CLINICIAN, dr_chen)
    assert answer.in_reply_to == thread.messages.get(sequence=1)


@pytest.mark.django_db
def test_staff_write_for_a_clinician(sam, thread, dr_chen):
    page = sam.get(thread_page(thread))
    assert "For which clinician do you write?" in said_by(page)
    membership = str(dr_chen.memberships.get().pk)
    sent = filled_in(page, body="Dr Chen says yes.", to="patient", for_clinician=membership)
    sam.post(thread_page(thread), sent)
    answer = thread.messages.get(sequence=2)
    assert (answer.sender_kind, answer.clinician) == (SenderKind.STAFF, dr_chen)
    assert "on behalf of Dr Chen" in said_by(sam.get(thread_page(thread)))


@pytest.mark.django_db
def test_a_clinician_is_not_asked_for_whom_they_write(chen, thread):
    assert "For which clinician do you write?" not in said_by(chen.get(thread_page(thread)))


@pytest.mark.django_db
def test_writing_to_a_colleague_says_that_the_patient_reads_it(chen, thread, dr_diaz):
    page = chen.get(thread_page(thread))
    assert "Dr Diaz; the patient reads it too" in said_by(page)
    colleague = str(dr_diaz.memberships.get().pk)
    chen.post(thread_page(thread), filled_in(page, body="Please have a look.", to=colleague))
    message = thread.messages.get(sequence=2)
    assert message.addressed_to.clinician == dr_diaz
    assert thread.participants.filter(membership__clinician=dr_diaz).exists()


@pytest.mark.django_db
def test_a_new_conversation_is_begun_once(chen, alice, dr_chen):
    address = f"{WRITE}?patient={alice.pk}"
    sent = filled_in(chen.get(address), subject="Results", body="All is well.", to="patient")
    answers = [chen.post(address, sent) for _ in range(2)]
    assert answers[0].url == answers[1].url
    message = Message.objects.get()
    assert message.clinician == dr_chen
    assert message.thread.patient == alice


@pytest.mark.django_db
def test_one_writes_to_the_representative(chen, alice, amir):
    address = f"{WRITE}?patient={alice.pk}"
    sent = filled_in(chen.get(address), subject="Results", body="All is well.", to=str(amir.pk))
    chen.post(address, sent)
    assert Message.objects.get().representative == amir


@pytest.mark.django_db
def test_a_patient_without_an_account_can_be_written_to(chen, carol):
    address = f"{WRITE}?patient={carol.pk}"
    page = chen.get(address)
    assert "the message waits, sealed, until the first sign-in" in said_by(page)
    chen.post(address, filled_in(page, subject="Results", body="All is well.", to="patient"))
    assert "Waiting for first sign-in" in said_by(chen.get(INBOX))


@pytest.mark.django_db
def test_writing_to_nobody_leads_to_the_patients(chen):
    assert chen.get(WRITE).url == "/clinic/patients/"


@pytest.mark.django_db
def test_writing_to_a_patient_elsewhere_leads_nowhere(chen, bob):
    for patient in (bob.pk, "nobody"):
        assert chen.get(f"{WRITE}?patient={patient}").status_code == 404


@pytest.mark.django_db
def test_an_error_keeps_what_was_typed(sam, alice, dr_chen):
    address = f"{WRITE}?patient={alice.pk}"
    membership = str(dr_chen.memberships.get().pk)
    sent = filled_in(sam.get(address), subject="", body="All is well.", for_clinician=membership)
    page = said_by(sam.post(address, {**sent, "to": "patient"}))
    for kept in ("All is well.", f'value="{membership}" selected', 'href="#id_subject"'):
        assert kept in page


@pytest.mark.django_db
def test_two_megabytes_of_text_are_refused_in_words(chen, thread):
    sent = filled_in(chen.get(thread_page(thread)), body="x" * 2_000_000, to="patient")
    page = said_by(chen.post(thread_page(thread), sent))
    assert "The message has 2,000,000 characters; at most 20,000 can be sent." in page
    assert thread.messages.count() == 1


@pytest.mark.django_db
def test_what_is_written_is_shown_as_text(chen, practice, alice, dr_chen):
    thread = begin(practice, alice, alice.user, subject=SCRIPT, body=SCRIPT, for_clinician=dr_chen)
    for address in (INBOX, thread_page(thread)):
        page = chen.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.django_db
def test_a_conversation_is_resolved_and_opened_again(chen, thread):
    assert "Marked as resolved." in said_by(chen.post(thread_page(thread, "resolve"), follow=True))
    thread.refresh_from_db()
    assert thread.state == ThreadState.RESOLVED
    assert "Open again." in said_by(chen.post(thread_page(thread, "reopen"), follow=True))
    thread.refresh_from_db()
    assert thread.state == ThreadState.OPEN


@pytest.mark.django_db
def test_a_colleague_is_brought_in_and_then_reads(chen, as_user, thread, dr_diaz):
    diaz = as_user(dr_diaz.user)
    assert diaz.get(thread_page(thread)).status_code == 404
    membership = Membership.objects.get(clinician=dr_diaz)
    chen.post(thread_page(thread, "participants"), {"membership": membership.pk})
    assert diaz.get(thread_page(thread)).status_code == 200


@pytest.mark.django_db
def test_a_stranger_cannot_be_brought_in(chen, thread, dr_evans):
    membership = Membership.objects.get(clinician=dr_evans)
    sent = {"membership": membership.pk}
    page = chen.post(thread_page(thread, "participants"), sent, follow=True)
    assert "Choose a colleague of the list." in said_by(page)
    assert not thread.participants.filter(membership=membership).exists()


@pytest.mark.django_db
def test_what_one_wrote_can_be_taken_back_and_stays_visible(
    chen, as_user, practice, alice, dr_chen
):
    thread = begin(practice, alice, dr_chen.user, body="Take two.")
    message = thread.messages.get()
    page = chen.post(thread_page(thread, "retract", message.pk), follow=True)
    assert "Taken back" in said_by(page)
    seen = said_by(as_user(alice.user).get(f"/portal/threads/{thread.pk}/"))
    assert "Taken back by its writer" in seen
    assert "Take two." in seen


@pytest.mark.django_db
def test_what_another_wrote_cannot_be_taken_back(chen, thread):
    message = thread.messages.get()
    assert chen.post(thread_page(thread, "retract", message.pk)).status_code == 404
    message.refresh_from_db()
    assert message.retracted_at is None


@pytest.mark.django_db
def test_a_changed_draft_is_not_shown_and_is_an_alarm(chen, thread, deeds):
    chen.post(thread_page(thread, "thread_draft"), {"body": "Rest it.", "draft": "keep"})
    Draft.objects.update(sealed=b"not what was sealed")
    assert "Rest it." not in said_by(chen.get(thread_page(thread)))
    assert deeds().count("seal_broken") == 1


@pytest.mark.django_db
def test_a_file_is_downloaded(chen, thread):
    sent = filled_in(chen.get(thread_page(thread)), body="Your plan.", to="patient")
    plan = made.pdf()
    file = SimpleUploadedFile("plan.pdf", plan)
    chen.post(thread_page(thread), {**sent, "attachments": [file]})
    address = re.search(
        r'href="(/clinic/attachments/[^"]+)"', said_by(chen.get(thread_page(thread)))
    )
    answer = chen.get(address[1])
    assert b"".join(answer.streaming_content) == plan
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
