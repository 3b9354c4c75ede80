"""Who works at the practice, how it shows itself, and what was done: for administrators."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from wellpost.facts.identifiers import make_npi
from wellpost.server.people.models import Membership, Role

PEOPLE = "/clinic/people/"


@pytest.fixture
def ada(as_user, ada_admin):
    return as_user(ada_admin)


@pytest.mark.django_db
def test_everybody_is_listed_with_role_and_days(ada, dr_chen, sam_staff):
    page = ada.get(PEOPLE).content.decode()
    for said in ("Dr Chen", dr_chen.npi, "Sam Stone", "Staff", "since January 1, 2020"):
        assert said in page


@pytest.mark.django_db
def test_a_clinician_is_added_by_npi(ada, practice):
    given = {"npi": make_npi("Dr Fox"), "name": "Dr Fox", "starts_on": "2021-01-01"}
    assert ada.post(f"{PEOPLE}clinicians/add/", given).url.endswith("/invite/")
    assert practice.memberships.get(clinician__name="Dr Fox").starts_on == date(2021, 1, 1)


@pytest.mark.django_db
def test_an_npi_that_fails_its_check_digit_is_refused_and_what_was_typed_stays(ada):
    given = {"npi": "1234567890", "name": "Dr Fox", "starts_on": "2021-01-01"}
    page = ada.post(f"{PEOPLE}clinicians/add/", given).content.decode()
    for said in ("That is not an NPI", "1234567890", "Dr Fox", 'href="#id_npi"'):
        assert said in page


@pytest.mark.django_db(transaction=True)
def test_staff_are_added_and_invited(ada, practice):
    given = {"name": "Tom Reed", "email": "tom@example.org", "role": "staff"}
    ada.post(f"{PEOPLE}staff/add/", {**given, "starts_on": "2021-01-01"})
    tom = practice.memberships.get(user__email="tom@example.org")
    assert tom.role == Role.STAFF
    ada.post(reverse("clinic:invite_member", args=[tom.pk]))
    assert mail.outbox[-1].to == ["tom@example.org"]


@pytest.mark.django_db
def test_a_membership_ends_and_nothing_opens_any_more(ada, as_user, practice, sam_staff):
    sam = as_user(sam_staff)
    assert sam.get("/clinic/patients/").status_code == 200
    membership = Membership.objects.get(user=sam_staff)
    ada.post(reverse("clinic:end_membership", args=[membership.pk]), {"on": "2021-01-01"})
    assert sam.get("/clinic/patients/").status_code == 404


@pytest.mark.django_db
def test_an_administrator_cannot_lock_the_practice_out(ada, ada_admin):
    own = Membership.objects.get(user=ada_admin)
    page = ada.post(reverse("clinic:end_membership", args=[own.pk]), {"on": "2021-01-01"})
    assert "ask another administrator" in page.content.decode()
    own.refresh_from_db()
    assert own.ends_on is None


@pytest.mark.django_db
def test_a_member_of_another_practice_is_not_there(ada, dr_evans):
    membership = dr_evans.memberships.get()
    assert ada.get(reverse("clinic:end_membership", args=[membership.pk])).status_code == 404


@pytest.mark.django_db
def test_the_practice_says_how_soon_it_answers(ada, practice, deeds):
    given = {"name": "Harbor", "phone": "207 555 0100", "time_zone": "America/Chicago"}
    page = ada.post("/clinic/practice/", {**given, "answer_within_days": "0"}).content.decode()
    assert "Give at least one day." in page
    ada.post("/clinic/practice/", {**given, "answer_within_days": "3"})
    practice.refresh_from_db()
    assert (practice.name, practice.time_zone, practice.answer_within_days) == (
        "Harbor",
        "America/Chicago",
        3,
    )
    assert deeds()[-1] == "practice_changed"


@pytest.mark.django_db
def test_the_record_is_read_by_period_and_sorted(ada, as_user, sam_staff, alice):
    as_user(sam_staff).get(reverse("clinic:patient", args=[alice.pk]))
    page = ada.get("/clinic/audit/").content.decode()
    assert "Sam Stone" in page
    assert "Read a patient&#x27;s record" in page
    assert 'aria-sort="descending"' in page
    rising = ada.get("/clinic/audit/", {"sort": "deed"})
    shown = [each.row.deed for each in rising.context["rows"]]
    assert shown == sorted(shown)
    long_ago = {"starts_on": "2020-01-01", "ends_on": "2020-01-31"}
    assert "Nothing is on record" in ada.get("/clinic/audit/", long_ago).content.decode()
    backwards = {"starts_on": "2020-02-01", "ends_on": "2020-01-31"}
    page = ada.get("/clinic/audit/", backwards).content.decode()
    assert "The last day lies before the first." in page


@pytest.mark.django_db
def test_the_record_of_another_practice_stays_there(ada, as_user, dr_evans, bob):
    as_user(dr_evans.user).get(reverse("clinic:patient", args=[bob.pk]))
    assert "Dr Evans" not in ada.get("/clinic/audit/").content.decode()


@pytest.mark.django_db
def test_adding_somebody_leads_to_their_invitation(as_user, ada_admin, dr_evans):
    ada = as_user(ada_admin)
    given = {"name": "Lena Fields", "email": "lena@example.org", "role": "staff"}
    page = ada.post(f"{PEOPLE}staff/add/", {**given, "starts_on": "2021-01-01"}, follow=True)
    assert page.redirect_chain[-1][0].endswith("/invite/")
    known = {**given, "name": dr_evans.name, "email": dr_evans.user.email}
    page = ada.post(f"{PEOPLE}staff/add/", {**known, "starts_on": "2021-01-01"}, follow=True)
    assert "They sign in with the account they have." in page.content.decode()
