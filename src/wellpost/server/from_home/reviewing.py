"""What the practice does with data from home: takes it over, asks back, or declines it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID, uuid4

from django.db import transaction

from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.messaging.actions import start_thread
from wellpost.server.messaging.models import Message
from wellpost.server.messaging.seats import Side
from wellpost.server.people.models import Clinician, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, require
from wellpost.server.people.queries import clinician_of
from wellpost.server.records.incoming import Incoming
from wellpost.server.records.keeping import keep_many
from wellpost.server.records.models import PatientDatum

from .adding import checked_text
from .models import HomeDatum, State
from .resources import Decision, Json, provenance_of, resources_of

OPEN = (State.WAITING, State.ASKED_BACK)
MOST_AT_ONCE = 2_000
TARGETS_OF_ONE = 500


@dataclass(frozen=True)
class Incorporated:
    """What was taken over: how many, and the rows that a measure counts."""

    data: list[HomeDatum]
    counts: list[PatientDatum]


@transaction.atomic
def incorporate(
    *, practice: Practice, data: Sequence[UUID], by: User, comment: str = ""
) -> Incorporated:
    """Take data over into the record: as FHIR resources with their provenance, from today on.

    Permission INCORPORATE, which is a clinician's. Only this counts as patient-generated health
    data: on this day, for this clinician (42 CFR 495.24(d)(6)(i)(B)(3); ONC deck RT6).
    RequestError for too many, DataRefusedError where others decided meanwhile.
    """
    held = _open(practice, data, by, Permission.INCORPORATE)
    clinician = clinician_of(by)
    if clinician is None:
        raise NotAllowed("only a clinician takes data over into the record.")
    words = checked_text(comment) if comment.strip() else ""
    decision = Decision(clinician, clock.now(), words)
    _keep(held, decision)
    counted = _count(held, clinician, clock.today(practice.time_zone))
    _decide(held, State.ACCEPTED, by, decision.comment, clinician)
    _record(held, by, Deed.HOME_DATA_INCORPORATED)
    return Incorporated(held, counted)


@transaction.atomic
def decline(*, practice: Practice, data: Sequence[UUID], by: User, reason: str) -> list[HomeDatum]:
    """Do not take data over, and tell the patient why. Permission INCORPORATE.

    RequestError without a reason; DataRefusedError where others decided meanwhile.
    """
    held = _open(practice, data, by, Permission.INCORPORATE)
    if not reason.strip():
        raise RequestError("Say why: the patient reads it beside what they sent.")
    _decide(held, State.DECLINED, by, checked_text(reason), clinician_of(by))
    _record(held, by, Deed.HOME_DATA_DECLINED)
    return held


@transaction.atomic
def ask_back(
    *,
    practice: Practice,
    data: Sequence[UUID],
    by: User,
    subject: str,
    body: str,
    client_key: object,
) -> Message:
    """Ask the patient about data of theirs: a conversation begins, and the data wait with it.

    For all who carry the practice's conversations and read charts. RequestError for data of
    several patients.
    """
    held = _open(practice, data, by, Permission.READ_CHART)
    patients = {each.patient for each in held}
    if len(patients) > 1:
        raise RequestError("These are of several patients. Ask each of them on their own.")
    message = start_thread(
        practice=practice,
        patient=held[0].patient,
        by=by,
        subject=subject,
        body=body,
        client_key=client_key,
        side=Side.PRACTICE,
    )
    for each in held:
        each.thread = message.thread
    _decide(held, State.ASKED_BACK, by, "", clinician_of(by))
    _record(held, by, Deed.HOME_DATA_ASKED_BACK)
    return message


def _open(
    practice: Practice, data: Sequence[UUID], by: User, permission: Permission
) -> list[HomeDatum]:
    """The data, locked; NotAllowed where one is not the practice's, whoever asks."""
    require(by, permission, practice)
    wanted = set(data)
    if not wanted:
        raise RequestError("Nothing is chosen yet. Tick what is meant.")
    if len(wanted) > MOST_AT_ONCE:
        raise RequestError(f"Choose at most {MOST_AT_ONCE:,} at once.")
    related = ("patient__practice", "representative", "file", "practice", "counts")
    rows = HomeDatum.objects.select_for_update(of=("self",)).select_related(*related)
    held = list(rows.filter(pk__in=wanted, practice=practice).order_by("measured_at", "id"))
    if len(held) != len(wanted):
        raise NotAllowed("there is no such data here.")
    decided = [each for each in held if each.state not in OPEN]
    if decided:
        raise DataRefusedError(
            f"{len(decided)} of these were decided or taken back meanwhile. Look at the list again."
        )
    return held


def _keep(held: list[HomeDatum], decision: Decision) -> None:
    """The resources, and for what was brought alike a provenance."""
    coming: list[Incoming] = []
    for _alike, some in groupby(sorted(held, key=_brought), key=_brought):
        data = list(some)
        for start in range(0, len(data), TARGETS_OF_ONE):
            coming += _with_provenance(data[start : start + TARGETS_OF_ONE], decision)
    rows = {row.pk: row for row in keep_many(coming).rows}
    for each in held:
        each.resource = rows[first_of(each, decision)]


def first_of(datum: HomeDatum, decision: Decision) -> UUID:
    """The id of the resource that stands for the datum."""
    return UUID(resources_of(datum, decision)[0]["id"])


def _with_provenance(data: list[HomeDatum], decision: Decision) -> Iterator[Incoming]:
    targets: list[tuple[str, UUID]] = []
    for each in data:
        for resource in resources_of(each, decision):
            targets.append((resource["resourceType"], UUID(resource["id"])))
            yield _incoming(each, resource, UUID(resource["id"]), decision)
    provenance = provenance_of(data, targets, decision)
    yield _incoming(data[0], provenance, None, decision)


def _incoming(datum: HomeDatum, resource: Json, key: UUID | None, decision: Decision) -> Incoming:
    """It was the patient's all along: there is nothing to hold back."""
    return Incoming(
        id=key or uuid4(),
        practice=datum.practice,
        patient=datum.patient,
        resource=resource,
        available_to_clinician_at=decision.at,
        available_to_patient_at=decision.at,
    )


def _brought(datum: HomeDatum) -> tuple[str, ...]:
    """What one provenance can say: of whom, by whom, with what, when it came."""
    who = (datum.patient_id, datum.entered_by_id, datum.representative_id or "", datum.device)
    return (*(str(each) for each in who), datum.received_at.isoformat())


def _count(held: list[HomeDatum], clinician: Clinician, today: date) -> list[PatientDatum]:
    """The row a measure counts. What was received is incorporated now; where a part of it was
    before, by another or on another day, this part gets a row of its own.
    """
    counted: dict[object, PatientDatum] = {}
    for each in held:
        row = each.counts
        name: object = (each.patient_id, each.source)
        if row is not None and row.incorporated_on is None:
            name = row.pk
        else:
            row = PatientDatum(
                patient=each.patient, practice=each.practice, source=each.source,
                received_on=row.received_on if row else today,
            )  # fmt: skip
        each.counts = counted.setdefault(name, row)
    for row in counted.values():
        row.clinician, row.incorporated_on = clinician, today
        row.save()
    return list(counted.values())


def _decide(
    held: list[HomeDatum], state: State, by: User, comment: str, clinician: Clinician | None
) -> None:
    for each in held:
        each.state, each.decided_by, each.clinician = state, by, clinician
        each.decided_at, each.comment, each.of_note = clock.now(), comment, False
    HomeDatum.objects.bulk_update(
        held,
        [
            "state", "decided_by", "clinician", "decided_at", "comment", "of_note", "thread",
            "resource", "counts",
        ],
        batch_size=100,
    )  # fmt: skip


def _record(held: list[HomeDatum], by: User, deed: Deed) -> None:
    """A row for each patient: how many of which kind; and which, where they are few."""
    for patient, some in groupby(sorted(held, key=_patient), key=_patient):
        data = list(some)
        record(
            by=by,
            deed=deed,
            practice_id=data[0].practice_id,
            patient_id=patient,
            target=data[0] if len(data) == 1 else data[0].patient,
            category=data[0].kind,
            details={
                "kinds": dict(Counter(each.kind for each in data)),
                "data": [str(each.pk) for each in data[:20]],
            },
        )


def _patient(datum: HomeDatum) -> str:
    return str(datum.patient_id)
