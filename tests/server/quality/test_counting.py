"""Counts over the server's own database: merged records, memberships, policies, practices."""

from __future__ import annotations

from datetime import date

import pytest

from tests.server.quality import world
from wellpost.engine.membership import membership
from wellpost.server.quality.source import server_source
from wellpost.terms import Level

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_a_message_moves_the_numerator():
    here = world.practice()
    ann, doctor = world.patient("Ann", here), world.clinician("Doctor", here)
    world.seen(ann, doctor, "2021-06-03")
    assert world.numbers_of()[doctor.npi] == (0, 1)
    world.wrote(doctor, ann, "2021-12-11")
    assert world.numbers_of()[doctor.npi] == (1, 1)


def test_two_records_of_one_patient_count_once_after_they_are_merged():
    here = world.practice()
    doctor = world.clinician("Doctor", here)
    ann, anne = world.patient("Ann", here), world.patient("Anne", here)
    world.seen(ann, doctor, "2021-06-03")
    world.seen(anne, doctor, "2021-07-03")
    world.wrote(doctor, anne, "2021-07-04")
    assert world.numbers_of()[doctor.npi] == (1, 2)
    anne.merged_into = ann
    anne.save()
    assert world.numbers_of()[doctor.npi] == (1, 1)


@pytest.mark.parametrize(
    ("policy", "counted"),
    [("count_when_available", 1), ("count_when_sent", 2), ("do_not_count", 0)],
)
def test_unreachable_patients_count_by_policy(policy, counted):
    here = world.practice()
    doctor = world.clinician("Doctor", here)
    later = world.patient("Later", here, account_opened_on="2021-10-01")
    never = world.patient("Never", here, account_opened_on=None)
    for each in (later, never):
        world.seen(each, doctor, "2021-06-03")
        world.wrote(doctor, each, "2021-07-04")
    assert world.numbers_of(unreachable_patients=policy)[doctor.npi] == (counted, 2)


@pytest.mark.parametrize(
    ("policy", "counted"),
    [("author_only", 0), ("on_behalf_of_clinician", 1), ("any_in_practice", 2)],
)
def test_staff_messages_count_by_policy(policy, counted):
    here = world.practice()
    doctor = world.clinician("Doctor", here)
    for name, writes_for in (("Ann", doctor), ("Bob", None)):
        each = world.patient(name, here)
        world.seen(each, doctor, "2021-06-03")
        world.wrote(writes_for, each, "2021-07-04", sender_kind="staff")
    assert world.numbers_of(staff_messages=policy)[doctor.npi] == (counted, 2)


def test_the_roster_holds_who_belonged_to_the_practice_in_the_year_or_saw_somebody_there():
    here = world.practice()
    gone = world.clinician("Gone", here, since="2018-01-01", until="2020-12-31")
    left = world.clinician("Left", here, since="2018-01-01", until="2021-03-31")
    guest = world.clinician("Guest")
    comes = world.clinician("Comes", here, since="2022-01-01")
    world.seen(world.patient("Ann", here), guest, "2021-06-03")
    found = world.numbers_of(here, Level.PRACTICE_CLINICIAN)
    assert found == {left.npi: (0, 0), guest.npi: (0, 1)}
    assert gone.npi not in found
    assert comes.npi not in found


def test_a_practice_sees_its_own_rows_only():
    here, there = world.practice(), world.practice("Elsewhere")
    doctor = world.clinician("Doctor", here, there)
    world.seen(world.patient("Ann", here), doctor, "2021-06-03")
    world.seen(world.patient("Bob", there), doctor, "2021-06-03")
    assert world.numbers_of(here, Level.PRACTICE_CLINICIAN) == {doctor.npi: (0, 1)}
    assert world.numbers_of(here, Level.GROUP) == {here.tin: (0, 1)}
    assert world.numbers_of() == {doctor.npi: (0, 2)}


def test_days_come_out_as_the_engine_reads_them():
    here = world.practice()
    ann, doctor = world.patient("Ann", here), world.clinician("Doctor", here)
    world.seen(ann, doctor, "2021-06-03")
    request = world.asked()
    (member,) = membership(
        server_source(here), request.question(request.measures[0], Level.CLINICIAN)
    )
    assert member.last_seen_on == date(2021, 6, 3)
