"""Rows of the record in words. A row holds identifiers; the names of today are looked up here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow

from .models import Patient, User

Row = TypeVar("Row")


@dataclass(frozen=True)
class NamedRow:
    """One row: who, did what, of which patient (empty when of none or not at this practice)."""

    row: AuditRow
    who: str
    did: str
    patient: str


def named(rows: Iterable[AuditRow]) -> list[NamedRow]:
    """The rows in words, for a viewer who may see them; two queries however many rows."""
    held = list(rows)
    users = User.objects.in_bulk(_identifiers(row.actor_id for row in held))
    patients = Patient.objects.in_bulk(_identifiers(row.patient_id for row in held))
    return [
        NamedRow(row, _who(row, users), _did(row.deed), str(_found(patients, row.patient_id) or ""))
        for row in held
    ]


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
