"""A patient's account is lost: it is cut off, a new one opens the same record, nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.urls import reverse

from tests.server.conftest import make_patient
from wellpost.errors import RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions as messaging
from wellpost.server.messaging import queries
from wellpost.server.messaging.models import PartyKey
from wellpost.server.people import actions
from wellpost.server.people.models import Invitation, User
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.smart.models import App, Connection

pytestmark = pytest.mark.postgresql
WHY = {"loss": "cannot_sign_in", "proof": "in_person"}


@pytest.fixture
def message(alice, dr_chen):
    return messaging.start_thread(
        practice=alice.practice, patient=alice, by=dr_chen.user, subject="Your blood test",
        body="All is well.", client_key="first",
    )  # fmt: skip


def recovered(patient, by):
    """The record, with an account of somebody who took up the new invitation."""
    kept = actions.recover_account(patient=patient, by=by, **WHY)
    _, code = actions.invite_patient(patient=kept, by=by, sent_by="letter")
    actions.accept_invitation(
        code=code, birth_on=patient.birth_on, email="alice.arden@example.org",
        password="a new and long password", name="Alice Arden",
    )  # fmt: skip
    kept.refresh_from_db()
    return kept


def texts(thread_id, by):
    return [each.text for each in queries.open_thread(thread_id, by).messages]


def test_the_new_account_finds_the_history_and_the_old_one_nothing(message, alice, sam_staff):
    old = alice.user
    kept = recovered(alice, sam_staff)
    assert kept.user != old
    assert texts(message.thread_id, kept.user) == ["All is well."]
    old.refresh_from_db()
    with pytest.raises(NotAllowed):
        queries.open_thread(message.thread_id, old)
    assert not old.is_active and old.email.endswith("@closed.invalid")


def test_the_history_opens_though_the_old_key_is_gone(message, alice, sam_staff):
    """The practice is a party: it wraps again, by its own key."""
    PartyKey.objects.filter(party_id=alice.pk).update(wrapped_private_key=b"lost")
    kept = recovered(alice, sam_staff)
    assert texts(message.thread_id, kept.user) == ["All is well."]


def test_what_is_written_from_now_on_the_old_key_never_held(message, alice, sam_staff, dr_chen):
    old = PartyKey.objects.get(party_id=alice.pk)
    recovered(alice, sam_staff)
    sent = messaging.send_message(
        thread=message.thread, by=dr_chen.user, body="Welcome back.", client_key="second"
    )
    assert sent.epoch.number == 2
    assert not sent.epoch.wraps.filter(party_key=old).exists()


def test_who_is_signed_in_is_out_at_once(message, alice, sam_staff, as_user):
    browser = as_user(alice.user)
    assert browser.get(reverse("portal:thread", args=[message.thread_id])).status_code == 200
    actions.recover_account(patient=alice, by=sam_staff, **WHY)
    answer = browser.get(reverse("portal:thread", args=[message.thread_id]))
    assert answer.status_code in (302, 404)


def test_an_account_that_is_needed_elsewhere_stays(alice, other_practice, sam_staff):
    elsewhere = make_patient(other_practice, "Alice Arden", user=alice.user)
    actions.recover_account(patient=alice, by=sam_staff, **WHY)
    user = User.objects.get(pk=elsewhere.user_id)
    assert user.is_active and user.email == "alice.arden@example.org"
    assert user.has_usable_password()


def test_apps_that_the_account_let_in_are_out(alice, sam_staff):
    now = datetime.now(UTC)
    app = App.objects.create(name="Heart Diary", registered_at=now)
    held = Connection.objects.create(
        app=app, user=alice.user, patient=alice, scope="patient/*.rs", agreed_at=now, began_at=now
    )
    actions.recover_account(patient=alice, by=sam_staff, **WHY)
    held.refresh_from_db()
    assert held.ended_at is not None


def test_it_is_on_record_and_the_patient_is_told(
    alice, sam_staff, django_capture_on_commit_callbacks
):
    old = alice.user
    with django_capture_on_commit_callbacks(execute=True):
        actions.recover_account(patient=alice, by=sam_staff, **WHY)
    row = AuditRow.objects.get(deed="account_recovered")
    assert row.patient_id == str(alice.pk) and row.actor_id == str(sam_staff.pk)
    assert row.details == {**WHY, "closed": True} and row.target_id == str(old.pk)
    (letter,) = mail.outbox
    assert letter.to == ["alice.arden@example.org"]
    assert "telephone your practice now" in letter.body
    assert "Arden" not in letter.body + letter.subject


def test_what_had_arrived_counts_as_before(message, alice, sam_staff):
    """The day from which the patient could read decides what counts; a new account moves it not."""
    before = alice.account_opened_on
    assert recovered(alice, sam_staff).account_opened_on == before


@pytest.mark.parametrize("who", ["dr_chen", "rita_reporter", "dr_evans", "alice"])
def test_nobody_else_may(request, alice, who):
    by = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        actions.recover_account(patient=alice, by=getattr(by, "user", by), **WHY)


def test_without_an_account_there_is_nothing_to_recover(carol, sam_staff):
    with pytest.raises(RequestError, match="no account"):
        actions.recover_account(patient=carol, by=sam_staff, **WHY)


# The page


def test_the_page_takes_the_account_off_and_prints_the_letter(alice, sam_staff, as_user):
    browser = as_user(sam_staff)
    address = reverse("clinic:recover", args=[alice.pk])
    assert b"Lost account" in browser.get(address).content
    answer = browser.post(address, {**WHY, "sent_by": "letter"})
    assert Invitation.objects.get(patient=alice).sent_by == "letter"
    assert answer.status_code == 200 and answer.context["code"]
    alice.refresh_from_db()
    assert alice.user is None


def test_no_invitation_goes_to_an_address_that_is_lost(alice, sam_staff, as_user):
    alice.email = alice.user.email
    alice.save()
    form = {"loss": "stranger", "proof": "in_person", "sent_by": "email"}
    answer = as_user(sam_staff).post(reverse("clinic:recover", args=[alice.pk]), form)
    assert b"which somebody else may read" in answer.content
    alice.refresh_from_db()
    assert alice.user is not None and not Invitation.objects.exists()
