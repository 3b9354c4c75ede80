"""Sending: who may, what is kept, and what is refused."""

from __future__ import annotations

import pytest

from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.errors import MessageRefusedError
from wellpost.server.messaging.models import Message, SenderKind
from wellpost.server.people.permissions import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def texts(thread, by):
    return [each.text for each in queries.open_thread(thread.pk, by).messages]


def test_alice_reads_what_dr_chen_wrote_and_answers(first, alice, dr_chen, fresh_key):
    assert texts(first.thread, alice.user) == ["All values are as they should be."]
    actions.send_message(
        thread=first.thread, by=alice.user, body="Thank you!", client_key=fresh_key()
    )
    opened = queries.open_thread(first.thread_id, dr_chen.user)
    assert [each.text for each in opened.messages][-1] == "Thank you!"
    assert opened.messages[-1].sender_name == "Alice Arden"
    assert opened.messages[-1].unread
    assert not opened.messages[0].unread
    assert opened.subject == "Your blood test"


def test_amir_writes_for_alice_and_dr_chen_answers_him(first, amir, alice, dr_chen, fresh_key):
    asked = actions.send_message(
        thread=first.thread, by=amir.user, body="Should she fast?", client_key=fresh_key()
    )
    assert (asked.sender_kind, asked.representative) == (SenderKind.REPRESENTATIVE, amir)
    answer = actions.send_message(
        thread=first.thread, by=dr_chen.user, body="No.", client_key=fresh_key(), in_reply_to=asked
    )
    assert (answer.sent_to, answer.representative) == ("representative", amir)
    assert texts(first.thread, alice.user)[-1] == "No."


@pytest.mark.parametrize("outsider", ["bob", "dr_evans", "dr_diaz", "ada_admin", "rita_reporter"])
def test_outsiders_may_neither_read_nor_write(first, outsider, request, fresh_key):
    person = request.getfixturevalue(outsider)
    user = getattr(person, "user", person)
    with pytest.raises(NotAllowed):
        queries.open_thread(first.thread_id, user)
    with pytest.raises(NotAllowed):
        actions.send_message(thread=first.thread, by=user, body="Hello", client_key=fresh_key())
    assert first.thread.messages.count() == 1


def test_dr_diaz_reads_all_once_brought_in(first, dr_diaz, sam_staff):
    membership = dr_diaz.memberships.get()
    actions.add_participant(thread=first.thread, membership=membership, by=sam_staff)
    assert texts(first.thread, dr_diaz.user) == ["All values are as they should be."]


def test_nobody_of_another_practice_can_be_brought_in(first, dr_evans, sam_staff):
    with pytest.raises(MessageRefusedError, match="does not answer messages at this practice"):
        actions.add_participant(
            thread=first.thread, membership=dr_evans.memberships.get(), by=sam_staff
        )


def test_sam_writes_for_dr_chen_who_then_takes_part(alice, dr_chen, sam_staff, fresh_key):
    message = actions.start_thread(
        practice=alice.practice,
        patient=alice,
        by=sam_staff,
        subject="Your appointment",
        body="Dr Chen asks you to come on Monday.",
        client_key=fresh_key(),
        for_clinician=dr_chen,
    )
    assert (message.sender_kind, message.clinician) == (SenderKind.STAFF, dr_chen)
    opened = queries.open_thread(message.thread_id, dr_chen.user)
    assert opened.messages[0].on_behalf_of == "Dr Chen"
    assert AuditRow.objects.get(deed="thread_started").on_behalf_of == str(dr_chen.pk)


def test_sam_may_write_for_nobody_in_particular(alice, sam_staff, fresh_key):
    message = actions.start_thread(
        practice=alice.practice, patient=alice, by=sam_staff, subject="Opening hours",
        body="We are closed on Friday.", client_key=fresh_key(),
    )  # fmt: skip
    assert message.clinician is None


def test_a_message_to_a_colleague_is_read_by_the_patient_as_well(
    first, dr_chen, dr_diaz, alice, fresh_key
):
    message = actions.send_message(
        thread=first.thread, by=dr_chen.user, body="Please look at this.", client_key=fresh_key(),
        to_colleague=dr_diaz.memberships.get(),
    )  # fmt: skip
    assert (message.sent_to, message.clinician) == ("clinician", dr_chen)
    assert texts(first.thread, dr_diaz.user)[-1] == "Please look at this."
    assert texts(first.thread, alice.user)[-1] == "Please look at this."


def test_alice_begins_a_thread_with_dr_chen(alice, dr_chen, fresh_key):
    message = actions.start_thread(
        practice=alice.practice, patient=alice, by=alice.user, subject="A question",
        body="May I swim?", client_key=fresh_key(), for_clinician=dr_chen,
    )  # fmt: skip
    assert (message.sender_kind, message.clinician) == (SenderKind.PATIENT, dr_chen)
    assert texts(message.thread, dr_chen.user) == ["May I swim?"]


def test_alice_may_not_begin_a_thread_at_a_practice_that_is_not_hers(
    alice, other_practice, fresh_key
):
    with pytest.raises(NotAllowed):
        actions.start_thread(
            practice=other_practice, patient=alice, by=alice.user, subject="A question",
            body="May I swim?", client_key=fresh_key(),
        )  # fmt: skip


def test_an_automated_message_says_so(alice, dr_chen, fresh_key):
    message = actions.start_thread(
        practice=alice.practice, patient=alice, by=dr_chen.user, subject="Flu season",
        body="Flu shots are here.", client_key=fresh_key(), automated=True,
    )  # fmt: skip
    assert (message.sender_kind, message.clinician) == (SenderKind.AUTOMATED, dr_chen)
    assert queries.open_thread(message.thread_id, alice.user).messages[0].sender_name == (
        "Harbor Family Practice"
    )


def test_sent_twice_with_one_key_is_one_message(first, dr_chen):
    asked = {"thread": first.thread, "by": dr_chen.user, "body": "Again", "client_key": "one"}
    sent = actions.send_message(**asked)
    assert actions.send_message(**asked) == sent
    assert first.thread.messages.count() == 2
    assert AuditRow.objects.filter(deed="message_sent").count() == 1


def test_one_key_with_two_contents_is_refused(first, dr_chen):
    asked = {"thread": first.thread, "by": dr_chen.user, "client_key": "one"}
    actions.send_message(**asked, body="Again")
    with pytest.raises(MessageRefusedError, match="sent already with another content"):
        actions.send_message(**asked, body="And again")


def test_a_thread_begun_twice_with_one_key_is_one_thread(alice, dr_chen):
    asked = {
        "practice": alice.practice, "patient": alice, "by": dr_chen.user, "subject": "Once",
        "body": "Only once.", "client_key": "begin",
    }  # fmt: skip
    assert actions.start_thread(**asked) == actions.start_thread(**asked)
    assert alice.threads.count() == 1
    with pytest.raises(MessageRefusedError, match="sent already"):
        actions.start_thread(**asked | {"subject": "Twice"})


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "The message is empty"),
        (" \n ", "The message is empty"),
        ("a" * 20_001, "20,001 characters; at most 20,000"),
        ("a" * 2 * 1024 * 1024, "2,097,152 characters; at most 20,000"),
    ],
)
def test_what_cannot_be_sent_is_said(first, dr_chen, fresh_key, body, sentence):
    with pytest.raises(MessageRefusedError, match=sentence):
        actions.send_message(
            thread=first.thread, by=dr_chen.user, body=body, client_key=fresh_key()
        )
    assert Message.objects.count() == 1


def test_the_longest_message_is_sent_whole(first, dr_chen, alice, fresh_key):
    longest = "ä" * 20_000
    actions.send_message(thread=first.thread, by=dr_chen.user, body=longest, client_key=fresh_key())
    assert texts(first.thread, alice.user)[-1] == longest


def test_a_subject_is_one_line_of_at_most_150_characters(alice, dr_chen, fresh_key):
    asked = {
        "practice": alice.practice, "patient": alice, "by": dr_chen.user, "body": "Hello",
        "client_key": fresh_key(),
    }  # fmt: skip
    with pytest.raises(MessageRefusedError, match="151 characters; at most 150"):
        actions.start_thread(**asked, subject="s" * 151)
    with pytest.raises(MessageRefusedError, match="subject is empty"):
        actions.start_thread(**asked, subject="\n")
    message = actions.start_thread(**asked, subject="two\nlines")
    assert queries.open_thread(message.thread_id, alice.user).subject == "two lines"


def test_control_characters_are_left_out(first, dr_chen, alice, fresh_key):
    actions.send_message(
        thread=first.thread, by=dr_chen.user, body="one\r\ntwo\x00\x1b[31m", client_key=fresh_key()
    )
    assert texts(first.thread, alice.user)[-1] == "one\ntwo[31m"


def test_an_answer_stands_in_the_thread_it_answers(first, alice, dr_chen, fresh_key):
    other = actions.start_thread(
        practice=alice.practice, patient=alice, by=dr_chen.user, subject="Another",
        body="Another matter.", client_key=fresh_key(),
    )  # fmt: skip
    with pytest.raises(MessageRefusedError, match="must stand in the conversation"):
        actions.send_message(
            thread=first.thread, by=alice.user, body="Yes", client_key=fresh_key(),
            in_reply_to=other,
        )  # fmt: skip


def test_one_whose_membership_ended_sees_nothing(first, dr_chen, sam_staff):
    dr_chen.memberships.update(ends_on="2021-01-01")
    sam_staff.memberships.update(ends_on="2021-01-01")
    for user in (dr_chen.user, sam_staff):
        with pytest.raises(NotAllowed):
            queries.open_thread(first.thread_id, user)


def test_a_sending_is_one_audit_row_that_says_the_key_was_opened(first, alice, fresh_key):
    actions.send_message(thread=first.thread, by=alice.user, body="My knee", client_key=fresh_key())
    row = AuditRow.objects.get(deed="message_sent")
    assert row.patient_id == str(alice.pk)
    assert row.details["keys_opened"] == 1
    assert "My knee" not in str(row.details)


def test_the_day_is_that_of_the_practice(first, dr_chen, fresh_key):
    from datetime import UTC, date, datetime

    from wellpost.server.clock.time import held_at

    with held_at(datetime(2022, 1, 1, 3, 30, tzinfo=UTC)):
        late = actions.send_message(
            thread=first.thread, by=dr_chen.user, body="Late", client_key=fresh_key()
        )
    assert late.sent_on == date(2021, 12, 31)


@pytest.mark.django_db(transaction=True)
def test_a_sending_costs_at_most_twelve_statements(
    first, dr_chen, fresh_key, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        actions.send_message(
            thread=first.thread, by=dr_chen.user, body="Quick", client_key=fresh_key()
        )
