"""Planned visits of a batch: made, changed where they differ, called off."""

from __future__ import annotations

from typing import Any

from wellpost.server.clock import time as clock
from wellpost.server.quality.models import Appointment

from .batch import PatientKey, PlannedRow
from .writing import Writing, change, update

CHANGEABLE = ("patient", "clinician", "planned_on", "kind", "cancelled_at")


def write_planned(writing: Writing) -> None:
    """Planned visits by the practice and the feed's identifier."""
    source_system, tally = writing.batch.source_system, writing.report.of("planned visits")
    held = Appointment.objects.filter(source_system=source_system)
    there = {(each.practice_id, each.source_id): each for each in writing.of_these_practices(held)}
    made, changed = [], []
    for row in writing.batch.planned:
        practice, values = writing.practices[row.tin], _values(row, writing)
        known = there.get((practice.pk, row.source_id))
        if known is None:
            source = {"source_system": source_system, "source_id": row.source_id}
            made.append(Appointment(practice=practice, **source, **values))
        elif change(known, values):
            changed.append(known)
        else:
            tally.unchanged += 1
    called_off = [
        each
        for each in there.values()
        if each.source_id in writing.batch.called_off
        and change(each, {"cancelled_at": each.cancelled_at or clock.now()})
    ]
    writing.insert(made, "planned visits")
    update([*changed, *called_off], CHANGEABLE)
    tally.changed += len(changed) + len(called_off)


def _values(row: PlannedRow, writing: Writing) -> dict[str, Any]:
    clinician = writing.clinicians.get(row.npi)
    return {
        "patient_id": writing.patients[PatientKey(row.tin, row.patient_id)].pk,
        "clinician_id": clinician.pk if clinician else None,
        "planned_on": row.planned_on,
        "kind": row.kind,
        "cancelled_at": None,
    }
