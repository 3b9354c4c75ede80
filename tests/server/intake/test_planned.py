"""Appointments of a FHIR export: planned visits, changed and called off as the source says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.unit.adapters.folders import CHEN_NPI, PRACTICE, Resource, encounter, write
from wellpost.adapters.fhir import open_fhir
from wellpost.server.intake.actions import import_fhir
from wellpost.server.intake.report import ImportReport
from wellpost.server.quality.models import Appointment

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def planned(id_: str = "a1", *, on: str = "2026-12-24T09:00:00-05:00", **more: Any) -> Resource:
    actors = ("Patient/alice", "Practitioner/chen", "Location/room-4")
    return {
        "resourceType": "Appointment",
        "id": id_,
        "status": "booked",
        "start": on,
        "participant": [{"actor": {"reference": each}, "status": "accepted"} for each in actors],
        **more,
    }


def bring(folder: Path, *resources: Resource) -> ImportReport:
    return import_fhir(write(folder, *PRACTICE, *resources), by=None)


def test_an_appointment_is_a_planned_visit(tmp_path: Path) -> None:
    report = bring(tmp_path, encounter("e1"), planned())
    [one] = Appointment.objects.all()
    assert (one.planned_on, one.kind, one.clinician.npi) == (
        date(2026, 12, 24),
        "office_visit",
        CHEN_NPI,
    )
    assert one.patient.encounters.exists()
    assert "Appointment: 1 came, 1 taken" in report.account


def test_it_is_changed_and_called_off_as_the_source_says_and_can_stand_again(
    tmp_path: Path,
) -> None:
    bring(tmp_path, encounter("e1"), planned())
    assert bring(tmp_path, encounter("e1"), planned()).changed == 0
    bring(tmp_path, encounter("e1"), planned(on="2026-12-30"))
    assert Appointment.objects.get().planned_on == date(2026, 12, 30)
    report = bring(tmp_path, encounter("e1"), planned(status="cancelled"))
    assert report.of("planned visits").changed == 1
    assert "no longer planned" in "\n".join(report.account)
    assert Appointment.objects.get().cancelled_at is not None
    bring(tmp_path, encounter("e1"), planned())
    assert Appointment.objects.get().cancelled_at is None


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"start": None}, "names no calendar day"),
        ({"status": "noshow"}, "no longer planned"),
        ({"participant": []}, "it names no patient"),
    ],
)
def test_what_cannot_be_told_is_left_out_with_the_reason(
    tmp_path: Path, more: dict[str, Any], reason: str
) -> None:
    report = bring(tmp_path, encounter("e1"), planned(**more))
    assert reason in "\n".join(report.account)
    assert not Appointment.objects.exists()


def test_a_service_by_video_is_telehealth(tmp_path: Path) -> None:
    by_video = [{"coding": [{"system": "http://snomed.info/sct", "code": "448337001"}]}]
    bring(tmp_path, encounter("e1"), planned(serviceType=by_video))
    assert Appointment.objects.get().kind == "telehealth"


def test_a_folder_measured_directly_has_them_as_facts(tmp_path: Path) -> None:
    with open_fhir(write(tmp_path, *PRACTICE, encounter("e1"), planned())) as source:
        (row,) = source.run(source.tables["appointments"])
    assert row[0] == "alice"
    assert row[1:4:2] == (CHEN_NPI, date(2026, 12, 24))
