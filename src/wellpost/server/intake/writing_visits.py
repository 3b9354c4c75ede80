"""Encounters and patients' data of a batch: made, changed where they differ, taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model

from wellpost.server.clock import time as clock
from wellpost.server.records.models import Encounter, PatientDatum

from .batch import DatumRow, PatientKey, VisitRow
from .writing import Writing, change, update

_Row = TypeVar("_Row", VisitRow, DatumRow)


def write_visits(writing: Writing) -> None:
    """Encounters by the practice and the feed's identifier."""
    _write(writing, "visits", Encounter, writing.batch.visits, _visit)
    _take_back(writing)


def write_data(writing: Writing) -> None:
    """Patients' data by the practice and the feed's identifier."""
    if writing.batch.data:
        _write(writing, "patients' data", PatientDatum, writing.batch.data, _datum)


def _write(
    writing: Writing,
    what: str,
    model: type[Model],
    rows: Sequence[_Row],
    values_of: Callable[[_Row, Writing], dict[str, Any]],
) -> None:
    source_system = writing.batch.source_system
    there = _there(writing, model)
    made, changed, names, tally = [], [], set[str](), writing.report.of(what)
    for row in rows:
        practice, values = writing.practices[row.tin], values_of(row, writing)
        held = there.get((practice.pk, row.source_id))
        if held is None:
            source = {"source_system": source_system, "source_id": row.source_id}
            made.append(model(practice=practice, **source, **values))
        elif change(held, values):
            changed.append(held)
            names |= values.keys()
        else:
            tally.unchanged += 1
    writing.insert(made, what)
    update(changed, sorted(name.removesuffix("_id") for name in names))
    tally.changed += len(changed)


def _there(writing: Writing, model: type[Model]) -> dict[tuple[object, str], Any]:
    """The rows that this feed brought before, by practice and identifier."""
    held = model._default_manager.filter(source_system=writing.batch.source_system)
    return {(each.practice_id, each.source_id): each for each in writing.of_these_practices(held)}


def _visit(row: VisitRow, writing: Writing) -> dict[str, Any]:
    """The columns of a visit. One that was taken back stands again where the source says so."""
    stands_again = {"cancelled_at": None} if writing.batch.says_what_stands else {}
    return stands_again | {
        "patient_id": writing.patients[PatientKey(row.tin, row.patient_id)].pk,
        "clinician_id": writing.clinicians[row.npi].pk,
        "seen_on": row.seen_on,
        "kind": row.kind,
        "county": row.county,
        "certified_location": row.certified_location,
    }


def _datum(row: DatumRow, writing: Writing) -> dict[str, Any]:
    return {
        "patient_id": writing.patients[PatientKey(row.tin, row.patient_id)].pk,
        "clinician_id": writing.clinicians[row.npi].pk if row.npi else None,
        "received_on": row.received_on,
        "incorporated_on": row.incorporated_on,
        "source": row.source,
    }


def _take_back(writing: Writing) -> None:
    """Cancel the encounters whose source now says that the patient was not seen."""
    withdrawn = sorted(writing.batch.withdrawn)
    for start in range(0, len(withdrawn), 500):
        named = Encounter.objects.filter(
            source_system=writing.batch.source_system,
            source_id__in=withdrawn[start : start + 500],
            cancelled_at=None,
        )
        found = [each.pk for each in writing.of_these_practices(named)]
        Encounter.objects.filter(pk__in=found).update(cancelled_at=clock.now())
        writing.report.withdrawn += len(found)
