"""`wellpost explain`: why one patient counts or does not, with the act and the law."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from wellpost.cli.arguments import Subparsers, add_facts, add_output, add_request, request_from
from wellpost.cli.opening import opened
from wellpost.cli.output import Answer, Sheet, write
from wellpost.cli.progress import doing
from wellpost.cli.settings import heading, notes
from wellpost.errors import RequestError
from wellpost.reports.explanation import Explanation, explanations
from wellpost.reports.request import Request

COLUMNS = ("measure", "level", "npi", "tin", "patient_id", "seen", "counts", "explanation")


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "explain",
        help="why a patient counts or does not",
        description="Say in plain sentences why a patient counts for a clinician or does not, "
        "with the message or act and the rule's citation.",
    )
    add_facts(parser)
    add_request(parser, npi_required=True)
    parser.add_argument("--patient", required=True, metavar="P", help="the patient_id")
    add_output(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the explanations."""
    request = request_from(arguments)
    with opened(arguments, request) as source, doing("looking"):
        found = explanations(source, request, arguments.patient)
    _refuse_unknown(found)
    write(answer(request, found), arguments.format, arguments.out)


def _refuse_unknown(found: Sequence[Explanation]) -> None:
    if not any(each.found for each in found):
        raise RequestError(
            "no encounter and no act in these facts has that --patient; "
            "write the patient_id as it stands in encounters."
        )


def answer(request: Request, found: Sequence[Explanation]) -> Answer:
    """The explanations in every form; in CSV the sentences stand in one cell."""
    whole = [each.as_json() for each in found]
    said = (" ".join(each.sentences) for each in found)
    rows = [{**row, "explanation": each} for row, each in zip(whole, said, strict=True)]
    return Answer(
        whole={**request.as_json(), "results": whole},
        columns=COLUMNS,
        rows=rows,
        sheets=[Sheet(heading(request)), *map(_sheet, found)],
        notes=notes(request)[:1],
    )


def _sheet(explanation: Explanation) -> Sheet:
    return Sheet(explanation.title, lines=explanation.sentences)
