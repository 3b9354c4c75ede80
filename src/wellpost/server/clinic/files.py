"""Reports as files that a browser saves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from django.http import HttpResponse

from wellpost.adapters.csv.writer import as_csv
from wellpost.adapters.pdf.writer import as_pdf
from wellpost.adapters.xlsx.writer import as_xlsx
from wellpost.reports.documents import Document, Made

TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "zip": "application/zip",
}


def _json(document: Document, made: Made) -> bytes:
    return (json.dumps(document.whole, indent=2, ensure_ascii=False) + "\n").encode()


WRITERS: Mapping[str, Callable[[Document, Made], bytes]] = {
    "pdf": as_pdf,
    "xlsx": as_xlsx,
    "csv": lambda document, made: as_csv(document),
    "json": _json,
}


def saved(content: bytes, name: str, form: str) -> HttpResponse:
    """The answer that a browser saves under the name; it is never shown in the page."""
    answer = HttpResponse(content, content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer
