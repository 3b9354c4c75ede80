"""Legal holds: as long as one is on, nothing is destroyed, however old."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import Permission, require

from ..models import LegalHold
from ..sealed_words import seal_reason

SHORTEST_REASON, LONGEST_REASON = 10, 500


@transaction.atomic
def set_hold(
    *,
    practice: Practice,
    by: User | None,
    reason: str,
    starts_on: date,
    ends_on: date | None = None,
    patient: Patient | None = None,
) -> LegalHold:
    """Keep everything of the patient (None: of the whole practice) from one day to another, both
    in it; without an end, until it is lifted.

    NotAllowed for who may not; RequestError for a reason that says too little, and for days that
    do not follow one another.
    """
    require(by, Permission.MANAGE_RETENTION, practice)
    _check(practice, patient, reason.strip(), starts_on, ends_on)
    made = LegalHold(
        id=uuid.uuid4(), practice=practice, patient=patient.surviving if patient else None,
        starts_on=starts_on, ends_on=ends_on, set_by=by, set_at=clock.now(),
    )  # fmt: skip
    seal_reason(made, reason.strip())
    made.save(force_insert=True)
    details = {"starts_on": str(starts_on), "ends_on": str(ends_on or "")}
    record(by=by, deed=Deed.LEGAL_HOLD_SET, target=made, details=details)
    return made


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: User | None) -> LegalHold:
    """The hold is over from this moment; that it was there stays."""
    require(by, Permission.MANAGE_RETENTION, hold.practice)
    held = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if held.lifted_at is None:
        held.lifted_at, held.lifted_by = clock.now(), by
        held.save(update_fields=["lifted_at", "lifted_by"])
        record(by=by, deed=Deed.LEGAL_HOLD_LIFTED, target=held)
    return held


def holds_at(practice: Practice, by: User | None) -> QuerySet[LegalHold]:
    """Every hold, those that are not lifted first, then the latest, for who may set them."""
    require(by, Permission.MANAGE_RETENTION, practice)
    held = LegalHold.objects.filter(practice=practice)
    joined = held.select_related("practice", "patient", "set_by", "lifted_by")
    return joined.order_by(F("lifted_at").desc(nulls_first=True), "-set_at", "pk")


def _check(
    practice: Practice, patient: Patient | None, reason: str, starts_on: date, ends_on: date | None
) -> None:
    if patient is not None and patient.practice_id != practice.pk:
        raise RequestError("This patient belongs to another practice.")
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise RequestError(
            f"The reason has {len(reason)} characters; say in {SHORTEST_REASON} to "
            f"{LONGEST_REASON} why it must be kept."
        )
    if ends_on is not None and ends_on < starts_on:
        raise RequestError(f"The hold would end on {ends_on}, before it begins on {starts_on}.")
