"""`wellpost worklist`: patients of the denominator who are not yet in the numerator."""

from __future__ import annotations

import argparse

from wellpost.cli.arguments import (
    Subparsers,
    add_as_of,
    add_facts,
    add_output,
    add_request,
    request_from,
)
from wellpost.cli.opening import opened
from wellpost.cli.output import Answer, Sheet, texts, write
from wellpost.cli.progress import doing
from wellpost.cli.settings import heading, notes
from wellpost.reports.request import Request
from wellpost.reports.worklist import Waiting, worklist
from wellpost.terms import Level

COLUMNS = (
    "measure",
    "level",
    "npi",
    "tin",
    "patient_id",
    "first_seen_on",
    "last_seen_on",
    "next_visit_on",
)


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "worklist",
        help="patients seen and not yet reached",
        description="List the patients of the denominator who are not yet in the numerator, with "
        "the next visit where the facts have appointments.",
    )
    add_facts(parser)
    add_as_of(add_request(parser))
    add_output(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the worklist."""
    request = request_from(arguments)
    with opened(arguments, request, ahead=True) as source, doing("counting"):
        waiting = list(worklist(source, request, arguments.as_of))
    write(answer(request, waiting), arguments.format, arguments.out)


def answer(request: Request, waiting: list[Waiting]) -> Answer:
    """The worklist in every form."""
    rows = [each.as_json() for each in waiting]
    extra = ["virtual_group"] if Level.VIRTUAL_GROUP in request.levels else []
    names = [*COLUMNS[:4], *extra, *COLUMNS[4:]]
    cells = [texts({"virtual_group": None, **row}, names) for row in rows]
    patients = "1 patient" if len(rows) == 1 else f"{len(rows):,} patients"
    return Answer(
        whole={**request.as_json(), "results": rows},
        columns=names,
        rows=rows,
        sheets=[Sheet(f"{heading(request)}: {patients} not yet reached", names, cells)],
        notes=notes(request),
    )
