"""Deeds about apps: a practice decides, a patient connects, either ends it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, Standing, require, standings

from .lasting import runs_out_at
from .models import AccessToken, App, Approval, Connection, Decision, Ending, Grant, RefreshToken
from .queries import is_approved

DECIDED = {
    Decision.APPROVED: Deed.APP_APPROVED,
    Decision.REFUSED: Deed.APP_REFUSED,
    Decision.WITHDRAWN: Deed.APP_WITHDRAWN,
}


@transaction.atomic
def decide(*, app: App, practice: Practice, by: User, decision: str, reason: str = "") -> Approval:
    """Approve, refuse or withdraw an app at a practice; what is no longer approved ends at once.

    RequestError for withdrawing what is not approved, or refusing what is.
    """
    require(by, Permission.APPROVE_APPS, practice)
    decided = Decision(decision)
    approved = is_approved(app, practice)
    if (decided == Decision.REFUSED and approved) or (
        decided == Decision.WITHDRAWN and not approved
    ):
        raise RequestError("This was decided otherwise meanwhile; look at the page again.")
    approval, _ = Approval.objects.update_or_create(
        practice=practice,
        app=app,
        defaults={
            "decision": decided,
            "reason": reason.strip(),
            "decided_by": by,
            "decided_at": clock.now(),
        },
    )
    if decided == Decision.WITHDRAWN:
        _end(_open(app).filter(patient__practice=practice), Ending.PRACTICE)
    record(by=by, deed=DECIDED[decided], target=app, practice_id=practice.pk)
    return approval


@transaction.atomic
def connect(
    *, app: App, patient: Patient, by: User, scope: str, months: int | None = None
) -> Connection:
    """Agree that the app reads the patient's record within the scopes given; `months` at the
    longest, where it may come back.

    NotAllowed for who may not connect apps to the record, or where the practice has not approved
    the app.
    """
    require(by, Permission.CONNECT_APPS, patient)
    if not is_approved(app, patient.practice):
        raise NotAllowed("the practice has not approved this app.")
    made = Connection.objects.create(
        app=app,
        user=by,
        patient=patient,
        scope=scope,
        agreed_at=clock.now(),
        runs_out_at=runs_out_at(scope, months, patient.practice.time_zone),
    )
    _record(Deed.APP_CONNECTED, made, by)
    return made


@transaction.atomic
def disconnect(*, app: App, patient: Patient, by: User, records: Iterable[Patient] = ()) -> int:
    """End the app's access to the patient's record: tokens are gone with it; how many there were.

    A patient ends every connection to the record, a representative those they made.
    """
    require(by, Permission.CONNECT_APPS, patient)
    held = _open(app).filter(patient__in=[patient, *records])
    if Standing.PATIENT not in standings(by, patient):
        held = held.filter(user=by)
    ended = list(held)
    _end(held, Ending.PERSON)
    for each in ended:
        _record(Deed.APP_DISCONNECTED, each, by)
    return len(ended)


@transaction.atomic
def give_back(*, connection: Connection) -> None:
    """The app itself revoked its tokens."""
    if _end(Connection.objects.filter(pk=connection.pk, ended_at=None), Ending.APP):
        _record(Deed.APP_DISCONNECTED, connection, None)


@transaction.atomic
def misused(*, connection: Connection) -> None:
    """Something came a second time that comes once: somebody else has it, so all of it ends."""
    if _end(Connection.objects.filter(pk=connection.pk, ended_at=None), Ending.MISUSE):
        _record(Deed.APP_MISUSED, connection, None)


def end_connections_of(user: User, records: QuerySet[Patient]) -> None:
    """End all that the user agreed to for these records: the patient's side asked for it. In the
    caller's transaction.
    """
    held = Connection.objects.filter(user=user, patient__in=records, ended_at=None)
    ended = list(held)
    _end(held, Ending.PERSON)
    for each in ended:
        _record(Deed.APP_DISCONNECTED, each, None)


def _open(app: App) -> QuerySet[Connection]:
    return Connection.objects.filter(app=app, ended_at=None)


def _end(connections: QuerySet[Connection], because: Ending) -> int:
    """Mark them ended and take every token and code away, in this order; refresh tokens stay as
    revoked ones, so that a later use is known for what it is."""
    ended = list(connections.select_for_update().values_list("pk", flat=True))
    Grant.objects.filter(connection__in=ended).delete()
    now = timezone.now()
    RefreshToken.objects.filter(connection__in=ended, revoked=None).update(revoked=now, updated=now)
    AccessToken.objects.filter(connection__in=ended).delete()
    return Connection.objects.filter(pk__in=ended).update(
        ended_at=clock.now(), ended_because=because
    )


def _record(deed: Deed, connection: Connection, by: User | None) -> None:
    record(
        by=by,
        deed=deed,
        target=connection,
        patient_id=connection.patient_id,
        practice_id=connection.patient.practice_id,
        category="record",
        details={"app": connection.app_id},
    )
