"""Patients and those who act for them."""

from __future__ import annotations

from datetime import date

import pytest

from wellpost.errors import RequestError
from wellpost.server.clock import time as clock
from wellpost.server.people import actions, queries
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.people.signals import patient_created, representative_ended

DETAILS = {"given_name": "Dora", "family_name": "Dale", "birth_on": date(1990, 5, 6)}


@pytest.fixture
def heard():
    names = []

    def created(patient, **_):
        names.append(patient)

    def ended(representative, **_):
        names.append(representative)

    patient_created.connect(created)
    representative_ended.connect(ended)
    yield names
    patient_created.disconnect(created)
    representative_ended.disconnect(ended)


def test_the_front_desk_adds_a_patient(practice, sam_staff, heard, deeds):
    dora = actions.add_patient(
        practice=practice, by=sam_staff, identifiers=[("urn:mrn", "17")], **DETAILS
    )
    assert str(dora) == "Dora Dale"
    assert dora.identifiers.get().value == "17"
    assert heard == [dora]
    assert deeds() == ["patient_added"]


def test_outsiders_add_nobody(practice, dr_evans, alice):
    for by in (dr_evans.user, alice.user):
        with pytest.raises(NotAllowed):
            actions.add_patient(practice=practice, by=by, **DETAILS)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"given_name": " "}, "given name is empty"), ({"email": "dora"}, "not an email address")],
)
def test_a_wrong_patient_is_refused(practice, sam_staff, changes, sentence):
    with pytest.raises(RequestError, match=sentence):
        actions.add_patient(practice=practice, by=sam_staff, **{**DETAILS, **changes})


def test_a_change_is_on_record_without_what_was_written(alice, sam_staff, deeds):
    actions.change_patient(patient=alice, by=sam_staff, phone="207 555 0100")
    alice.refresh_from_db()
    assert alice.phone == "207 555 0100"
    assert deeds() == ["patient_changed"]


def test_a_representative_acts_from_the_first_day_to_the_last(alice, sam_staff):
    rita = actions.add_representative(
        patient=alice,
        by=sam_staff,
        name="Rita",
        relationship="child",
        starts_on=date(2021, 6, 1),
        ends_on=date(2021, 6, 30),
    )
    days = [date(2021, 5, 31), date(2021, 6, 1), date(2021, 6, 30), date(2021, 7, 1)]
    found = [rita in queries.representatives_of(alice, on=day) for day in days]
    assert found == [False, True, True, False]


def test_a_period_that_ends_before_it_starts_is_refused(alice, sam_staff):
    with pytest.raises(RequestError, match="ends before it starts"):
        actions.add_representative(
            patient=alice,
            by=sam_staff,
            name="Rita",
            relationship="child",
            starts_on=date(2021, 6, 2),
            ends_on=date(2021, 6, 1),
        )


def test_an_authority_that_ends_ends_at_once(alice, amir, sam_staff, heard):
    today = clock.today("America/New_York")
    actions.end_representative(representative=amir, by=sam_staff, on=today)
    assert queries.acting_patients(amir.user) == []
    assert heard == [amir]


def test_names_are_found_by_their_parts_within_the_practice(practice, alice, carol, bob, sam_staff):
    assert list(queries.patients_of(sam_staff, practice, "ard ali")) == [alice]
    assert list(queries.patients_of(sam_staff, practice, "birch")) == []
    with pytest.raises(NotAllowed):
        queries.patients_of(sam_staff, bob.practice)
    with pytest.raises(NotAllowed):
        queries.patient_for(sam_staff, bob.pk)
