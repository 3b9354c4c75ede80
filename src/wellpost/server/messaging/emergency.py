"""Emergency access: a clinician reads what they may not otherwise, for a while, and answers for it.

45 CFR 170.315(d)(6), 164.312(a)(2)(ii). The practice's privacy officer is told at once, an
administrator reviews it, and the patient sees every reading that it was one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.notices.actions import tell
from wellpost.server.notices.texts import Kind
from wellpost.server.people.models import EmergencyAccess, Patient, Practice, Role, User
from wellpost.server.people.permissions import (
    NotAllowed,
    Permission,
    emergency_of,
    require,
)
from wellpost.server.people.queries import members_of

from . import alarms
from .access import seat_in
from .associated_data import VERSION, encode
from .errors import TamperedError
from .keys.opened import opened_keys
from .keys.provider import Wrapped, provider
from .showing import alarm_text

SHORTEST_REASON, LONGEST_REASON = 15, 500


@transaction.atomic
def begin_emergency(*, patient: Patient, by: User, reason: str) -> EmergencyAccess:
    """Let `by` read the patient's messages and chart for EMERGENCY_MINUTES; tell who must know.

    NotAllowed for outsiders; RequestError when the reason says too little, when it is not needed,
    or when one is open already.
    """
    kept = patient.surviving
    require(by, Permission.USE_EMERGENCY_ACCESS, kept)
    _check(kept, by, reason.strip())
    now = clock.now()
    made = EmergencyAccess(
        practice=kept.practice,
        patient=kept,
        user=by,
        begun_at=now,
        ends_at=now + timedelta(minutes=settings.EMERGENCY_MINUTES),
    )
    wrapped = provider().wrap(reason.strip().encode(), reason_context(made))
    made.reason_sealed, made.reason_key_id = wrapped.data, wrapped.key_id
    made.save(force_insert=True)
    _record(Deed.EMERGENCY_BEGUN, made, by, minutes=settings.EMERGENCY_MINUTES)
    tell(users=to_be_told(kept.practice, by), kind=Kind.EMERGENCY_ACCESS)
    return made


@transaction.atomic
def end_emergency(*, patient: Patient, by: User) -> EmergencyAccess:
    """End it before its time; NotAllowed when `by` has none open."""
    held = emergency_of(by, patient.pk)
    if held is None:
        raise NotAllowed("no emergency access is open here.")
    held.ends_at = clock.now()
    held.save(update_fields=["ends_at"])
    _record(Deed.EMERGENCY_ENDED, held, by)
    opened_keys.forget(by.pk)
    return held


@transaction.atomic
def review_emergency(*, access: EmergencyAccess, by: User) -> EmergencyAccess:
    """Somebody who may read the audit has looked into it; nobody reviews their own."""
    require(by, Permission.READ_AUDIT, access.practice)
    held = EmergencyAccess.objects.select_for_update().get(pk=access.pk)
    if held.user_id == by.pk:
        raise RequestError("You used it yourself; ask another administrator to review it.")
    if held.reviewed_at is None:
        held.reviewed_at, held.reviewed_by = clock.now(), by
        held.save(update_fields=["reviewed_at", "reviewed_by"])
        _record(Deed.EMERGENCY_REVIEWED, held, by)
    return held


def emergencies_at(practice: Practice, by: User) -> QuerySet[EmergencyAccess]:
    """Every emergency access at the practice, the latest first, for who may read the audit."""
    require(by, Permission.READ_AUDIT, practice)
    found = practice.emergencies.select_related("patient__merged_into", "user", "reviewed_by")
    return found.order_by("-begun_at", "-pk")


def reason_of(access: EmergencyAccess) -> str:
    """What was given as the reason; the alarm's text, with the alarm on record, when it is not what
    was sealed.
    """
    wrapped = Wrapped(access.reason_key_id, bytes(access.reason_sealed))
    try:
        return provider().unwrap(wrapped, reason_context(access)).decode()
    except TamperedError:
        error = TamperedError("key", target_id=access.pk, practice_id=access.practice_id)
        alarms.sound(error, None)
        return alarm_text()


def to_be_told(practice: Practice, by: User) -> Iterable[UUID]:
    """The account of the privacy officer; where nobody else than `by` would get to know it (none
    is named, it is `by`, or the account is shut), those of the administrators.
    """
    open_to = {
        each: each.account
        for each in members_of(practice)
        if each.account and each.account.is_active
    }
    officers = {held.pk for each, held in open_to.items() if each.pk == practice.privacy_officer_id}
    administrators = {held.pk for each, held in open_to.items() if each.role == Role.ADMINISTRATOR}
    return (officers - {by.pk}) or (officers | administrators)


def _check(patient: Patient, by: User, reason: str) -> None:
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise RequestError(
            f"The reason has {len(reason)} characters; say in {SHORTEST_REASON} to "
            f"{LONGEST_REASON} why you must read this now."
        )
    if seat_in(by, patient.practice).keeps_pool:
        raise RequestError("You can read every conversation of this practice without it.")
    if emergency_of(by, patient.pk):
        raise RequestError("Emergency access to this patient is open already.")


def reason_context(access: EmergencyAccess) -> bytes:
    """What the provider binds the reason to."""
    return encode(
        "wellpost", VERSION, "emergency reason", access.pk, access.patient_id, access.user_id
    )


def _record(deed: Deed, access: EmergencyAccess, by: User, **details: int) -> None:
    record(by=by, deed=deed, target=access, category="emergency", details=details)
