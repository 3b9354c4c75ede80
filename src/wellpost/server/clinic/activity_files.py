"""Rows of the record as CSV and JSON, a piece at a time however many there are."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from wellpost.ledger.rows import moment_in_text
from wellpost.server.people.on_record import NamedRow

COLUMNS = (
    "row", "recorded_at", "who", "role", "deed", "did", "patient", "outcome", "access",
    "target_kind", "target_id", "actor_id", "actor_kind", "patient_id", "on_behalf_of", "address",
    "request_id", "event_id", "details",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a cell for a formula."""


def as_csv(rows: Iterator[NamedRow]) -> Iterator[str]:
    """A line of names, then a line a row."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    for each in rows:
        cells = _cells(each)
        details = json.dumps(cells["details"], sort_keys=True)
        writer.writerow([_safe(value) for value in ({**cells, "details": details}).values()])
        if lines.tell() > 32_768:
            yield lines.getvalue()
            lines.seek(0)
            lines.truncate()
    yield lines.getvalue()


def as_json(rows: Iterator[NamedRow]) -> Iterator[str]:
    """An array of objects, one a line."""
    before = "[\n"
    for each in rows:
        yield before + json.dumps(_cells(each), ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


FORMS = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
}


def _cells(each: NamedRow) -> dict[str, Any]:
    row = each.row
    values = (
        row.pk, moment_in_text(row.recorded_at), each.who, each.role, row.deed, each.did,
        each.patient, row.outcome, row.category, row.target_kind, row.target_id, row.actor_id,
        row.actor_kind, row.patient_id, row.on_behalf_of, row.address or "", row.request_id,
        str(row.event_id), row.details,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
