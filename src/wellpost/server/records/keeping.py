"""Keeping resources: made, in a new version where they differ, withdrawn by their source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from wellpost.adapters.fhir.exact import NotJsonError
from wellpost.adapters.fhir.plain import concept_of, is_past, section_of
from wellpost.errors import DataRefusedError, RequestError, WellpostError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.fhir_ids import id_of
from wellpost.server.people.models import Patient, Practice, User

from .bodies import body_of
from .bulk import insert_rows
from .grants import refresh
from .incoming import Incoming, is_withdrawn, kind_of, refuse_unkeepable
from .indexing import SearchValues, search_values
from .models import Encounter, Resource, ResourceMoment, ResourceToken
from .moments import holds_of, known_at, released_at

WRITTEN = (
    "patient",
    "encounter",
    "section",
    "concept",
    "past",
    "body",
    "came",
    "version",
    "occurred_at",
    "changed_at",
    "withdrawn_at",
    "source_system",
    "source_id",
)
"""What a new version writes. When it first could be read stays as it was."""


@dataclass
class Kept:
    """What became of resources: rows made, changed, as they were; and what was refused.

    `encounters` are those whose resources changed, and which they belonged to before.
    """

    new: list[Resource] = field(default_factory=list)
    changed: list[Resource] = field(default_factory=list)
    unchanged: list[Resource] = field(default_factory=list)
    refused: list[tuple[Incoming, WellpostError]] = field(default_factory=list)
    withdrawn: int = 0
    encounters: set[UUID] = field(default_factory=set)
    found: dict[UUID, SearchValues] = field(default_factory=dict)

    @property
    def written(self) -> list[Resource]:
        """Those that are new or changed."""
        return [*self.new, *self.changed]

    @property
    def rows(self) -> list[Resource]:
        """All of them."""
        return [*self.written, *self.unchanged]


@transaction.atomic
def keep(
    *,
    practice: Practice,
    patient: Patient | None,
    resource: Mapping[str, Any],
    by: User | None,
    source_system: str = "",
    source_id: str = "",
    encounter: Encounter | None = None,
    available_to_clinician_at: datetime | None = None,
    available_to_patient_at: datetime | None = None,
) -> Resource:
    """Keep one resource whose references are this server's already; the caller has the permission.

    One that is here under the same source identifier (or the same `id`, a UUID) becomes a new
    version where it differs. Moments that are not given: when its source recorded it, else now;
    and for the patient at once, or after the practice's hold. Decimals best come as Decimal.

    DataRefusedError for what cannot be kept; RequestError for an id of another patient's.
    """
    kind, now = kind_of(resource), clock.now()
    _require_one_house(practice, patient, encounter)
    section, zone = section_of(resource), ZoneInfo(practice.time_zone)
    known = available_to_clinician_at or known_at(resource, now, zone)
    coming = Incoming(
        id=_id(practice, resource, kind, source_system, source_id),
        practice=practice,
        patient=patient,
        resource=resource,
        available_to_clinician_at=known,
        available_to_patient_at=available_to_patient_at
        or released_at(known, now, holds_of(practice).get(section, 0)),
        encounter_id=encounter.pk if encounter else None,
        source_system=source_system,
        source_id=source_id,
    )
    kept = keep_many([coming])
    if kept.refused:
        raise kept.refused[0][1]
    row = kept.rows[0]
    if not kept.unchanged:
        refresh(kept.encounters)
        _record(row, by)
    return row


def keep_many(coming: Sequence[Incoming]) -> Kept:
    """Keep resources, some hundreds at a time; the last of those with one id stands.

    In the caller's transaction, who puts it on record and refreshes the grants of the encounters.
    What cannot be kept is in `refused`, with the error that says why.
    """
    kept, now = Kept(), clock.now()
    latest = {each.id: each for each in coming}
    held = Resource.objects.defer("came").in_bulk(list(latest))
    for each in latest.values():
        try:
            _sort(each, held.get(each.id), kept, now)
        except WellpostError as fault:
            kept.refused.append((each, fault))
    _write(kept)
    return kept


def _sort(coming: Incoming, held: Resource | None, kept: Kept, now: datetime) -> None:
    """Put the row where it belongs: new, changed or as it was."""
    _refuse_another(coming, held)
    if held is not None and _same(coming, held):
        kept.unchanged.append(held)
        return
    row = held or _row(coming)
    kept.encounters.update(pk for pk in (row.encounter_id, coming.encounter_id) if pk)
    row.version = held.version + 1 if held else 1
    _fill(row, coming, now)  # first, for it refuses what is too deep to be searched
    kept.found[row.pk] = search_values(coming.resource, ZoneInfo(coming.practice.time_zone))
    row.occurred_at = kept.found[row.pk].occurred_at
    kept.withdrawn += row.withdrawn_at is not None
    (kept.changed if held else kept.new).append(row)


def _row(coming: Incoming) -> Resource:
    return Resource(
        id=coming.id,
        practice=coming.practice,
        kind=coming.kind,
        available_to_clinician_at=coming.available_to_clinician_at,
        available_to_patient_at=coming.available_to_patient_at,
    )


def _fill(row: Resource, coming: Incoming, now: datetime) -> None:
    resource = coming.resource
    row.patient, row.encounter_id = coming.patient, coming.encounter_id
    row.section, row.concept = section_of(resource), concept_of(resource)
    row.past = is_past(resource)
    row.changed_at, row.came = now, coming.came
    row.body = _body(coming, row.version, now)
    refuse_unkeepable(row.body, coming.kind)
    row.withdrawn_at = now if is_withdrawn(resource) else None
    if coming.source_id:
        row.source_system, row.source_id = coming.source_system, coming.source_id


def _same(coming: Incoming, held: Resource) -> bool:
    """Whether it says what is kept already, of the same patient and encounter."""
    return (
        held.patient_id == (coming.patient.pk if coming.patient else None)
        and held.encounter_id == coming.encounter_id
        and held.body == _body(coming, held.version, held.changed_at)
    )


def _body(coming: Incoming, version: int, changed_at: datetime) -> str:
    try:
        return body_of(coming.resource, id_=coming.id, version=version, changed_at=changed_at)
    except NotJsonError as fault:
        raise DataRefusedError(f"a {coming.kind} cannot be kept: {fault}.") from None


def _write(kept: Kept) -> None:
    names = [each.attname for each in Resource._meta.concrete_fields]
    insert_rows(Resource, names, ([getattr(row, name) for name in names] for row in kept.new))
    if kept.changed:
        Resource.objects.bulk_update(kept.changed, WRITTEN, batch_size=100)
        ResourceToken.objects.filter(resource__in=kept.changed).delete()
        ResourceMoment.objects.filter(resource__in=kept.changed).delete()
    _index(kept)


def _index(kept: Kept) -> None:
    """Write what the rows can be found by."""
    rows = [(kept.found[row.pk], (row.pk, row.patient_id, row.kind)) for row in kept.written]
    insert_rows(
        ResourceToken,
        ("resource_id", "patient_id", "kind", "parameter", "system", "code"),
        ((*own, *token) for found, own in rows for token in found.tokens),
    )
    insert_rows(
        ResourceMoment,
        ("resource_id", "patient_id", "kind", "parameter", "starts_at", "ends_at"),
        ((*own, *moment) for found, own in rows for moment in found.moments),
    )


def _refuse_another(coming: Incoming, held: Resource | None) -> None:
    """An id can be guessed; it never makes one patient's resource another's."""
    if held is None:
        return
    same_house = held.practice_id == coming.practice.pk and held.kind == coming.kind
    same_patient = held.patient_id == (coming.patient.pk if coming.patient else None)
    if not same_house or not (same_patient or coming.source_id):
        raise RequestError(f"this id is another {held.kind}'s already; leave the id out.")


def _id(
    practice: Practice, resource: Mapping[str, Any], kind: str, source_system: str, source_id: str
) -> UUID:
    if source_id:
        return id_of(practice.pk, kind, source_system, source_id)
    written = resource.get("id")
    if written is None:
        return uuid4()
    try:
        return UUID(str(written))
    except ValueError:
        raise RequestError("an id that is given must be a UUID; leave it out for one.") from None


def _require_one_house(
    practice: Practice, patient: Patient | None, encounter: Encounter | None
) -> None:
    if patient is not None and patient.practice_id != practice.pk:
        raise RequestError("the patient's record is another practice's.")
    if encounter is not None and encounter.practice_id != practice.pk:
        raise RequestError("the visit is another practice's.")


def _record(row: Resource, by: User | None) -> None:
    record(
        by=by,
        deed=Deed.RECORD_KEPT,
        target=row,
        category=row.section,
        details={"kind": row.kind, "version": row.version},
    )
