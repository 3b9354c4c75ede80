"""What is asked about apps. Those with `by` give only what that person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import (
    Permission,
    Standing,
    may,
    require,
    same_person,
    standings,
)
from wellpost.server.people.queries import patients_for, representations_of

from .models import App, Approval, Connection, Decision


@dataclass(frozen=True)
class Connected:
    """An app at a patient's record, with everything it was allowed there by anybody."""

    app: App
    users: tuple[User, ...]
    scopes: tuple[str, ...]
    since: datetime
    last_used_at: datetime | None
    runs_out_at: datetime | None
    """When all of it is over by itself; None where it is over within a session."""
    yours: bool
    """Whether whoever looks may end it."""


def is_approved(app: App, practice: Practice) -> bool:
    """Whether the practice's patients can connect the app now."""
    found = Approval.objects.filter(app=app, practice=practice, decision=Decision.APPROVED)
    return found.exists()


def records_to_connect(user: User, app: App) -> list[Patient]:
    """The records the user may connect this app to today: their own first, approved ones only."""
    mine = [each for each in own_and_represented(user) if may(user, Permission.CONNECT_APPS, each)]
    approving = set(
        Approval.objects.filter(
            app=app, practice__in={each.practice_id for each in mine}, decision=Decision.APPROVED
        ).values_list("practice_id", flat=True)
    )
    return [each for each in mine if each.practice_id in approving]


def own_and_represented(user: User) -> list[Patient]:
    """Every record the user stands to as patient or representative today, their own first."""
    represented = [each.patient.surviving for each in representations_of(user)]
    return list(dict.fromkeys([*patients_for(user), *represented]))


def connected(patient: Patient, by: User) -> list[Connected]:
    """The apps that can read the patient's record now, the newest first."""
    require(by, Permission.CONNECT_APPS, patient)
    held = Connection.objects.filter(
        patient__in=Patient.objects.filter(same_person(patient.pk)),
        ended_at=None,
        began_at__isnull=False,
    ).filter(_not_run_out())
    rows: dict[App, list[Connection]] = {}
    for each in held.select_related("app", "user").order_by("-began_at"):
        if may(each.user, Permission.CONNECT_APPS, patient):  # else it reads nothing any more
            rows.setdefault(each.app, []).append(each)
    own = Standing.PATIENT in standings(by, patient)
    return [_connected(app, found, by, own) for app, found in rows.items()]


def _not_run_out() -> Q:
    return Q(runs_out_at=None) | Q(runs_out_at__gt=clock.now())


def _connected(app: App, found: Sequence[Connection], by: User, own: bool) -> Connected:
    used = [each.last_used_at for each in found if each.last_used_at]
    return Connected(
        app,
        tuple(dict.fromkeys(each.user for each in found)),
        tuple(dict.fromkeys(scope for each in found for scope in each.scope.split())),
        min(each.began_at for each in found if each.began_at),
        max(used, default=None),
        max((each.runs_out_at for each in found if each.runs_out_at), default=None),
        own or any(each.user_id == by.pk for each in found),
    )


@dataclass(frozen=True)
class AtPractice:
    """An app as a practice's administrator sees it; `decision` is empty while none was made."""

    app: App
    decision: str
    reason: str
    decided_at: datetime | None
    patients: int
    """How many records it can read now; which ones is the patients' own business."""


def apps_of(practice: Practice, by: User) -> list[AtPractice]:
    """Every app registered here, those that wait for a decision first."""
    require(by, Permission.APPROVE_APPS, practice)
    decisions = {each.app_id: each for each in Approval.objects.filter(practice=practice)}
    counted = _readers(practice)
    rows = [
        _at_practice(app, decisions.get(app.pk), counted.get(app.pk, 0))
        for app in App.objects.all()
    ]
    return sorted(rows, key=lambda row: (bool(row.decision), row.app.name.casefold()))


def at_practice(app: App, practice: Practice, by: User) -> AtPractice:
    """One app as the practice's administrator sees it."""
    require(by, Permission.APPROVE_APPS, practice)
    found = Approval.objects.filter(app=app, practice=practice).first()
    return _at_practice(app, found, _readers(practice).get(app.pk, 0))


def _at_practice(app: App, found: Approval | None, patients: int) -> AtPractice:
    if found is None:
        return AtPractice(app, "", "", None, patients)
    return AtPractice(app, found.decision, found.reason, found.decided_at, patients)


def _readers(practice: Practice) -> dict[int, int]:
    pairs = Connection.objects.filter(
        _not_run_out(), patient__practice=practice, ended_at=None, began_at__isnull=False
    ).values_list("app_id", "patient_id")
    counted: dict[int, int] = {}
    for app_id, _ in set(pairs):
        counted[app_id] = counted.get(app_id, 0) + 1
    return counted
