"""Emergency access: Dr Diaz reads what Alice and Dr Chen wrote, for a while, and answers for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.server.conftest import make_member
from wellpost.errors import RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock
from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.emergency import (
    begin_emergency,
    emergencies_at,
    end_emergency,
    reason_of,
    review_emergency,
    to_be_told,
)
from wellpost.server.messaging.models import Receipt
from wellpost.server.messaging.seats import Side
from wellpost.server.notices.models import Notice
from wellpost.server.people.models import EmergencyAccess, Membership, Role, User
from wellpost.server.people.permissions import NotAllowed, Permission, emergency_of, may
from wellpost.server.people.practices import choose_privacy_officer

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
REASON = "Unconscious in the emergency room, Dr Chen cannot be reached."


@pytest.fixture
def letter(practice, alice, dr_chen):
    """Alice's message to Dr Chen, with a file."""
    return actions.start_thread(
        practice=practice, patient=alice, by=alice.user, subject="My knee", body="It hurts.",
        client_key="one", for_clinician=dr_chen,
        attachments=[SimpleUploadedFile("knee.txt", b"a picture in words")],
    )  # fmt: skip


@pytest.fixture
def opened(alice, dr_diaz, ada_admin, letter):
    return begin_emergency(patient=alice, by=dr_diaz.user, reason=REASON)


def reads(letter, user):
    return queries.open_thread(letter.thread_id, user, Side.PRACTICE)


def test_who_does_not_take_part_reads_in_an_emergency_alone(letter, alice, dr_diaz):
    with pytest.raises(NotAllowed):
        reads(letter, dr_diaz.user)
    held = begin_emergency(patient=alice, by=dr_diaz.user, reason=REASON)
    thread = reads(letter, dr_diaz.user)
    assert [each.text for each in thread.messages] == ["It hurts."]
    assert thread.emergency_until == held.ends_at
    file = queries.open_attachment(letter.attachments.get().pk, dr_diaz.user, Side.PRACTICE)
    assert b"".join(file.pieces) == b"a picture in words"
    listed = queries.inbox(dr_diaz.user, practice=alice.practice, about=alice)
    assert [each.thread_id for each in listed] == [letter.thread_id]
    assert queries.inbox(dr_diaz.user, practice=alice.practice) == []


def test_nobody_is_told_that_anything_was_read(letter, opened, dr_diaz):
    thread = reads(letter, dr_diaz.user)
    assert not Receipt.objects.exists()
    assert not any(each.unread or each.mine for each in thread.messages)


def test_nothing_is_written_under_it(letter, opened, dr_diaz, sam_staff):
    thread = reads(letter, dr_diaz.user)
    assert not thread.may_write
    assert not thread.may_resolve
    by = dr_diaz.user
    own = Membership.objects.get(clinician=dr_diaz)
    for deed in (
        lambda: actions.send_message(thread=letter.thread, by=by, body="Hello", client_key="x"),
        lambda: actions.resolve_thread(thread=letter.thread, by=by),
        lambda: actions.mark_read(thread=letter.thread, by=by),
        lambda: actions.retract_message(message=letter, by=by),
        lambda: actions.add_participant(thread=letter.thread, membership=own, by=by),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_every_reading_is_on_record_as_one_of_an_emergency(letter, opened, alice, dr_diaz):
    reads(letter, dr_diaz.user)
    queries.open_attachment(letter.attachments.get().pk, dr_diaz.user, Side.PRACTICE)
    found = AuditRow.objects.filter(category="emergency", patient_id=str(alice.pk)).order_by("pk")
    assert [each.deed for each in found] == ["emergency_begun", "thread_read", "attachment_read"]
    assert REASON not in str(list(found.values()))


def test_it_ends_by_itself(letter, opened, dr_diaz):
    with clock.held_at(opened.ends_at - timedelta(seconds=1)):
        assert reads(letter, dr_diaz.user).emergency_until
    with clock.held_at(opened.ends_at), pytest.raises(NotAllowed):
        reads(letter, dr_diaz.user)


def test_it_ends_when_its_user_says_so(letter, opened, alice, dr_diaz):
    end_emergency(patient=alice, by=dr_diaz.user)
    with pytest.raises(NotAllowed):
        reads(letter, dr_diaz.user)
    with pytest.raises(NotAllowed):
        end_emergency(patient=alice, by=dr_diaz.user)


def test_it_ends_with_the_membership(letter, opened, dr_diaz):
    dr_diaz.memberships.update(ends_on=clock.today("America/New_York") - timedelta(days=1))
    with pytest.raises(NotAllowed):
        reads(letter, dr_diaz.user)


def test_it_holds_for_one_patient_and_one_reader(letter, opened, alice, carol, dr_chen, dr_diaz):
    other = actions.start_thread(
        practice=alice.practice, patient=carol, by=dr_chen.user, subject="Yours", body="Well.",
        client_key="two",
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        reads(other, dr_diaz.user)
    assert emergency_of(dr_chen.user, alice.pk) is None


def test_outsiders_cannot_begin_one(letter, alice, dr_evans, bob, amir, ada_admin, rita_reporter):
    for user in (dr_evans.user, bob.user, amir.user, alice.user, ada_admin, rita_reporter):
        with pytest.raises(NotAllowed):
            begin_emergency(patient=alice, by=user, reason=REASON)
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize("reason", ["", "urgent", " " * 40, "x" * 501])
def test_a_reason_must_say_something(letter, alice, dr_diaz, reason):
    with pytest.raises(RequestError, match="The reason has"):
        begin_emergency(patient=alice, by=dr_diaz.user, reason=reason)


def test_who_reads_everything_does_not_need_it_and_nobody_needs_two(
    opened, alice, sam_staff, dr_diaz
):
    with pytest.raises(RequestError, match="without it"):
        begin_emergency(patient=alice, by=sam_staff, reason=REASON)
    with pytest.raises(RequestError, match="open already"):
        begin_emergency(patient=alice, by=dr_diaz.user, reason=REASON)


def test_the_reason_is_sealed_and_bound_to_its_access(opened, deeds):
    kept = EmergencyAccess.objects.get()
    assert REASON.encode() not in bytes(kept.reason_sealed)
    assert reason_of(kept) == REASON
    kept.patient_id = kept.user_id
    assert "ALARM" in reason_of(kept)
    assert deeds()[-1] == "seal_broken"


def told():
    """The addresses of those told of an emergency."""
    return list(Notice.objects.filter(kind="emergency_access").values_list("address", flat=True))


def test_administrators_are_told_at_once_and_not_what(
    letter, alice, dr_diaz, ada_admin, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        begin_emergency(patient=alice, by=dr_diaz.user, reason=REASON)
    assert [each.to for each in mail.outbox] == [[ada_admin.email]]
    said = mail.outbox[0].subject + mail.outbox[0].body
    for word in ("Alice", "Arden", "Diaz", "Unconscious", "knee", "Harbor"):
        assert word not in said


def test_each_is_told_however_lately_another_was(opened, alice, carol, dr_diaz):
    begin_emergency(patient=carol, by=dr_diaz.user, reason=REASON)
    assert len(told()) == 2


def test_the_privacy_officer_is_told_where_there_is_one(
    practice, alice, dr_diaz, ada_admin, letter
):
    olga = make_member(practice, "Olga Officer", Role.ADMINISTRATOR)
    held = Membership.objects.get(user=olga)
    choose_privacy_officer(practice=practice, by=ada_admin, officer=held)
    begin_emergency(patient=alice, by=dr_diaz.user, reason=REASON)
    assert told() == [olga.email]


def test_a_privacy_officer_who_left_leaves_it_to_the_administrators(
    practice, alice, dr_diaz, ada_admin, letter
):
    olga = make_member(practice, "Olga Officer", Role.ADMINISTRATOR)
    held = Membership.objects.get(user=olga)
    choose_privacy_officer(practice=practice, by=ada_admin, officer=held)
    Membership.objects.filter(pk=held.pk).update(
        ends_on=clock.today(practice.time_zone) - timedelta(days=1)
    )
    begin_emergency(patient=alice, by=dr_diaz.user, reason=REASON)
    assert told() == [ada_admin.email]


@pytest.mark.parametrize("why", ["their account is shut", "it is their own"])
def test_somebody_else_is_told_where_the_privacy_officer_cannot_be(
    practice, alice, dr_diaz, ada_admin, letter, why
):
    olga = make_member(practice, "Olga Officer", Role.ADMINISTRATOR)
    held = Membership.objects.get(user=olga)
    choose_privacy_officer(practice=practice, by=ada_admin, officer=held)
    if why == "it is their own":
        assert to_be_told(held.practice, olga) == {ada_admin.pk, olga.pk}
        return
    User.objects.filter(pk=olga.pk).update(is_active=False)
    begin_emergency(patient=alice, by=dr_diaz.user, reason=REASON)
    assert told() == [ada_admin.email]


def test_only_an_administrator_of_the_practice_can_be_privacy_officer(
    practice, ada_admin, sam_staff, dr_diaz
):
    for held in (Membership.objects.get(user=sam_staff), dr_diaz.memberships.get()):
        with pytest.raises(RequestError, match="must be an administrator"):
            choose_privacy_officer(practice=practice, by=ada_admin, officer=held)
    with pytest.raises(NotAllowed):
        choose_privacy_officer(practice=practice, by=sam_staff, officer=None)


def test_an_administrator_reviews_it_once(opened, practice, ada_admin, sam_staff):
    with pytest.raises(NotAllowed):
        emergencies_at(practice, sam_staff)
    found = emergencies_at(practice, ada_admin).get()
    reviewed = review_emergency(access=found, by=ada_admin)
    assert (reviewed.reviewed_by, bool(reviewed.reviewed_at)) == (ada_admin, True)
    review_emergency(access=found, by=ada_admin)
    assert AuditRow.objects.filter(deed="emergency_reviewed").count() == 1


def test_nobody_reviews_their_own(opened, practice, dr_diaz):
    Membership.objects.create(
        practice=practice, user=dr_diaz.user, role=Role.ADMINISTRATOR, starts_on="2020-01-01"
    )
    with pytest.raises(RequestError, match="ask another administrator"):
        review_emergency(access=opened, by=dr_diaz.user)


def test_a_merged_record_is_read_with_the_one_it_went_into(letter, alice, carol, dr_diaz):
    carol.merged_into = alice
    carol.save()
    held = begin_emergency(patient=carol, by=dr_diaz.user, reason=REASON)
    assert held.patient == alice
    assert reads(letter, dr_diaz.user).emergency_until


def test_in_an_emergency_one_may_read_and_nothing_more(opened, alice, dr_diaz):
    assert may(dr_diaz.user, Permission.READ_CHART, alice)
    assert not may(dr_diaz.user, Permission.MANAGE_PEOPLE, alice)


def test_what_is_the_patients_alone_is_read_in_an_emergency(letter, alice, amir, dr_diaz):
    """Amir's authority names Alice and no practice, so that no role reaches it by itself."""
    assert not may(dr_diaz.user, Permission.READ_PATIENT, amir)
    held = begin_emergency(patient=alice, by=dr_diaz.user, reason=REASON)
    assert may(dr_diaz.user, Permission.READ_PATIENT, amir)
    assert not may(dr_diaz.user, Permission.MANAGE_REPRESENTATIVES, amir)
    with clock.held_at(held.ends_at):
        assert not may(dr_diaz.user, Permission.READ_PATIENT, amir)
