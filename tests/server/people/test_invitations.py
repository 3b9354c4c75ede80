"""The only way to an account on a record: a code of the practice, used once, and a second proof."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from wellpost.errors import RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock
from wellpost.server.people import actions, queries
from wellpost.server.people.models import Invitation, Patient, User
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.people.signals import account_opened

BORN = date(1980, 2, 3)
NOON = datetime(2021, 7, 1, 12, tzinfo=UTC)
NEW = {"email": "carol@example.org", "name": "Carol Cove", "password": "a long way to Tipperary"}


@pytest.fixture
def invite(carol, sam_staff):
    return lambda way="letter": actions.invite_patient(patient=carol, by=sam_staff, sent_by=way)


@pytest.fixture
def opened():
    heard = []

    def listen(patient, representative, user, **_):
        heard.append((patient, representative, user))

    account_opened.connect(listen)
    yield heard
    account_opened.disconnect(listen)


def refused(**given):
    with pytest.raises(RequestError, match="do not open an invitation"):
        actions.accept_invitation(**{**NEW, **given})
    return True


def test_a_patient_comes_in_with_the_code_and_the_date_of_birth(carol, invite, opened, deeds):
    invitation, code = invite()
    with clock.held_at(NOON):
        invitation.expires_at = NOON + timedelta(days=1)
        invitation.save()
        actions.accept_invitation(code=code, birth_on=BORN, **NEW)
    carol.refresh_from_db()
    assert carol.user.email == "carol@example.org"
    assert carol.account_opened_on == date(2021, 7, 1)
    assert opened == [(carol, None, carol.user)]
    assert deeds()[-2:] == ["invitation_accepted", "account_opened"]


def test_the_day_the_account_opens_is_the_practices(carol, invite):
    _, code = invite()
    late_evening_in_maine = datetime(2021, 7, 2, 2, tzinfo=UTC)
    Invitation.objects.update(expires_at=late_evening_in_maine + timedelta(days=1))
    with clock.held_at(late_evening_in_maine):
        actions.accept_invitation(code=code, birth_on=BORN, **NEW)
    carol.refresh_from_db()
    assert carol.account_opened_on == date(2021, 7, 1)


def test_the_code_is_easy_to_type_and_kept_nowhere(invite, deeds):
    invitation, code = invite()
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert not set(code) & set("01IO")
    assert code not in str(vars(invitation))
    typed = code.lower().replace("-", " ")
    assert actions.open_invitation(code=typed, birth_on=BORN) == invitation


def test_a_code_works_once(carol, bob, invite):
    _, code = invite()
    actions.accept_invitation(code=code, birth_on=BORN, **NEW)
    assert refused(code=code, birth_on=BORN, user=bob.user)
    carol.refresh_from_db()
    assert carol.user.name == "Carol Cove"


def test_a_code_expires(carol, invite, settings):
    _, code = invite()
    with clock.held_at(clock.now() + timedelta(days=settings.INVITATION_DAYS)):
        assert refused(code=code, birth_on=BORN)
    with clock.held_at(clock.now() + timedelta(days=settings.INVITATION_DAYS - 1)):
        assert actions.accept_invitation(code=code, birth_on=BORN, **NEW)


def test_a_new_code_ends_the_one_before(invite):
    _, before = invite()
    _, after = invite()
    assert refused(code=before, birth_on=BORN)
    assert actions.open_invitation(code=after, birth_on=BORN)


def test_the_fifth_wrong_date_of_birth_ends_the_invitation(carol, invite, deeds):
    _, code = invite()
    for _ in range(4):
        assert refused(code=code, birth_on=date(1980, 3, 2))
    assert actions.open_invitation(code=code, birth_on=BORN)
    assert refused(code=code, birth_on=date(1980, 3, 2))
    assert refused(code=code, birth_on=BORN)
    assert deeds().count("invitation_failed") == 6, "the last of a code that opens nothing"
    assert deeds()[-2] == "invitation_withdrawn"
    assert not User.objects.filter(email="carol@example.org").exists()


def test_a_withdrawn_code_opens_nothing(invite, sam_staff):
    invitation, code = invite()
    actions.withdraw_invitation(invitation=invitation, by=sam_staff)
    assert refused(code=code, birth_on=BORN)


def test_a_weak_password_is_refused_and_the_code_still_works(invite):
    _, code = invite()
    with pytest.raises(RequestError, match="at least 12"):
        actions.accept_invitation(code=code, birth_on=BORN, **{**NEW, "password": "short"})
    assert actions.accept_invitation(code=code, birth_on=BORN, **NEW)


def test_the_e_mail_names_no_patient_and_no_practice(
    carol, invite, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        _, code = invite("email")
    (letter,) = mail.outbox
    assert letter.to == [carol.email]
    assert f"/invitation/#{code}" in letter.body
    for word in ("Carol", "Cove", carol.practice.name, "1980"):
        assert word not in letter.body + letter.subject


def test_an_address_the_code_came_to_is_shown_another_is_not(invite, carol):
    _, code = invite("email")
    actions.accept_invitation(code=code, birth_on=BORN, **{**NEW, "email": "else@example.org"})
    carol.refresh_from_db()
    assert not carol.user.emailaddress_set.get().verified


def test_a_representative_comes_in_for_the_patient_alone(alice, sam_staff, opened):
    rita = actions.add_representative(
        patient=alice, by=sam_staff, name="Rita", relationship="child", starts_on=date(2020, 1, 1)
    )
    _, code = actions.invite_representative(representative=rita, by=sam_staff, sent_by="letter")
    actions.accept_invitation(code=code, birth_on=BORN, **NEW)
    rita.refresh_from_db()
    assert queries.acting_patients(rita.user) == [alice]
    assert queries.patients_for(rita.user) == []
    assert opened == [(alice, rita, rita.user)]


def test_an_account_that_exists_is_linked(carol, bob, invite):
    _, code = invite()
    actions.accept_invitation(code=code, birth_on=BORN, user=bob.user)
    assert set(queries.patients_for(bob.user)) == {bob, carol}


@pytest.mark.parametrize("who", ["dr_evans", "rita_reporter"])
def test_outsiders_and_reporters_cannot_invite(request, who, carol):
    found = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        actions.invite_patient(patient=carol, by=getattr(found, "user", found), sent_by="letter")


def test_who_cannot_be_invited_is_said(alice, carol, sam_staff):
    with pytest.raises(RequestError, match="account already"):
        actions.invite_patient(patient=alice, by=sam_staff)
    Patient.objects.update(birth_on=None)
    carol.refresh_from_db()
    with pytest.raises(RequestError, match="date of birth is not known"):
        actions.invite_patient(patient=carol, by=sam_staff)
    carol.birth_on, carol.email = BORN, ""
    with pytest.raises(RequestError, match="no email address"):
        actions.invite_patient(patient=carol, by=sam_staff, sent_by="email")


def test_how_one_knew_who_it_is_stands_with_the_invitation(carol, sam_staff, as_user):
    desk = as_user(sam_staff)
    desk.post(f"/clinic/patients/{carol.pk}/letter/", {"proof": "in_person"})
    made = carol.invitations.get()
    assert (made.proof, made.created_by) == ("in_person", sam_staff)
    assert AuditRow.objects.get(deed="invitation_made").details["proof"] == "in_person"
    page = " ".join(desk.get(f"/clinic/patients/{carol.pk}/").content.decode().split())
    assert "Sam Stone knew who it is: In person, with a photo ID." in page


def test_it_is_one_of_the_ways_offered_or_none(carol, amir, sam_staff, as_user):
    desk = as_user(sam_staff)
    address = f"/clinic/patients/{carol.pk}/"
    desk.post(f"{address}invite/", {"proof": "a hunch"})
    assert not carol.invitations.exists()
    desk.post(f"{address}invite/")
    assert carol.invitations.get().proof == ""
    page = desk.get(address).content.decode()
    assert "Invited by Sam Stone, who did not check in person." in page
