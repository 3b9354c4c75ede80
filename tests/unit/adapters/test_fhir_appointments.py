"""A planned visit: whose, with whom, when; and how the lists show the next one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.unit.adapters.folders import CHEN_NPI, PRACTICE, Resource, encounter, write
from wellpost.adapters.fhir import facts_of, open_fhir, read
from wellpost.reports.request import ask
from wellpost.reports.worklist import worklist
from wellpost.terms import Period

SUMMER = Period(date(2021, 6, 1), date(2021, 8, 31))


def appointment(id_: str, start: str, **more: Any) -> Resource:
    actors = ("Patient/alice", "Practitioner/chen")
    return {
        "resourceType": "Appointment",
        "id": id_,
        "status": "booked",
        "start": start,
        "participant": [{"actor": {"reference": each}, "status": "accepted"} for each in actors],
    } | more


def test_the_worklist_shows_the_next_visit_from_its_day_on(tmp_path: Path) -> None:
    planned = [
        appointment("past", "2021-08-01T09:00:00-04:00"),
        appointment("later", "2021-10-02T09:00:00-04:00"),
        appointment("next", "2021-09-30T23:30:00-04:00"),
        appointment("off", "2021-09-10T09:00:00-04:00", status="cancelled"),
    ]
    request = ask("stage-3", 2021, SUMMER, measures=["secure-messaging"])
    with open_fhir(write(tmp_path, *PRACTICE, encounter("e1"), *planned)) as source:
        for as_of, following in (
            (date(2021, 9, 30), date(2021, 9, 30)),
            (date(2021, 10, 1), date(2021, 10, 2)),
            (date(2021, 10, 3), None),
        ):
            [alice] = worklist(source, request, as_of)
            assert (alice.reporter.npi, alice.patient_id) == (CHEN_NPI, "alice")
            assert alice.next_visit_on == following


@pytest.mark.parametrize("status", ["proposed", "fulfilled", "cancelled", "noshow", "waitlist"])
def test_what_is_not_to_come_is_left_out_with_its_reason(tmp_path: Path, status: str) -> None:
    one = appointment("a1", "2021-10-02T09:00:00-04:00", status=status)
    facts = facts_of(read(write(tmp_path, *PRACTICE, encounter("e1"), one)))
    assert facts.planned == ()
    assert facts.reconciliation.by_reason("Appointment") == {"not_planned": 1}
    assert facts.reconciliation.adds_up()
