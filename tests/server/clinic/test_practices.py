"""Somebody who works at two practices says at which one now."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.server.conftest import LONG_AGO
from wellpost.server.people.models import Membership, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_both(dr_chen, other_practice):
    """Dr Chen works at the other practice too."""
    Membership.objects.create(
        practice=other_practice, clinician=dr_chen, role=Role.CLINICIAN, starts_on="2021-01-01"
    )
    return dr_chen


def choose(client, practice):
    return client.post(reverse("clinic:choose_practice", args=[practice.pk]), follow=True)


def test_who_works_at_two_practices_switches(as_user, at_both, alice, bob, other_practice):
    client = as_user(at_both.user)
    patients = client.get("/clinic/patients/").content.decode()
    assert "Arden" in patients
    assert "Birch" not in patients
    assert "You now work at Hill Clinic." in choose(client, other_practice).content.decode()
    patients = client.get("/clinic/patients/").content.decode()
    assert "Birch" in patients
    assert "Arden" not in patients


def test_visits_are_those_of_the_practice_chosen(as_user, at_both, other_practice):
    client = as_user(at_both.user)
    choose(client, other_practice)
    assert client.get("/clinic/intake/").wsgi_request.practice == other_practice


def test_what_was_looked_for_is_left_behind(as_user, at_both, bob, other_practice):
    client = as_user(at_both.user)
    client.post("/clinic/patients/", {"words": "arden"})
    choose(client, other_practice)
    assert "arden" not in client.get("/clinic/patients/").content.decode()


def test_a_practice_one_has_left_is_no_longer_stood_in(as_user, at_both, other_practice, practice):
    client = as_user(at_both.user)
    choose(client, other_practice)
    Membership.objects.filter(practice=other_practice).update(
        starts_on=LONG_AGO, ends_on="2021-02-01"
    )
    page = client.get("/clinic/")
    assert page.wsgi_request.desk.practice == practice


def test_nobody_switches_to_where_they_do_not_work(as_user, dr_chen, other_practice):
    answer = choose(as_user(dr_chen.user), other_practice)
    assert answer.status_code == 404


def test_who_works_at_one_practice_is_offered_no_switch(as_user, dr_chen, at_both, sam_staff):
    offer = reverse("clinic:practices")
    assert offer in as_user(at_both.user).get("/clinic/").content.decode()
    assert offer not in as_user(sam_staff).get("/clinic/").content.decode()
