"""What is asked of data from home; each gives only what the one who asks may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import (
    NotAllowed,
    Permission,
    may,
    require,
    same_person,
)

from .kinds import KINDS
from .models import HomeDatum, ImportBatch, State

POINTS = 400
"""The most readings a plot draws, the latest."""


@dataclass(frozen=True)
class Series:
    """What waits of one kind from one patient; `of_note`: how many are dangerous and recent."""

    patient: Patient
    kind: str
    waiting: int
    of_note: int
    since: datetime
    until: datetime


def home_data(by: User, patient: Patient) -> QuerySet[HomeDatum]:
    """Everything brought for the patient, the latest first; for the patient's side alone."""
    require(by, Permission.READ_RECORD, patient)
    return _of(patient).exclude(state=State.WITHDRAWN)


def home_data_at(by: User, patient: Patient) -> QuerySet[HomeDatum]:
    """The same, for who may read the chart."""
    require(by, Permission.READ_CHART, patient)
    return _of(patient).exclude(state=State.WITHDRAWN)


def datum_for(by: User, datum_id: UUID) -> HomeDatum:
    """One datum, for the patient's side or the chart's; NotAllowed for others, and for none."""
    held = _joined(HomeDatum.objects.filter(pk=datum_id)).first()
    if held is None:
        raise NotAllowed("there is no such thing here.")
    if not (may(by, Permission.READ_RECORD, held) or may(by, Permission.READ_CHART, held)):
        raise NotAllowed("there is no such thing here.")
    return held


def readings(data: QuerySet[HomeDatum], kind: str, states: Collection[str] = ()) -> list[HomeDatum]:
    """The latest readings of a kind, the oldest of them first, as a plot needs them."""
    found = data.filter(kind=kind)
    found = found.filter(state__in=states) if states else found
    return list(reversed(found.order_by("-measured_at", "id")[:POINTS]))


def kinds_of(data: QuerySet[HomeDatum]) -> list[str]:
    """Of which kinds there are readings, in their order."""
    held = set(data.filter(kind__in=KINDS).order_by().values_list("kind", flat=True).distinct())
    return [each for each in KINDS if each in held]


def waiting_at(by: User, practice: Practice) -> list[Series]:
    """What waits for the practice: dangerous and recent first, then what waits longest."""
    require(by, Permission.READ_CHART, practice)
    found = (
        HomeDatum.objects.filter(practice=practice, state=State.WAITING)
        .order_by()
        .values("patient", "kind")
        .annotate(
            waiting=Count("pk"),
            notable=Count("pk", filter=Q(of_note=True)),
            since=Min("received_at"),
            until=Max("received_at"),
        )
    )
    rows = list(found)
    patients = Patient.objects.select_related("merged_into", "practice").in_bulk(
        {row["patient"] for row in rows}
    )
    series = [
        Series(
            patients[row["patient"]].surviving, row["kind"], row["waiting"], row["notable"],
            row["since"], row["until"],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(series, key=lambda each: (not each.of_note, each.since))


def waiting_of(by: User, patient: Patient, kind: str) -> QuerySet[HomeDatum]:
    """What waits, or was asked about, of one kind; the dangerous first, then the latest."""
    found = home_data_at(by, patient).filter(kind=kind, state__in=(State.WAITING, State.ASKED_BACK))
    return found.order_by("-of_note", "-measured_at", "id")


def notable_at(by: User, practice: Practice) -> int:
    """How many dangerous readings of the last days nobody has looked after."""
    require(by, Permission.READ_CHART, practice)
    waiting = HomeDatum.objects.filter(practice=practice, state=State.WAITING, of_note=True)
    return waiting.count()


def imports_of(by: User, patient: Patient) -> list[ImportBatch]:
    """The imports of devices' files, the latest first."""
    require(by, Permission.READ_RECORD, patient)
    held = ImportBatch.objects.filter(patient__in=_records(patient))
    return list(held.order_by("-received_at")[:10])


def import_for(by: User, batch_id: UUID) -> ImportBatch:
    """One import, for the patient's side; NotAllowed for others."""
    batch = ImportBatch.objects.select_related("patient__practice").filter(pk=batch_id).first()
    if batch is None or not may(by, Permission.READ_RECORD, batch):
        raise NotAllowed("there is no such import here.")
    return batch


def _of(patient: Patient) -> QuerySet[HomeDatum]:
    return _joined(HomeDatum.objects.filter(patient__in=_records(patient))).order_by(
        "-measured_at", "id"
    )


def _records(patient: Patient) -> list[UUID]:
    return list(Patient.objects.filter(same_person(patient.pk)).values_list("pk", flat=True))


def _joined(found: QuerySet[HomeDatum]) -> QuerySet[HomeDatum]:
    return found.select_related(
        "patient__practice", "practice", "entered_by", "representative", "clinician",
        "decided_by", "file", "batch",
    )  # fmt: skip
