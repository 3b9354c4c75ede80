"""Drafts, templates, and writing to a list."""

from __future__ import annotations

from uuid import uuid4

import pytest

from wellpost.errors import RequestError
from wellpost.server.messaging.actions import send_message
from wellpost.server.messaging.happenings import content_destroyed
from wellpost.server.messaging.keys.parties import keys_of, party_of
from wellpost.server.messaging.models import Destruction, Message, PartyKey, Thread
from wellpost.server.messaging.retention.policy import set_policy
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.routing.drafts import discard_draft, draft_of, keep_draft
from wellpost.server.routing.mailings import (
    mailing_for,
    prepare_mailing,
    progress_of,
    release_mailing,
    send_waiting,
    text_of,
)
from wellpost.server.routing.models import Draft, Mailing, Wording
from wellpost.server.routing.wordings import (
    fill,
    keep_wording,
    known_values,
    remove_wording,
    wordings_for,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_a_draft_is_its_authors_alone_and_sealed(ask, dr_chen, sam_staff, deeds):
    thread = ask()
    for text in ("Take", "Take two"):
        keep_draft(where=thread, by=dr_chen.user, fields={"body": text, "to": "patient"})
    held = Draft.objects.get()
    assert b"Take" not in bytes(held.sealed)
    assert draft_of(thread, dr_chen.user).fields["body"] == "Take two"
    assert draft_of(thread, sam_staff) is None
    assert deeds().count("draft_begun") == 1


def test_an_empty_draft_is_none_and_a_discarded_one_is_gone(ask, dr_chen):
    thread = ask()
    keep_draft(where=thread, by=dr_chen.user, fields={"body": "Take two"})
    assert keep_draft(where=thread, by=dr_chen.user, fields={"body": "  "}) is None
    assert not discard_draft(where=thread, by=dr_chen.user)


@pytest.mark.parametrize("kept_first", [True, False])
def test_what_was_sent_while_it_was_kept_is_no_draft(ask, dr_chen, kept_first):
    """Send was pressed before the page knew that its draft is kept."""
    thread, key = ask(), uuid4()
    typed = {"body": "Take two", "client_key": str(key)}
    sent = {"thread": thread, "by": dr_chen.user, "body": "Take two.", "client_key": key}
    if kept_first:
        keep_draft(where=thread, by=dr_chen.user, fields=typed)
        assert draft_of(thread, dr_chen.user).fields["body"] == "Take two"
        send_message(**sent)
    else:
        send_message(**sent)
        assert keep_draft(where=thread, by=dr_chen.user, fields=typed) is None
    assert draft_of(thread, dr_chen.user) is None
    assert not Draft.objects.exists()


def test_what_is_kept_too_late_takes_no_other_draft_away(ask, dr_chen):
    """In another window Dr Chen has begun the next answer."""
    thread, key = ask(), uuid4()
    send_message(thread=thread, by=dr_chen.user, body="Take two.", client_key=key)
    begun = {"body": "And rest", "client_key": str(uuid4())}
    keep_draft(where=thread, by=dr_chen.user, fields=begun)
    late = {"body": "Take two.", "client_key": str(key)}
    assert keep_draft(where=thread, by=dr_chen.user, fields=late) is None
    assert draft_of(thread, dr_chen.user).fields["body"] == "And rest"


def test_who_may_not_write_there_keeps_no_draft(ask, dr_diaz, dr_evans, alice, ada_admin):
    thread = ask()
    for by in (dr_diaz.user, dr_evans.user, alice.user, ada_admin):
        with pytest.raises(NotAllowed):
            keep_draft(where=thread, by=by, fields={"body": "Hello"})
    for by in (dr_evans.user, alice.user, ada_admin):
        with pytest.raises(NotAllowed):
            keep_draft(where=alice, by=by, fields={"body": "Hello"})


def test_fields_are_filled_and_what_is_not_known_is_refused(alice, dr_chen):
    values = known_values(patient=alice, by=dr_chen.user, clinician=dr_chen)
    text = "Dear {patient name}, {clinician} at {Practice  Name}"
    assert fill(text, values) == "Dear Alice Arden, Dr Chen at Harbor Family Practice"
    with pytest.raises(RequestError, match=r"Nothing is known to put for \{practice phone\}"):
        fill("Call {practice phone}.", values)
    with pytest.raises(RequestError, match=r"There is no field \{shoe size\}"):
        fill("{shoe size}", values)


def test_ones_own_template_is_not_anothers(practice, dr_chen, dr_diaz, dr_evans):
    text = {"name": "Hello", "subject": "", "body": "Dear {patient name}"}
    own = keep_wording(practice=practice, by=dr_chen.user, shared=False, **text)
    shared = keep_wording(practice=practice, by=dr_chen.user, shared=True, **text)
    assert set(wordings_for(dr_chen.user, practice)) == {own, shared}
    assert set(wordings_for(dr_diaz.user, practice)) == {shared}
    with pytest.raises(NotAllowed):
        remove_wording(wording=own, by=dr_diaz.user)
    with pytest.raises(NotAllowed):
        wordings_for(dr_evans.user, practice)
    remove_wording(wording=own, by=dr_chen.user)
    assert Wording.objects.get() == shared


def test_an_unknown_field_is_refused_when_the_template_is_kept(practice, dr_chen):
    with pytest.raises(RequestError, match="There is no field"):
        keep_wording(
            practice=practice, by=dr_chen.user, name="Bad", subject="", body="{pet}", shared=True
        )


@pytest.fixture
def prepare(practice, alice, carol, dr_chen):
    def prepare(key=None, by=dr_chen.user, patients=(alice, carol), **choices):
        asked = {"subject": "Flu shots", "body": "Dear {patient name}, come.", **choices}
        return prepare_mailing(
            practice=practice, patients=[each.pk for each in patients], by=by,
            client_key=key or uuid4(), **asked,
        )  # fmt: skip

    return prepare


def sent_all():
    while send_waiting():
        pass


def test_each_of_a_list_gets_a_thread_of_their_own_once(prepare, alice, carol, dr_chen, deeds):
    key = uuid4()
    mailing = prepare(key)
    assert prepare(key) == mailing
    sent_all()
    assert not Thread.objects.exists()
    for _ in range(2):
        release_mailing(mailing=mailing, by=dr_chen.user, own=[alice.pk])
        sent_all()
    kinds = Message.objects.values_list("thread__patient", "sender_kind", "clinician")
    assert set(kinds) == {
        (alice.pk, "clinician", dr_chen.pk),
        (carol.pk, "automated", dr_chen.pk),
    }
    assert Thread.objects.count() == 2
    assert (progress_of(mailing).sent, progress_of(mailing).waiting) == (2, 0)
    assert deeds().count("mailing_finished") == 1


def test_the_text_of_a_list_ends_with_the_last_conversation_it_began(
    prepare, alice, carol, dr_chen, ada_admin
):
    mailing = prepare()
    release_mailing(mailing=mailing, by=dr_chen.user)
    sent_all()
    for patient, subject in ((alice, "Flu shots"), (carol, "A list of the past")):
        threads = list(Thread.objects.filter(patient=patient))
        content_destroyed.send(Thread, threads=threads, destruction=None)
        held = mailing_for(mailing.pk, dr_chen.user)
        assert text_of(held)[0] == subject
        threads[0].destruction = destroyed(patient, ada_admin)
        threads[0].save()
    assert progress_of(held).sent == 2


def destroyed(patient, by):
    """That something was, on record."""
    policy = set_policy(practice=patient.practice, by=by, years=10, minors_until=21)
    today = policy.set_at.date()
    return Destruction.objects.create(
        practice=patient.practice, patient=patient, policy=policy, last_contact_on=today,
        due_on=today, destroyed_at=policy.set_at, threads=1, messages=1, keys=1, files=0,
    )  # fmt: skip


def test_one_of_a_list_who_cannot_be_written_to_holds_nobody_up(prepare, alice, carol, dr_chen):
    mailing = prepare(body="Call {practice phone}.")
    release_mailing(mailing=mailing, by=dr_chen.user)
    sent_all()
    done = progress_of(mailing)
    assert (done.sent, done.refused) == (0, 2)
    assert "practice phone" in mailing.recipients.first().refused


def test_a_list_that_was_changed_goes_to_nobody_and_holds_no_other_up(
    prepare, alice, carol, dr_chen, deeds
):
    changed, other = prepare(), prepare(subject="Forms")
    Mailing.objects.filter(pk=changed.pk).update(sealed=b"another text")
    for each in (changed, other):
        release_mailing(mailing=each, by=dr_chen.user)
    assert send_waiting() == 2
    send_waiting()
    assert (progress_of(changed).refused, progress_of(other).sent) == (2, 2)
    assert Mailing.objects.filter(finished_at=None).count() == 0
    assert deeds().count("seal_broken") == 1


def test_a_conversation_that_does_not_open_holds_no_list_up(prepare, alice, carol, dr_chen, deeds):
    mailing, refused = prepare(), "This key was changed"
    keys_of([party_of(carol)])
    PartyKey.objects.filter(party_id=carol.pk).update(public_key=b"no key")
    release_mailing(mailing=mailing, by=dr_chen.user)
    assert (send_waiting(), send_waiting()) == (1, 0)
    assert Message.objects.get().thread.patient == alice
    assert refused in mailing.recipients.get(patient=carol).refused
    assert deeds().count("seal_broken") == 1


def test_a_list_with_somebody_elses_patient_is_no_list(prepare, bob, alice, dr_evans, dr_diaz):
    with pytest.raises(NotAllowed):
        prepare(patients=(alice, bob))
    with pytest.raises(NotAllowed):
        prepare(by=dr_evans.user)
    with pytest.raises(NotAllowed):
        mailing_for(prepare().pk, dr_diaz.user)
    with pytest.raises(RequestError, match="0 patients are chosen"):
        prepare(patients=())
