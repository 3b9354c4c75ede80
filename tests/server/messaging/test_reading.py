"""Inbox, opening, receipts: few statements, all on record, unread derived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wellpost.server.audit.models import AuditRow
from wellpost.server.clock.time import held_at
from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.keys.opened import opened_keys
from wellpost.server.messaging.models import Message, Participant, Receipt, Thread
from wellpost.server.messaging.showing import sender_name
from wellpost.server.people.permissions import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(alice, dr_chen, fresh_key):
    def write(subject="A matter", by=None, **more):
        patient = more.pop("patient", alice)
        return actions.start_thread(
            practice=patient.practice, patient=patient, by=by or dr_chen.user, subject=subject,
            body=f"About {subject}", client_key=fresh_key(), **more,
        )  # fmt: skip

    return write


def test_alices_inbox_has_her_threads_the_latest_first(write, alice):
    with held_at(datetime(2021, 6, 1, tzinfo=UTC)):
        write("Older")
    with held_at(datetime(2021, 6, 2, tzinfo=UTC)):
        write("Newer")
    rows = queries.inbox(alice.user, patient=alice)
    assert [each.subject for each in rows] == ["Newer", "Older"]
    assert rows[0].last_sender_name == "Dr Chen"
    assert rows[0].patient_id == alice.pk


def test_each_inbox_is_only_its_own(write, alice, amir, carol, dr_chen, dr_diaz, sam_staff):
    write("For Alice")
    write("For Carol", patient=carol)
    write("From Dr Diaz", by=dr_diaz.user)
    practice = alice.practice

    def subjects(by, **where):
        return {each.subject for each in queries.inbox(by, **where)}

    assert subjects(alice.user, patient=alice) == {"For Alice", "From Dr Diaz"}
    assert subjects(amir.user, patient=alice) == {"For Alice", "From Dr Diaz"}
    assert subjects(dr_chen.user, practice=practice) == {"For Alice", "For Carol"}
    assert subjects(dr_diaz.user, practice=practice) == {"From Dr Diaz"}
    assert len(subjects(sam_staff, practice=practice)) == 3


@pytest.mark.parametrize("outsider", ["bob", "dr_evans", "ada_admin", "rita_reporter"])
def test_outsiders_have_no_inbox_here(write, alice, outsider, request):
    write()
    person = request.getfixturevalue(outsider)
    user = getattr(person, "user", person)
    with pytest.raises(NotAllowed):
        queries.inbox(user, practice=alice.practice)
    with pytest.raises(NotAllowed):
        queries.inbox(user, patient=alice)


def test_unread_is_what_has_no_receipt_of_mine(write, alice, amir, dr_chen, sam_staff, fresh_key):
    thread = write().thread

    def unread(by, **where):
        return queries.inbox(by, **where)[0].unread_count

    assert unread(alice.user, patient=alice) == 1
    queries.open_thread(thread.pk, alice.user)
    assert unread(alice.user, patient=alice) == 0
    assert unread(amir.user, patient=alice) == 1
    assert unread(dr_chen.user, practice=alice.practice) == 0
    actions.send_message(thread=thread, by=alice.user, body="Yes", client_key=fresh_key())
    assert unread(dr_chen.user, practice=alice.practice) == 1
    assert unread(sam_staff, practice=alice.practice) == 1
    assert unread(alice.user, patient=alice) == 0
    Receipt.objects.filter(user=alice.user).delete()
    assert unread(alice.user, patient=alice) == 1


def test_what_is_addressed_to_a_colleague_waits_for_that_colleague(
    write, dr_diaz, sam_staff, practice
):
    write(to_colleague=dr_diaz.memberships.get())
    assert queries.inbox(dr_diaz.user, practice=practice)[0].unread_count == 1
    assert queries.inbox(sam_staff, practice=practice)[0].unread_count == 0


def test_marking_read_gives_the_receipts_without_opening(write, alice):
    thread = write().thread
    assert actions.mark_read(thread=thread, by=alice.user) == 1
    assert actions.mark_read(thread=thread, by=alice.user) == 0
    row = AuditRow.objects.filter(deed="messages_marked_read").first()
    assert row.details == {"messages": 1}


def test_who_read_a_message_is_shown(write, alice, dr_chen):
    thread = write().thread
    queries.open_thread(thread.pk, alice.user)
    message = queries.open_thread(thread.pk, dr_chen.user).messages[0]
    assert [each.name for each in message.read_by] == ["Alice Arden"]
    assert message.mine


def test_a_list_is_one_audit_row_naming_the_threads(write, alice):
    shown = {str(write(each).thread_id) for each in ("One", "Two")}
    opened_keys.forget()
    queries.inbox(alice.user, patient=alice)
    row = AuditRow.objects.get(deed="threads_listed")
    assert set(row.details["threads"]) == shown
    assert row.details["keys_opened"] == 2
    assert row.patient_id == str(alice.pk)


def test_an_opening_is_an_audit_row(write, alice, amir):
    thread = write().thread
    queries.open_thread(thread.pk, amir.user)
    row = AuditRow.objects.get(deed="thread_read")
    assert (row.actor_id, row.on_behalf_of) == (str(amir.user.pk), str(alice.pk))
    assert row.target_id == str(thread.pk)
    assert row.details["keys_opened"] == 1


def test_no_receipt_and_no_text_without_the_audit_row(write, alice, monkeypatch):
    from wellpost.server.messaging import opening

    thread = write().thread

    def refuse(**_):
        raise RuntimeError("the record is not to be had")

    monkeypatch.setattr(opening, "record", refuse)
    with pytest.raises(RuntimeError):
        queries.open_thread(thread.pk, alice.user)
    assert not Receipt.objects.exists()


def test_the_list_can_be_narrowed_and_paged(write, alice, sam_staff, practice):
    begin = datetime(2021, 6, 1, tzinfo=UTC)
    for number in range(queries.PAGE_SIZE + 2):
        with held_at(begin + timedelta(hours=number)):
            message = write(f"Number {number}")
    actions.resolve_thread(thread=message.thread, by=sam_staff)
    first = queries.inbox(alice.user, patient=alice)
    second = queries.inbox(alice.user, patient=alice, page=2)
    assert len(first) == queries.PAGE_SIZE
    assert [each.subject for each in second] == ["Number 1", "Number 0"]
    resolved = queries.inbox(sam_staff, practice=practice, state="resolved")
    assert [each.subject for each in resolved] == [f"Number {queries.PAGE_SIZE + 1}"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("threads", [1, 12])
def test_a_list_costs_at_most_eight_statements(
    write, alice, amir, carol, sam_staff, dr_chen, practice, threads, django_assert_max_num_queries
):
    for number in range(threads):
        write(f"Number {number}")
        write(f"Number {number}", patient=carol)
    opened_keys.forget()
    for by, where in (
        (sam_staff, {"practice": practice}),
        (dr_chen.user, {"practice": practice}),
        (alice.user, {"patient": alice}),
        (amir.user, {"patient": alice}),
    ):
        with django_assert_max_num_queries(8):
            assert queries.inbox(by, **where)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("messages", [1, 10])
def test_an_opening_costs_the_same_however_long_the_thread(
    write, alice, dr_chen, messages, fresh_key, django_assert_max_num_queries
):
    thread = write().thread
    for _ in range(messages):
        actions.send_message(thread=thread, by=dr_chen.user, body="More", client_key=fresh_key())
    with django_assert_max_num_queries(12):
        assert len(queries.open_thread(thread.pk, alice.user).messages) == messages + 1


def test_parties_are_named(write, amir, alice):
    opened = queries.open_thread(write().thread_id, alice.user)
    assert [(each.name, each.kind) for each in opened.parties] == [
        ("Alice Arden", "patient"),
        ("Amir Arden", "representative"),
        ("Dr Chen", "clinician"),
    ]


def test_a_staff_member_who_is_a_patient_has_two_seats(write, alice, practice, fresh_key):
    from tests.server.conftest import LONG_AGO
    from wellpost.server.messaging.seats import Side
    from wellpost.server.people.models import Membership, Role

    Membership.objects.create(
        practice=practice, user=alice.user, role=Role.STAFF, starts_on=LONG_AGO
    )
    thread = write().thread
    assert queries.open_thread(thread.pk, alice.user).side == Side.PATIENT
    assert queries.open_thread(thread.pk, alice.user, side=Side.PRACTICE).side == Side.PRACTICE
    sent = actions.send_message(
        thread=thread, by=alice.user, body="As staff", client_key=fresh_key(), side=Side.PRACTICE
    )
    assert sent.sender_kind == "staff"


def test_a_thread_has_those_who_take_part_once(write, dr_chen, sam_staff, fresh_key):
    thread = write().thread
    for _ in range(2):
        actions.send_message(
            thread=thread, by=sam_staff, body="For Dr Chen", client_key=fresh_key(),
            for_clinician=dr_chen,
        )  # fmt: skip
    assert Participant.objects.filter(thread=thread).count() == 2


def test_what_was_imported_waits_for_nobody(write, alice, practice, sam_staff):
    from wellpost.server.messaging.content import CONTENT_TYPE, Content
    from wellpost.server.messaging.epochs import begin, parties_to
    from wellpost.server.messaging.models import Message
    from wellpost.server.messaging.places import seal_message

    thread = write().thread
    actions.mark_read(thread=thread, by=alice.user)
    epoch = begin(thread, parties_to(thread, []), "A matter", "messages_imported")
    thread.last_sequence += 1
    thread.save()
    message = Message(
        thread=thread, epoch=epoch.epoch, sequence=2, sender_kind="patient", sent_to="clinician",
        sent_at=datetime(2021, 6, 1, tzinfo=UTC), sent_on="2021-06-01", client_key="imported",
        content_type=CONTENT_TYPE, source_system="elsewhere", source_id="1",
    )  # fmt: skip
    message.sent_on = message.sent_at.date()
    seal_message(message, Content("Written elsewhere"), epoch.keys)
    message.save(force_insert=True)
    for by, where in ((alice.user, {"patient": alice}), (sam_staff, {"practice": practice})):
        assert queries.inbox(by, **where)[0].unread_count == 0
        opened = queries.open_thread(thread.pk, by).messages
        assert [each.text for each in opened] == ["About A matter", "Written elsewhere"]
        assert not any(each.unread for each in opened)


def test_a_representative_whom_an_import_did_not_name_is_not_called_the_practice(practice, alice):
    thread = Thread(practice=practice, patient=alice)
    assert sender_name(Message(sender_kind="representative"), thread) == "A representative"
    assert sender_name(Message(sender_kind="staff"), thread) == practice.name
