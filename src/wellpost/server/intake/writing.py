"""Rows of a batch into the server's tables, thousands at a time, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from django.db.models import Model

from wellpost.server.people.models import Clinician, Patient, Practice

from .batch import Batch, PatientKey
from .report import ImportReport

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is being written, how many rows are done, and how many there are."""

ROWS_AT_ONCE = 2_000
MANY = 200
"""From this many practices on, reading all rows is shorter than naming the practices."""

_M = TypeVar("_M", bound=Model)


@dataclass
class Writing:
    """One batch on its way into the tables: what it speaks of, as rows, and the account so far."""

    batch: Batch
    report: ImportReport = field(default_factory=ImportReport)
    progress: Progress | None = None
    practices: dict[str, Practice] = field(default_factory=dict)
    clinicians: dict[str, Clinician] = field(default_factory=dict)
    patients: dict[PatientKey, Patient] = field(default_factory=dict)

    def insert(self, rows: Sequence[_M], what: str) -> None:
        """Make the rows."""
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            type(rows[0])._default_manager.bulk_create(some)
            self.report.of(what).new += len(some)
            if self.progress:
                self.progress(what, start + len(some), len(rows))

    def of_these_practices(self, rows: Any) -> Iterable[Any]:
        """Those of a query's rows that belong to the batch's practices."""
        wanted: set[UUID] = {each.pk for each in self.practices.values()}
        if len(wanted) < MANY:
            rows = rows.filter(practice__in=wanted)
        return (row for row in rows.iterator(chunk_size=ROWS_AT_ONCE) if row.practice_id in wanted)


def change(row: Model, values: Mapping[str, object]) -> bool:
    """Set the values on the row; whether any of them was another before."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def update(rows: Sequence[_M], names: Iterable[str]) -> None:
    """Write these columns of the rows back."""
    if rows:
        type(rows[0])._default_manager.bulk_update(rows, list(names), batch_size=500)
