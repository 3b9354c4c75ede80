"""The patient who has no account yet: written to all the same, and invited."""

from __future__ import annotations

from datetime import date

import pytest

from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.models import KeyWrap
from wellpost.server.people.actions import accept_invitation, invite_patient
from wellpost.server.people.models import Invitation

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def write(carol, dr_chen, fresh_key):
    def write():
        return actions.start_thread(
            practice=carol.practice, patient=carol, by=dr_chen.user, subject="Your visit",
            body="Please call about your visit.", client_key=fresh_key(),
        )  # fmt: skip

    return write


def test_the_message_is_sealed_for_carol_and_waits(write, carol, dr_chen):
    message = write()
    held = KeyWrap.objects.filter(epoch=message.epoch, party_key__party_id=carol.pk)
    assert held.exists()
    assert queries.open_thread(message.thread_id, dr_chen.user).waiting_for_first_sign_in
    assert queries.inbox(dr_chen.user, practice=carol.practice)[0].waiting_for_first_sign_in


def test_an_invitation_goes_along_once(
    write, carol, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        write()
        write()
    assert Invitation.objects.filter(patient=carol).count() == 1
    assert [each.to for each in mailoutbox] == [["carol@example.org"]]
    assert "visit" not in mailoutbox[0].body


@pytest.mark.parametrize("unknown", ["email", "birth_on"])
def test_without_an_address_or_birth_date_the_letter_is_left_to_the_practice(write, carol, unknown):
    setattr(carol, unknown, "" if unknown == "email" else None)
    carol.save()
    assert write()
    assert not Invitation.objects.exists()


def test_carol_opens_her_account_and_reads_what_waited(write, carol, dr_chen, sam_staff):
    message = write()
    _, code = invite_patient(patient=carol, by=sam_staff, sent_by="letter")
    accept_invitation(
        code=code, birth_on=date(1980, 2, 3), email="carol@example.org", name="Carol Cove",
        password="a long enough pass phrase",
    )  # fmt: skip
    carol.refresh_from_db()
    opened = queries.open_thread(message.thread_id, carol.user)
    assert opened.messages[0].text == "Please call about your visit."
    assert not queries.open_thread(message.thread_id, dr_chen.user).waiting_for_first_sign_in


def test_alice_has_an_account_and_is_not_invited(first, alice):
    assert not Invitation.objects.exists()


def test_a_representative_with_an_account_is_somebody_who_can_read(alice, amir, first, dr_chen):
    alice.user, alice.account_opened_on = None, None
    alice.save()
    assert not queries.open_thread(first.thread_id, dr_chen.user).waiting_for_first_sign_in
    amir.ends_on = date(2021, 1, 1)
    amir.save()
    assert queries.open_thread(first.thread_id, dr_chen.user).waiting_for_first_sign_in
