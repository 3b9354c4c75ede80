"""The demo's health records: made up, of the day each entry is of, for the visits there were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wellpost.server.clock import time as clock
from wellpost.server.intake.batch import FHIR
from wellpost.server.people.fhir_ids import id_of
from wellpost.server.people.models import Membership, Patient
from wellpost.server.records.grants import refresh
from wellpost.server.records.incoming import Incoming
from wellpost.server.records.keeping import keep_many
from wellpost.server.records.models import Encounter, RecordVisit, Resource
from wellpost.server.records.moments import known_at
from wellpost.synthetic.record import Visit, make_record

from .stage import Cast, clinician_of

TODAY = date(2021, 9, 14)
"""The last day that entries are of; the demo begins on the morning after."""

LONG, LONGEST, USUAL = 15, 20, 1
"""Years of record: of the patient one can be, of the one who is represented, of the others."""

WITH_RECORD = 20
"""Of how many of the hundred a record is kept; the others' visits are known, and no more."""


def records(story: Cast) -> None:
    """A record for twenty of the hundred, for the one represented, and for one elsewhere."""
    asker, represented = story.hundred[0], story.represented
    years = dict.fromkeys(story.hundred[:WITH_RECORD], USUAL)
    for patient, many in {**years, asker: LONG, represented: LONGEST}.items():
        _keep(patient, story.alden, many)
    _keep(story.patients[story.seen.elsewhere[0]], story.marsh, USUAL)
    for patient in (asker, represented):
        _looked_before_the_last_visit(patient)


def _keep(patient: Patient, clinician: Membership, years: int) -> None:
    """Each entry on the day it became known, at once with the patient."""
    held = {each.pk: each for each in patient.encounters.filter(seen_on__lte=TODAY)}
    kept_as = {
        id_of(each.practice_id, "Encounter", FHIR, each.source_id): each for each in held.values()
    }
    made = make_record(
        str(clinician_of(clinician).npi) + patient.identifiers.all()[0].value,
        years,
        until=TODAY,
        patient=f"Patient/{patient.pk}",
        practitioner=_practitioner(clinician),
        visits=[Visit(each.seen_on, str(pk)) for pk, each in kept_as.items()],
    )
    coming = sorted(
        _incoming(made, patient, kept_as), key=lambda one: one.available_to_clinician_at
    )
    for moment, together in groupby(coming, key=lambda one: one.available_to_clinician_at.date()):
        with clock.held_at(datetime(moment.year, moment.month, moment.day, 20, tzinfo=UTC)):
            keep_many(list(together))
    refresh(held)


def _known_at(coming: Incoming) -> datetime:
    return coming.available_to_clinician_at


def _incoming(
    made: Iterator[dict[str, Any]], patient: Patient, kept_as: dict[UUID, Encounter]
) -> Iterator[Incoming]:
    zone = ZoneInfo(patient.practice.time_zone)
    end = datetime(TODAY.year, TODAY.month, TODAY.day, 20, tzinfo=UTC)
    for each in made:
        known = known_at(each, end, zone)
        visit = _visit_of(each, kept_as)
        yield Incoming(
            id=UUID(each["id"]),
            practice=patient.practice,
            patient=patient,
            resource=each,
            available_to_clinician_at=known,
            available_to_patient_at=known,
            encounter_id=visit.pk if visit else None,
        )


def _visit_of(resource: dict[str, Any], kept_as: dict[UUID, Encounter]) -> Encounter | None:
    named = [resource.get("encounter"), *resource.get("context", {}).get("encounter", [])]
    ids = (UUID(one["reference"].rpartition("/")[2]) for one in named if one)
    return next((kept_as[pk] for pk in ids if pk in kept_as), None)


def _practitioner(clinician: Membership) -> dict[str, str]:
    """The clinician as the import kept them."""
    who = clinician_of(clinician)
    rows = Resource.objects.filter(practice=clinician.practice, kind="Practitioner")
    row = next((each for each in rows if who.npi in each.body), None)
    return {"display": who.name, **({"reference": f"Practitioner/{row.pk}"} if row else {})}


def _looked_before_the_last_visit(patient: Patient) -> None:
    """So that something is new when one looks as them."""
    last = patient.encounters.filter(seen_on__lte=TODAY).latest("seen_on").seen_on
    looked_at = datetime(last.year, last.month, last.day, 12, tzinfo=UTC) - timedelta(days=1)
    users = [patient.user, *(each.user for each in patient.representatives.all())]
    for user in users:
        if user is not None:
            RecordVisit.objects.create(user=user, patient=patient, looked_at=looked_at)
