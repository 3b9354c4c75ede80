"""What `wellpost report` keeps: scorecard, lists and worklist as PDF, workbook, CSV and JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from wellpost.adapters.csv.writer import as_csv
from wellpost.adapters.pdf.writer import as_pdf
from wellpost.adapters.xlsx.writer import as_xlsx
from wellpost.cli.formats import File, Format, Job
from wellpost.facts.sources import Source
from wellpost.reports.attestation import PRODUCT, Names, names_of
from wellpost.reports.documents import Document, Made
from wellpost.reports.evidence import evidence
from wellpost.reports.printed import (
    acts_document,
    patients_document,
    scorecard_document,
    worklist_document,
)
from wellpost.reports.request import Request
from wellpost.reports.scorecard import scorecard
from wellpost.reports.worklist import worklist

Build = Callable[[Source, Request, Made, Names], Document]


def _scorecard(source: Source, request: Request, made: Made, names: Names) -> Document:
    return scorecard_document(scorecard(source, request), made, names)


def _patients(source: Source, request: Request, made: Made, names: Names) -> Document:
    listed = list(evidence(source, request))
    return patients_document(scorecard(source, request), listed, made, names)


def _acts(source: Source, request: Request, made: Made, names: Names) -> Document:
    return acts_document(request, evidence(source, request), made, names)


def _worklist(source: Source, request: Request, made: Made, names: Names) -> Document:
    return worklist_document(request, list(worklist(source, request)), made, names)


DOCUMENTS: Mapping[str, Build] = {
    "scorecard": _scorecard,
    "g2": _patients,
    "g1": _acts,
    "worklist": _worklist,
}
WRITERS: Mapping[str, Callable[[Document, Made], bytes]] = {
    "pdf": as_pdf,
    "xlsx": as_xlsx,
    "csv": lambda document, made: as_csv(document),
    "json": lambda document, made: _as_json(document, made),
}
SAYS = {"pdf": "for reading", "xlsx": "a workbook", "csv": "its own table", "json": "for machines"}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which document these formats hold."""
    group = parser.add_argument_group("what is kept")
    group.add_argument(
        "--document",
        choices=tuple(DOCUMENTS),
        default="scorecard",
        help=f"{', '.join(WRITERS)}: the scorecard (the default); g2, the patients of each "
        "numerator and denominator with the reason; g1, every act that counts; the worklist",
    )


def _format(name: str) -> Format:
    def write(job: Job) -> Sequence[File]:
        asked = job.arguments.document
        made = Made(PRODUCT, datetime.now(UTC))
        document = DOCUMENTS[asked](job.source, job.request, made, names_of(job.source))
        rules = job.request.rules
        return [File(f"{asked}-{rules.name}-{rules.year}.{name}", WRITERS[name](document, made))]

    return Format(f"the document of --document, {SAYS[name]}", write)


KEPT: Mapping[str, Format] = {name: _format(name) for name in WRITERS}


def _as_json(document: Document, made: Made) -> bytes:
    made_by = {"product": made.product, "at": f"{made.at:%Y-%m-%dT%H:%M:%SZ}"}
    whole = {**_object(document.whole), "made": made_by}
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()


def _object(whole: object) -> Mapping[str, object]:
    return whole if isinstance(whole, dict) else {}
