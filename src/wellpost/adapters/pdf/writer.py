"""A report as PDF."""

from __future__ import annotations

import io
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from wellpost.adapters.pdf.ink import BOLD, PLAIN, Ink
from wellpost.adapters.pdf.sheet import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, Grid, Page, Sheet
from wellpost.adapters.pdf.structure import attach
from wellpost.reports.documents import Document, Made, Section, Table, shown

LONG = 20
"""Rows from which on a table says what is alike in all of them once, above."""

BOX = "1 0.95 0.78 rg"


def as_pdf(document: Document, made: Made) -> bytes:
    """The document on letter pages; the same document gives the same bytes."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT), invariant=1, lang="en-US", pageCompression=1)
    canvas.setTitle(document.title)
    canvas.setSubject(document.subtitle)
    canvas.setAuthor(made.product)
    canvas.setCreator(made.product)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    sheet = Sheet(Ink(canvas))
    _fill(sheet, document)
    for number, page in enumerate(sheet.pages):
        _print(canvas, sheet, page, number, document, made)
    attach(canvas, sheet.root, len(sheet.pages))
    canvas.save()
    return file.getvalue()


def _fill(sheet: Sheet, document: Document) -> None:
    sheet.heading(document.title, 0)
    sheet.paragraph(document.subtitle, size=10)
    for warning in document.warnings:
        _warn(sheet, warning)
    for section in document.sections:
        _section(sheet, section)


def _warn(sheet: Sheet, warning: str) -> None:
    sheet.y -= 4
    box = f"{BOX} {LEFT} {sheet.y - 16:.2f} {WIDTH - LEFT - RIGHT} 18 re f 0 0 0 rg"
    sheet.artifact(box)
    sheet.paragraph(warning, BOLD, 9)
    sheet.y -= 4


def _section(sheet: Sheet, section: Section) -> None:
    sheet.heading(section.title, section.level)
    for line in section.lines:
        sheet.need(14)
        sheet.paragraph(line)
    for label, text in section.pairs:
        sheet.pair(label, text)
    if section.table is not None and section.table.rows:
        _table(sheet, section.table)
    elif section.table is not None:
        sheet.paragraph("None.")


def _said_once(sheet: Sheet, table: Table) -> Table:
    """A long table without the columns that are the same in every row; these stand above it."""
    if len(table.rows) < LONG:
        return table
    first = table.rows[0]
    same = [all(row[n] == first[n] for row in table.rows) for n in range(len(first))]
    if all(same) or not any(same):
        return table
    above = (
        f"{column.title}: {shown(first[n], column.kind)}"
        for n, column in enumerate(table.columns)
        if same[n]
    )
    sheet.paragraph(f"In every line: {'; '.join(above)}.")
    kept = [n for n, alike in enumerate(same) if not alike]
    return Table([table.columns[n] for n in kept], [[row[n] for n in kept] for row in table.rows])


def _table(sheet: Sheet, table: Table) -> None:
    table = _said_once(sheet, table)
    kinds = [column.kind for column in table.columns]
    rows = [
        [shown(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in table.rows
    ]
    sheet.y -= 3
    numbers = [kind in ("number", "share") for kind in kinds]
    Grid(sheet, [column.title for column in table.columns], numbers, rows).draw()


def _print(
    canvas: Canvas, sheet: Sheet, page: Page, number: int, document: Document, made: Made
) -> None:
    drawn: Any = canvas  # what follows has no public name in reportlab
    for place, (title, level, top) in enumerate(page.outline):
        key = f"{number}-{place}"
        canvas.bookmarkHorizontal(key, 0, top)
        canvas.addOutlineEntry(title, key, level=min(level, 2), closed=level > 0)
    foot = f"{document.title} · {document.subtitle} · {made.product}, {made.at:%Y-%m-%d %H:%M} UTC"
    count = f"Page {number + 1} of {len(sheet.pages)}"
    right = WIDTH - RIGHT - sheet.ink.width(PLAIN, 7, count)
    drawn._code += [
        *page.code,
        "/Artifact BMC 0.35 0.35 0.35 rg",
        sheet.ink.text(PLAIN, 7, LEFT, BOTTOM - 22, foot),
        sheet.ink.text(PLAIN, 7, right, BOTTOM - 22, count),
        "0 0 0 rg EMC",
    ]
    canvas.showPage()
    _say_whose_marks(drawn, number)


def _say_whose_marks(drawn: Any, number: int) -> None:
    """Tie the page's marks to its row of the parent tree; reportlab has no name for it."""
    page = drawn._doc.idToObject[f"Page{number + 1}"]
    page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
    page.StructParents, page.Tabs = number, "/S"
