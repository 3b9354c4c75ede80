"""`wellpost measure`: the scorecard of a program over a source of facts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from wellpost.cli.arguments import Subparsers, add_facts, add_output, add_request, request_from
from wellpost.cli.opening import opened
from wellpost.cli.output import Answer, Row, Sheet, texts, write
from wellpost.cli.progress import doing
from wellpost.cli.settings import heading, notes
from wellpost.reports.request import Request
from wellpost.reports.scorecard import Scorecard, scorecard
from wellpost.terms import Level, spoken

COLUMNS = (
    "measure",
    "level",
    "npi",
    "tin",
    "denominator",
    "numerator",
    "rate",
    "threshold",
    "verdict",
    "needed",
)


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "measure",
        help="count and judge every measure of a program",
        description="Count and judge every measure of a program over a reporting period, for "
        "every clinician or practice of the roster.",
    )
    add_facts(parser)
    add_request(parser)
    add_output(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the scorecard."""
    request = request_from(arguments)
    with opened(arguments, request) as source, doing("counting"):
        card = scorecard(source, request)
    write(answer(card), arguments.format, arguments.out)


def answer(card: Scorecard) -> Answer:
    """The scorecard in every form."""
    rows = [each.as_json() for each in card.results]
    return Answer(
        whole=card.as_json(),
        columns=columns(card.request),
        rows=rows,
        sheets=list(_sheets(card, rows)),
        notes=notes(card.request),
    )


def columns(request: Request) -> list[str]:
    """The columns of a result; virtual groups have one more."""
    if Level.VIRTUAL_GROUP not in request.levels:
        return list(COLUMNS)
    return [*COLUMNS[:4], "virtual_group", *COLUMNS[4:]]


def _sheets(card: Scorecard, rows: Sequence[Row]) -> Iterator[Sheet]:
    names = columns(card.request)
    yield Sheet(heading(card.request), names, [_cells(row, names) for row in rows])
    objective = card.request.rules.objective
    if objective and card.objectives:
        title = f"objective: {spoken(objective.value.name)} ({objective.cite})"
        yield _sheet(title, [each.as_json() for each in card.objectives])
    if card.points:
        yield _sheet("points", [_flat(each.as_json()) for each in card.points])
    if card.checks:
        yield _sheet("checks", [each.as_json() for each in card.checks])


def _cells(row: Row, names: Sequence[str]) -> list[str]:
    rate = row["rate"]
    shown = None if rate is None else f"{float(str(rate)):.2%}".replace("%", " %")
    return texts({"virtual_group": None, **row, "rate": shown}, names)


def _sheet(title: str, rows: Sequence[Row]) -> Sheet:
    names = list(rows[0])
    return Sheet(title, names, [texts(row, names) for row in rows])


def _flat(row: dict[str, object]) -> Row:
    measures, category = row.pop("measures"), row.pop("category", {})
    parts = category if isinstance(category, dict) else {}
    shown = {name: _listed(part) for name, part in parts.items() if name != "items"}
    return {**row, **(measures if isinstance(measures, dict) else {}), **shown}


def _listed(part: object) -> object:
    return ", ".join(part) if isinstance(part, list) else part
