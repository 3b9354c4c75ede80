"""A report as a workbook: its own table first, with a filter; every other section on a sheet."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from wellpost.reports.documents import Cell, Column, Document, Made, Section, Table, shown

WIDEST = 60
SHEET_NAME = 31
MADE_THEN = datetime(2000, 1, 1)
"""The workbook's own date of making: fixed, so that the same report gives the same bytes."""


def as_xlsx(document: Document, made: Made) -> bytes:
    """The workbook. Texts are written as texts, whatever they start with."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        book.set_properties(
            {"title": document.title, "subject": document.subtitle, "created": MADE_THEN}
            | {"comments": f"Made by {made.product}"}
        )
        Writer(book).write(document)
    return file.getvalue()


class Writer:
    """One workbook being written."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._kinds = {
            "number": book.add_format({"num_format": "#,##0", "valign": "top"}),
            "share": book.add_format({"num_format": "0.00%", "valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        }

    def write(self, document: Document) -> None:
        """The report's own table, what it is about, then the other tables."""
        names: set[str] = set()
        if document.main.table is not None:
            self._table(self._sheet(document.main.title, names), document.main.table)
        self._about(self._sheet("About", names), document)
        for section in document.sections:
            if section is not document.main and section.table is not None:
                self._table(self._sheet(section.title, names), section.table)

    def _sheet(self, title: str, names: set[str]) -> Worksheet:
        plain = re.sub(r"[\[\]:*?/\\']", " ", title)[:SHEET_NAME]
        name, number = plain, 2
        while name.lower() in names:
            name = f"{plain[: SHEET_NAME - 3]} {number}"
            number += 1
        names.add(name.lower())
        return self._book.add_worksheet(name)

    def _about(self, sheet: Worksheet, document: Document) -> None:
        sheet.set_column(0, 0, 30, self._wrapped)
        sheet.set_column(1, 1, WIDEST * 2, self._wrapped)
        sheet.write_string(0, 0, document.title, self._title)
        for row, (label, text) in enumerate(_lines(document), 2):
            sheet.write_string(row, 0, label, self._wrapped)
            sheet.write_string(row, 1, text, self._wrapped)

    def _table(self, sheet: Worksheet, table: Table) -> None:
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column.title, self._bold)
            sheet.set_column(place, place, _width(column, table.rows, place))
        for number, row in enumerate(table.rows, 1):
            for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                self._cell(sheet, number, place, column, cell)
        sheet.freeze_panes(1, 0)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)

    def _cell(self, sheet: Worksheet, row: int, place: int, column: Column, cell: Cell) -> None:
        form: Format = self._kinds.get(column.kind, self._wrapped)
        if cell is None:
            return
        if isinstance(cell, bool):
            sheet.write_string(row, place, shown(cell, "flag"), form)
        elif isinstance(cell, int | float):
            sheet.write_number(row, place, cell, form)
        elif isinstance(cell, date):
            sheet.write_datetime(row, place, cell, form)
        else:
            sheet.write_string(row, place, shown(cell, column.kind), form)


def _lines(document: Document) -> Iterator[tuple[str, str]]:
    yield "", document.subtitle
    for warning in document.warnings:
        yield "Note", warning
    for section in document.sections:
        yield from _of(section)


def _of(section: Section) -> Iterator[tuple[str, str]]:
    for line in section.lines:
        yield section.title, line
    yield from section.pairs


def _width(column: Column, rows: Sequence[Sequence[Cell]], place: int) -> int:
    longest = max((len(shown(row[place], column.kind)) for row in rows), default=0)
    return min(max(longest, len(column.title)) + 3, WIDEST)
