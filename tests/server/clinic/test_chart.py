"""The chart: Dr Chen and Sam read all that stands; it is on record, and no use by the patient."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.test import Client

from tests.server.records.conftest import weight
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Clinician, Patient, User
from wellpost.server.records.keeping import keep
from wellpost.server.records.models import PortalAction, Resource

As = Callable[[User | None], Client]
NOON = datetime(2021, 6, 3, 16, tzinfo=UTC)


def chart_of(patient: Patient, rest: str = "") -> str:
    return f"/clinic/patients/{patient.pk}/chart/{rest}"


def held_back(patient: Patient) -> Resource:
    return keep(
        practice=patient.practice,
        patient=patient,
        resource=weight(),
        by=None,
        available_to_patient_at=clock.now() + timedelta(days=2),
    )


def test_dr_chen_reads_what_alice_cannot_read_yet(
    alice: Patient, dr_chen: Clinician, as_user: As
) -> None:
    with clock.held_at(NOON):
        row = held_back(alice)
        client = as_user(dr_chen.user)
        assert "Vital signs" in client.get(chart_of(alice)).content.decode()
        assert "70.50 kg" in client.get(chart_of(alice, "vitals/")).content.decode()
        page = client.get(chart_of(alice, f"entries/{row.pk}/")).content.decode()
        mine = as_user(alice.user)
        assert mine.get(f"/portal/patients/{alice.pk}/record/entries/{row.pk}/").status_code == 404
    assert "The practice has had it since" in page
    assert "the patient can read it from June 5, 2021" in page


def test_reading_it_is_on_record_and_no_use_by_the_patient(
    alice: Patient, sam_staff: User, as_user: As, deeds: Callable[[], list[str]]
) -> None:
    assert as_user(sam_staff).get(chart_of(alice)).status_code == 200
    assert deeds()[-1] == "record_read"
    assert not PortalAction.objects.exists()


def test_a_merged_record_shows_the_chart_of_the_one_kept(
    alice: Patient, carol: Patient, dr_chen: Clinician, as_user: As
) -> None:
    held_back(carol)
    carol.merged_into = alice
    carol.save()
    page = as_user(dr_chen.user).get(chart_of(carol)).content.decode()
    assert "Chart of Alice Arden" in page and "Vital signs" in page


def test_outsiders_learn_nothing(
    alice: Patient, dr_evans: Clinician, ada_admin: User, rita_reporter: User, as_user: As
) -> None:
    row = held_back(alice)
    for each in (dr_evans.user, ada_admin, rita_reporter):
        for rest in ("", "vitals/", f"entries/{row.pk}/", f"entries/{row.pk}/files/0/"):
            assert as_user(each).get(chart_of(alice, rest)).status_code == 404
