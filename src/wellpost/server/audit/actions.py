"""Putting a deed on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Model

from wellpost.server.changes import insert
from wellpost.server.clock import time as clock

from .context import current_trace
from .deeds import Deed
from .models import AuditRow

Keep = Callable[[AuditRow], object]
"""Puts a row there."""


def record(
    *,
    by: AbstractBaseUser | None,
    deed: Deed,
    practice_id: object = None,
    patient_id: object = None,
    target: Model | None = None,
    target_kind: str = "",
    target_id: object = "",
    category: str = "",
    outcome: str = "done",
    details: Mapping[str, Any] | None = None,
    on_behalf_of: object = "",
    keep: Keep = insert,
) -> AuditRow:
    """Write one row, in the caller's transaction. `by` None: nobody signed in, or the machine.

    `target` gives its kind and id, and its practice and patient where it has them and they are
    not named. `details` holds identifiers and counts only. `keep` puts the row there, where
    something else is written with it.
    """
    row = AuditRow(
        recorded_at=clock.now(),
        deed=deed,
        outcome=outcome,
        category=category,
        details={**_through(), **(details or {})},
        on_behalf_of=_text(on_behalf_of),
        practice_id=_text(practice_id or getattr(target, "practice_id", None)),
        patient_id=_text(patient_id or getattr(target, "patient_id", None)),
        target_kind=target_kind or (target._meta.model_name or "" if target else ""),
        target_id=_text(target_id or (target.pk if target else "")),
        **_actor(by),
        **_request(),
    )
    keep(row)
    return row


def record_for_patients(
    details_of: Mapping[object, Mapping[str, Any]],
    *,
    by: AbstractBaseUser | None,
    deed: Deed,
    target: Model,
    category: str = "",
) -> None:
    """Write one row for each of these patients (by id), with its own details, in one statement:
    what was done with the data of several at once is seen by each of them, and by none another's.
    """
    rows: list[AuditRow] = []
    for patient_id, details in details_of.items():
        record(
            by=by, deed=deed, target=target, patient_id=patient_id, category=category,
            details=details, keep=rows.append,
        )  # fmt: skip
    AuditRow.objects.bulk_create(rows)


def _actor(by: AbstractBaseUser | None) -> dict[str, str]:
    if by is not None and by.pk is not None:
        return {"actor_id": str(by.pk), "actor_kind": "user"}
    return {"actor_id": "", "actor_kind": "visitor" if current_trace() else "machine"}


def _request() -> dict[str, str | None]:
    trace = current_trace()
    if trace is None:
        return {}
    return {"request_id": trace.request_id, "address": trace.address}


def _through() -> Mapping[str, object]:
    trace = current_trace()
    return trace.through if trace else {}


def _text(value: object) -> str:
    return "" if value is None else str(value)
