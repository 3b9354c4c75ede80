"""Rows of the record in words. A row holds identifiers; the names of today are looked up here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow

from .models import Membership, Patient, Representative, Role, User

Row = TypeVar("Row")

ROLES = {
    Role.CLINICIAN.value: gettext_lazy("Clinician"),
    Role.STAFF.value: gettext_lazy("Staff"),
    Role.REPORTER.value: gettext_lazy("Reports for the practice"),
    Role.ADMINISTRATOR.value: gettext_lazy("Administrator"),
}
OUTCOMES = {
    "done": gettext_lazy("Done"),
    "refused": gettext_lazy("Refused"),
    "alarm": gettext_lazy("Alarm"),
}
EMERGENCY = "emergency"


@dataclass(frozen=True)
class NamedRow:
    """One row: who (in what role then), did what, of which patient (empty when of none or not at
    this practice), with what outcome; whether under emergency access.
    """

    row: AuditRow
    who: str
    role: str
    did: str
    patient: str
    outcome: str
    emergency: bool


def named(rows: Iterable[AuditRow]) -> list[NamedRow]:
    """The rows in words, for a viewer who may see them; five queries however many rows."""
    held = list(rows)
    users = User.objects.in_bulk(_identifiers(row.actor_id for row in held))
    patients = Patient.objects.in_bulk(_identifiers(row.patient_id for row in held))
    roles = _Roles(users)
    return [
        NamedRow(
            row=row,
            who=_who(row, users),
            role=roles.of(row),
            did=_did(row.deed),
            patient=str(_found(patients, row.patient_id) or ""),
            outcome=str(OUTCOMES.get(row.outcome, row.outcome)),
            emergency=row.category == EMERGENCY,
        )
        for row in held
    ]


def named_in_parts(rows: Iterator[AuditRow], together: int = 500) -> Iterator[NamedRow]:
    """Any number of rows in words, so many at a time."""
    some: list[AuditRow] = []
    for row in rows:
        some.append(row)
        if len(some) == together:
            yield from named(some)
            some = []
    yield from named(some)


class _Roles:
    """What each of the users was: at a practice on a day, else to a patient."""

    def __init__(self, users: Iterable[UUID]) -> None:
        wanted = list(users)
        self._memberships: dict[tuple[UUID, str], list[Membership]] = {}
        held = Membership.objects.filter(Q(user__in=wanted) | Q(clinician__user__in=wanted))
        for each in held.select_related("practice", "clinician"):
            user = each.user_id or (each.clinician and each.clinician.user_id)
            if user:
                place = (user, str(each.practice_id))
                self._memberships.setdefault(place, []).append(each)
        own = Patient.objects.filter(user__in=wanted).values_list("user", flat=True)
        self._patients = set(own)
        acting = Representative.objects.filter(user__in=wanted)
        self._representatives = {
            (user, str(each))
            for user, *records in acting.values_list("user", "patient", "patient__merged_into")
            for each in records
        }

    def of(self, row: AuditRow) -> str:
        """In the reader's language; empty for nobody and for who was neither."""
        if not row.actor_id:
            return ""
        user = UUID(row.actor_id)
        for each in self._memberships.get((user, row.practice_id), ()):
            zone = ZoneInfo(each.practice.time_zone)
            if each.active_on(row.recorded_at.astimezone(zone).date()):
                return str(ROLES[each.role])
        if (user, row.patient_id) in self._representatives:
            return _("Representative")
        return _("Patient") if user in self._patients else ""


def _who(row: AuditRow, users: dict[UUID, User]) -> str:
    if user := _found(users, row.actor_id):
        return str(user)
    return _("somebody not signed in") if row.actor_kind == "visitor" else _("the server itself")


def _did(deed: str) -> str:
    """The stored name itself for a deed that this version does not know."""
    return str(Deed(deed).label) if deed in Deed.values else deed.replace("_", " ")


def _identifiers(texts: Iterable[str]) -> set[UUID]:
    return {UUID(text) for text in texts if text}


def _found(rows: dict[UUID, Row], text: str) -> Row | None:
    return rows.get(UUID(text)) if text else None
