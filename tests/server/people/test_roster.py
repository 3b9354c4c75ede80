"""A practice and who works there."""

from __future__ import annotations

from datetime import date

import pytest

from wellpost.errors import RequestError
from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.server.people import actions, queries
from wellpost.server.people.founding import practices_without_administrator
from wellpost.server.people.models import Practice, Role
from wellpost.server.people.permissions import NotAllowed

PASSWORD = "a long way to Tipperary"


def set_up(**changes):
    return actions.set_up_practice(
        **{
            "name": "Shore Clinic",
            "tin": make_tin("Shore Clinic"),
            "time_zone": "America/New_York",
            "administrator_email": "Ada@Example.org",
            "administrator_name": "Ada Moss",
            "password": PASSWORD,
            **changes,
        }
    )


@pytest.mark.django_db
def test_setting_up_a_practice_makes_its_administrator(deeds):
    practice, ada = set_up()
    assert ada.email == "ada@example.org"
    assert ada.check_password(PASSWORD)
    assert [each.role for each in queries.memberships_of(ada)] == [Role.ADMINISTRATOR]
    assert queries.practice_of(ada) == practice
    assert deeds() == ["practice_set_up", "staff_added"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"tin": "12345678"}, "a TIN is nine digits"),
        ({"time_zone": "Maine"}, "write one like America/New_York"),
        ({"password": "short"}, "at least 12 characters"),
        ({"administrator_email": "ada"}, "write it like name@example.org"),
    ],
)
def test_a_wrong_practice_is_refused_and_nothing_is_kept(changes, sentence):
    with pytest.raises(RequestError, match=sentence):
        set_up(**changes)
    assert not Practice.objects.exists()


@pytest.mark.django_db
def test_who_signs_in_already_administers_another_practice_and_keeps_the_password():
    first, ada = set_up()
    second, same = set_up(name="Hill Clinic", tin=make_tin("Hill Clinic"), password="")
    assert ada == same
    assert same.check_password(PASSWORD)
    assert set(queries.practices_of(ada)) == {first, second}


@pytest.mark.django_db
def test_a_practice_without_an_administrator_gets_one(practice, sam_staff):
    assert practices_without_administrator() == 1
    given = {"practice": practice, "email": "ada@example.org", "name": "Ada Moss"}
    ada = actions.appoint_administrator(**given, password=PASSWORD)
    assert practices_without_administrator() == 0
    assert queries.memberships_of(ada)[0].role == Role.ADMINISTRATOR
    with pytest.raises(RequestError, match="already"):
        actions.appoint_administrator(**given, password=PASSWORD)


def test_an_administrator_adds_a_clinician_between_two_days(practice, ada_admin):
    membership = actions.add_clinician(
        practice=practice,
        by=ada_admin,
        npi=make_npi("Dr Fox"),
        name="Dr Fox",
        starts_on=date(2021, 1, 1),
        ends_on=date(2021, 6, 30),
    )
    assert queries.clinicians_of(practice, on=date(2021, 6, 30)) == [membership]
    assert queries.clinicians_of(practice, on=date(2021, 7, 1)) == []


def test_an_npi_that_fails_its_check_digit_is_refused(practice, ada_admin):
    with pytest.raises(RequestError, match="fails its check digit"):
        actions.add_clinician(
            practice=practice, by=ada_admin, npi="1234567890", name="X", starts_on=date.today()
        )


def test_only_the_practices_administrator_adds_people(practice, ada_admin, dr_chen, dr_evans):
    for other in (dr_chen.user, dr_evans.user):
        with pytest.raises(NotAllowed):
            actions.add_staff(
                practice=practice,
                by=other,
                email="sue@example.org",
                name="Sue",
                role=Role.STAFF,
                starts_on=date(2021, 1, 1),
            )


def test_another_practice_cannot_bring_an_account_of_its_own_in(
    practice, other_practice, dr_evans, ada_admin
):
    with pytest.raises(RequestError, match="give the email address it signs in with"):
        actions.add_clinician(
            practice=practice,
            by=ada_admin,
            npi=dr_evans.npi,
            name=dr_evans.name,
            starts_on=date(2021, 1, 1),
        )


def test_a_membership_that_ended_gives_nothing(practice, ada_admin, sam_staff):
    membership = sam_staff.memberships.get()
    actions.end_membership(membership=membership, by=ada_admin, on=date(2024, 1, 1))
    assert queries.memberships_of(sam_staff) == []
    assert queries.memberships_of(sam_staff, on=date(2023, 12, 31)) == [membership]
