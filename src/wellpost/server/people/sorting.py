"""Sorting rows of the record by the names of today, which the rows do not hold."""

from __future__ import annotations

from django.db.models import F, OuterRef, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Cast, Concat, NullIf, Replace

from wellpost.server.audit.models import AuditRow

from .models import Patient, User


def sorted_by(rows: QuerySet[AuditRow], order: str) -> QuerySet[AuditRow]:
    """By a column of the row, or by the name behind `actor_id` or `patient_id`; `-` in front for
    the last first. Rows without a name stand last; among equals the newest first.
    """
    name, falling = order.removeprefix("-"), order.startswith("-")
    key = F(name)
    if name == "actor_id":
        rows, key = rows.annotate(sort_name=_name_of_actor()), F("sort_name")
    elif name == "patient_id":
        rows, key = rows.annotate(sort_name=_name_of_patient()), F("sort_name")
    first = key.desc(nulls_last=True) if falling else key.asc(nulls_last=True)
    return rows.order_by(first, "-id")


def _name_of_actor() -> Subquery:
    return Subquery(User.objects.filter(pk=_outer("actor_id")).values("name")[:1])


def _name_of_patient() -> Subquery:
    full = Concat("family_name", Value(" "), "given_name")
    return Subquery(
        Patient.objects.filter(pk=_outer("patient_id")).annotate(full=full).values("full")[:1]
    )


def _outer(column: str) -> Cast:
    """The identifier in the text as both databases keep identifiers."""
    bare = Replace(NullIf(OuterRef(column), Value("")), Value("-"), Value(""))
    return Cast(bare, UUIDField())
