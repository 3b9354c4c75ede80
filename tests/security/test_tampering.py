"""Somebody who can write to the database changes it. Nothing changed is ever shown as genuine."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction

from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.errors import TamperedError
from wellpost.server.messaging.keys.opened import opened_keys
from wellpost.server.messaging.keys.parties import keys_of, party_of
from wellpost.server.messaging.models import (
    Attachment,
    AttachmentChunk,
    Epoch,
    KeyWrap,
    Message,
    PartyKey,
    Thread,
)
from wellpost.server.routing.models import Note
from wellpost.server.routing.notes import add_note

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

SECRET = "Lilac Umbrella 7391"


@pytest.fixture
def second(alice, dr_chen, fresh_key) -> Message:
    """A message of another thread of Alice's."""
    return actions.start_thread(
        practice=alice.practice, patient=alice, by=dr_chen.user, subject="Another matter",
        body=SECRET, client_key=fresh_key(),
    )  # fmt: skip


@pytest.fixture
def answered(second, alice, fresh_key) -> Message:
    """Alice's answer in it."""
    return actions.send_message(
        thread=second.thread, by=alice.user, body="I see.", client_key=fresh_key(),
        in_reply_to=second,
    )  # fmt: skip


def one_bit(data) -> bytes:
    changed = bytearray(data)
    changed[len(changed) // 2] ^= 1
    return bytes(changed)


def alarms():
    return AuditRow.objects.filter(deed="seal_broken", outcome="alarm")


def assert_alarm(thread, by, *, shown=()):
    """The page has an alarm where the text was, keeps what is genuine, and it is on record."""
    opened_keys.forget()
    before = alarms().count()
    opened = queries.open_thread(thread.pk, by)
    assert opened.tampered
    genuine = [each.text for each in opened.messages if not each.tampered]
    assert genuine == list(shown)
    assert all("ALARM" in each.text for each in opened.messages if each.tampered)
    assert alarms().count() > before
    for row in alarms():
        assert SECRET not in str(row.__dict__)


def changed(message, other_thread, other_person):
    """Each column that says who, when, where or what, and another value for it."""
    return {
        "nonce": one_bit(message.nonce),
        "sealed": one_bit(message.sealed),
        "sequence": message.sequence + 7,
        "sender": other_person,
        "sender_kind": "automated",
        "clinician": None if message.clinician else other_person.clinician,
        "sent_to": "clinician" if message.sent_to == "patient" else "patient",
        "sent_at": message.sent_at + timedelta(microseconds=1),
        "sent_on": message.sent_on + timedelta(days=1),
        "in_reply_to": None if message.in_reply_to else other_thread.messages.get(),
        "replaces": other_thread.messages.get(),
        "content_type": message.content_type + "x",
        "source_system": "elsewhere",
        "epoch": other_thread.epochs.get(),
    }


COLUMNS = [
    "nonce", "sealed", "sequence", "sender", "sender_kind", "clinician", "sent_to", "sent_at",
    "sent_on", "in_reply_to", "replaces", "content_type", "source_system", "epoch",
]  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_a_message_can_be_changed(first, second, alice, dr_diaz, column):
    values = changed(second, first.thread, dr_diaz.user)
    Message.objects.filter(pk=second.pk).update(**{column: values[column]})
    assert_alarm(second.thread, alice.user)


@pytest.mark.parametrize("column", ["representative", "addressed_to"])
def test_nor_to_whom_it_was(second, alice, amir, dr_diaz, column):
    value = amir if column == "representative" else dr_diaz.memberships.get()
    Message.objects.filter(pk=second.pk).update(**{column: value})
    assert_alarm(second.thread, alice.user)


def test_every_column_is_decided():
    """A column added to the model must be bound, or stand here with its reason."""
    free = {
        "id": "bound as `message`; another identifier fails as another message would",
        "thread": "bound by the thread's place; tested below",
        "client_key": "names the request, nothing that is read",
        "request_digest": "compared under the epoch's digest key, shown to nobody",
        "source_id": "bound as source_system is",
        "retracted_at": "set later by the writer; on record",
        "representative": "tested above",
        "addressed_to": "tested above",
    }
    names = {each.name for each in Message._meta.get_fields() if isinstance(each, models.Field)}
    assert names == set(COLUMNS) | set(free)


def test_a_message_moved_to_another_thread_is_an_alarm(first, second, alice):
    Message.objects.filter(pk=second.pk).update(thread=first.thread, sequence=2)
    Thread.objects.filter(pk=first.thread_id).update(last_sequence=2)
    assert_alarm(first.thread, alice.user, shown=["All values are as they should be."])


def test_moved_with_its_epoch_it_is_an_alarm_as_well(first, second, alice):
    Message.objects.filter(pk=second.pk).update(thread=first.thread, sequence=2)
    Thread.objects.filter(pk=first.thread_id).update(last_sequence=2)
    Epoch.objects.filter(thread=second.thread).update(thread=first.thread, number=2)
    assert_alarm(first.thread, alice.user, shown=["All values are as they should be."])


def test_two_messages_in_another_order_are_alarms(second, answered, alice):
    Message.objects.filter(pk=second.pk).update(sequence=99)
    Message.objects.filter(pk=answered.pk).update(sequence=1)
    Message.objects.filter(pk=second.pk).update(sequence=2)
    assert_alarm(second.thread, alice.user)


def test_the_sealed_content_of_one_in_the_place_of_another_is_an_alarm(second, answered, alice):
    Message.objects.filter(pk=answered.pk).update(nonce=second.nonce, sealed=second.sealed)
    assert_alarm(second.thread, alice.user, shown=[SECRET])


@pytest.mark.parametrize("which", ["last", "first"])
def test_a_message_taken_out_is_an_alarm(second, answered, alice, which):
    gone, left = (answered, second) if which == "last" else (second, answered)
    Message.objects.filter(pk=answered.pk).update(in_reply_to=None)
    opened_keys.forget()
    Message.objects.filter(pk=gone.pk).delete()
    opened = queries.open_thread(left.thread_id, alice.user)
    assert (opened.tampered, opened.missing) == (True, 1)
    assert alarms().filter(category="thread").exists()


@pytest.mark.parametrize("place", [0, 40, 70, -1])
def test_a_wrap_changed_by_one_bit_opens_nothing(second, alice, place):
    wrap = KeyWrap.objects.get(epoch=second.epoch, party_key__party_id=alice.pk)
    altered = bytearray(wrap.sealed)
    altered[place] ^= 1
    KeyWrap.objects.filter(pk=wrap.pk).update(sealed=bytes(altered))
    assert_alarm(second.thread, alice.user)


def test_a_wrap_of_another_epoch_opens_nothing(first, second, alice):
    other = KeyWrap.objects.get(epoch=first.epoch, party_key__party_id=alice.pk)
    KeyWrap.objects.filter(epoch=second.epoch, party_key__party_id=alice.pk).update(
        sealed=bytes(other.sealed)
    )
    assert_alarm(second.thread, alice.user)


@pytest.mark.parametrize("column", ["number", "suite"])
def test_an_epochs_number_and_suite_are_bound(second, alice, column):
    Epoch.objects.filter(pk=second.epoch_id).update(**{column: 9})
    assert_alarm(second.thread, alice.user)


def test_a_wrap_made_by_the_intruder_for_a_key_of_their_own_opens_nothing(second, bob, alice):
    """Bob is made the thread's patient: his key never wrapped this epoch."""
    Thread.objects.filter(pk=second.thread_id).update(patient=bob)
    assert_alarm(second.thread, bob.user)


@pytest.mark.parametrize("whose", ["alice", "practice", "amir"])
def test_nothing_is_wrapped_for_a_public_key_that_the_intruder_put_there(
    whose, request, alice, dr_chen, amir, practice, fresh_key
):
    """Who can write to the database puts their own, and waits for the next conversation."""
    start = {"practice": practice, "patient": alice, "subject": "Results", "body": "Low."}
    actions.start_thread(**start, by=dr_chen.user, client_key=fresh_key())
    theirs = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = theirs.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    holder = request.getfixturevalue(whose)
    assert PartyKey.objects.filter(party_id=holder.pk).update(public_key=point) == 1
    with pytest.raises(TamperedError):
        actions.start_thread(**start, by=dr_chen.user, client_key=fresh_key())
    assert alarms().filter(category="key").exists()
    assert Thread.objects.count() == 1


def test_no_note_is_sealed_for_a_public_key_of_the_intruders(second, sam_staff, practice, bob):
    other = keys_of([party_of(bob)])[party_of(bob)]
    PartyKey.objects.filter(party_id=practice.pk).update(public_key=other.public_key)
    with pytest.raises(TamperedError):
        add_note(thread=second.thread, by=sam_staff, text="Between us.")
    assert not Note.objects.exists()


def test_a_partys_key_given_to_somebody_else_opens_nothing(second, alice, bob):
    PartyKey.objects.filter(party_id=bob.pk).delete()
    PartyKey.objects.filter(party_id=alice.pk).update(party_id=bob.pk)
    Thread.objects.filter(pk=second.thread_id).update(patient=bob)
    assert_alarm(second.thread, bob.user)


@pytest.mark.parametrize("column", ["subject_nonce", "subject_sealed"])
def test_a_changed_subject_is_an_alarm_in_the_thread_and_in_the_list(second, alice, column):
    value = one_bit(getattr(second.thread, column))
    Thread.objects.filter(pk=second.thread_id).update(**{column: value})
    assert_alarm(second.thread, alice.user, shown=[SECRET])
    row = queries.inbox(alice.user, patient=alice)[0]
    assert row.tampered
    assert "ALARM" in row.subject


def test_a_subject_of_another_thread_is_an_alarm(first, second, alice):
    Thread.objects.filter(pk=second.thread_id).update(
        subject_nonce=first.thread.subject_nonce, subject_sealed=first.thread.subject_sealed
    )
    assert_alarm(second.thread, alice.user, shown=[SECRET])


def test_what_was_opened_a_moment_ago_does_not_hide_a_change(second, alice):
    queries.open_thread(second.thread_id, alice.user)
    wrap = KeyWrap.objects.get(epoch=second.epoch, party_key__party_id=alice.pk)
    KeyWrap.objects.filter(pk=wrap.pk).update(sealed=one_bit(wrap.sealed))
    assert queries.open_thread(second.thread_id, alice.user).messages[0].tampered


# Attachments


@pytest.fixture
def attachment(second, dr_chen, fresh_key) -> Attachment:
    data = b"a line of the letter\n" * 10_000
    message = actions.send_message(
        thread=second.thread, by=dr_chen.user, body="The letter", client_key=fresh_key(),
        attachments=[SimpleUploadedFile("letter.txt", data)],
    )  # fmt: skip
    return message.attachments.get()


def change_bit(attachment):
    chunk = attachment.chunks.get(position=1)
    attachment.chunks.filter(pk=chunk.pk).update(sealed=one_bit(chunk.sealed))


def cut_off(attachment):
    attachment.chunks.order_by("-position").first().delete()


def exchange(attachment):
    one, other = attachment.chunks.order_by("position")[:2]
    attachment.chunks.filter(pk=one.pk).update(nonce=other.nonce, sealed=other.sealed)


def empty(attachment):
    attachment.chunks.all().delete()


@pytest.mark.parametrize("change", [change_bit, cut_off, exchange, empty])
def test_a_changed_file_ends_with_an_alarm(attachment, alice, change):
    change(attachment)
    pieces = queries.open_attachment(attachment.pk, alice.user).pieces
    with pytest.raises(TamperedError):
        list(pieces)
    assert alarms().get().target_id == str(attachment.pk)


def test_a_file_put_under_a_message_is_an_alarm(attachment, second, alice):
    planted = Attachment.objects.create(id=uuid.uuid4(), message=second, position=0, size=5)
    AttachmentChunk.objects.create(attachment=planted, position=0, nonce=b"n" * 12, sealed=b"x")
    with pytest.raises(TamperedError):
        queries.open_attachment(planted.pk, alice.user)
    assert alarms().exists()


# The alarm itself


def test_a_sending_that_meets_a_changed_key_fails_and_its_alarm_stays(second, dr_chen, fresh_key):
    KeyWrap.objects.filter(epoch=second.epoch).update(sealed=b"x" * 113)
    opened_keys.forget()
    with pytest.raises(TamperedError):
        actions.send_message(
            thread=second.thread, by=dr_chen.user, body="More", client_key=fresh_key()
        )
    assert alarms().get().actor_id == str(dr_chen.user.pk)
    assert second.thread.messages.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_alarm_outlives_the_transaction_that_was_rolled_back(second, dr_chen, fresh_key):
    KeyWrap.objects.filter(epoch=second.epoch).update(sealed=b"x" * 113)
    opened_keys.forget()
    with pytest.raises(TamperedError):
        actions.send_message(
            thread=second.thread, by=dr_chen.user, body="More", client_key=fresh_key()
        )
    assert not transaction.get_connection().in_atomic_block
    assert alarms().count() == 1


def test_an_alarm_is_in_the_log_with_identifiers_alone(second, alice, caplog):
    Message.objects.filter(pk=second.pk).update(sealed=one_bit(second.sealed))
    opened_keys.forget()
    queries.open_thread(second.thread_id, alice.user)
    assert str(second.pk) in caplog.text
    for word in ("Lilac", "Alice", "Chen", "Another matter"):
        assert word not in caplog.text


def test_a_tampered_message_gets_no_receipt(second, alice):
    Message.objects.filter(pk=second.pk).update(sealed=one_bit(second.sealed))
    opened_keys.forget()
    queries.open_thread(second.thread_id, alice.user)
    assert not second.receipts.exists()
