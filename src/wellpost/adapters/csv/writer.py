"""A report's own table as CSV, each line with the program, period and policies it stands for."""

from __future__ import annotations

import csv
import io
from datetime import date

from wellpost.reports.documents import Cell, Document

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(document: Document) -> bytes:
    """UTF-8 with a line of names; days in ISO form, shares from 0 to 1, flags true and false."""
    table = document.main.table
    if table is None:
        raise ValueError(f"the report {document.name} has no table of its own")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*(each.name for each in table.columns), *(n for n, _ in document.alike)])
    same = [harmless(value) for _, value in document.alike]
    writer.writerows([*(_cell(cell) for cell in row), *same] for row in table.rows)
    return text.getvalue().encode()


def harmless(text: str) -> str:
    """The text; with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(cell) if isinstance(cell, str) else str(cell)
