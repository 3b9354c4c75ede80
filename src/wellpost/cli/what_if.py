"""`wellpost what-if`: how many more patients, whom first, and by which day."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from wellpost.cli.arguments import (
    Subparsers,
    add_as_of,
    add_facts,
    add_judging,
    add_output,
    add_program,
    add_whom,
    days_request_from,
    request_from,
)
from wellpost.cli.opening import opened
from wellpost.cli.output import Answer, Sheet, texts, write
from wellpost.cli.periods import number_of_days, top_of
from wellpost.cli.progress import doing
from wellpost.cli.settings import heading, notes
from wellpost.reports.request import Request
from wellpost.reports.what_if import WhatIf, what_if, what_if_best
from wellpost.terms import Level, Period

COLUMNS = (
    "measure",
    "level",
    "npi",
    "tin",
    "start",
    "end",
    "denominator",
    "numerator",
    "threshold",
    "verdict",
    "needed",
    "by",
)

WHOM = ("patient_id", "last_seen_on", "can_open", "next_visit_on")


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "what-if",
        help="how many more patients, whom first, and by which day",
        description="For every measure and reporter: how many more patients must be reached to "
        "meet it, whom first (who can open a message today, then the next visit, then who was "
        "seen last), and the last day on which it counts.",
    )
    add_facts(parser)
    asked = parser.add_argument_group("what is asked")
    add_program(asked)
    when = asked.add_mutually_exclusive_group(required=True)
    when.add_argument(
        "--period",
        type=Period.parse,
        metavar="FIRST..LAST",
        help="the reporting period, both days counted, such as 2021-06-01..2021-08-29",
    )
    when.add_argument(
        "--days", type=number_of_days, metavar="N", help="each reporter's best period of N days"
    )
    add_whom(asked)
    add_as_of(asked)
    add_judging(parser)
    add_output(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write what is needed."""
    best = arguments.days is not None
    request = (days_request_from if best else request_from)(arguments)
    wanted = what_if_best if best else what_if
    with opened(arguments, request, ahead=True) as source, doing("counting"):
        found = list(wanted(source, request, arguments.as_of))
    write(answer(request, found, best=best), arguments.format, arguments.out)


def answer(request: Request, found: Sequence[WhatIf], *, best: bool) -> Answer:
    """What is needed in every form; in CSV a line for each measure and reporter."""
    rows = [each.as_json() for each in found]
    extra = ["virtual_group"] if Level.VIRTUAL_GROUP in request.levels else []
    names = [*COLUMNS[:4], *extra, *COLUMNS[4:]]
    cells = [texts({"virtual_group": None, **row}, names) for row in rows]
    title = f"{request.rules.name} {request.rules.year}: the best periods" if best else None
    whole = top_of(request) if best else request.as_json()
    return Answer(
        whole={**whole, "results": rows},
        columns=names,
        rows=rows,
        sheets=[Sheet(title or heading(request), names, cells), *map(_whom, filter(_any, found))],
        notes=notes(request),
    )


def _any(each: WhatIf) -> bool:
    return bool(each.patients)


def _whom(each: WhatIf) -> Sheet:
    """Whom to reach first."""
    row = each.as_json()
    who = row["npi"] or row["tin"] or row.get("virtual_group")
    title = f"{row['measure']}, {who}: reach these by {row['by']}"
    cells = [texts(one.as_json(), WHOM) for one in each.patients]
    return Sheet(title, WHOM, cells)
