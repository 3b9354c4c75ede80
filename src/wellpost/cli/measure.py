"""`wellpost measure`: the scorecard of a program over a source of facts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wellpost.cli.arguments import Subparsers, add_facts, add_output, add_request, request_from
from wellpost.cli.numbers import whole_number
from wellpost.cli.opening import opened
from wellpost.cli.output import Answer, Row, Sheet, texts, write
from wellpost.cli.progress import doing
from wellpost.cli.settings import heading, notes
from wellpost.errors import RequestError
from wellpost.reports.request import Request
from wellpost.reports.scorecard import Scorecard, scorecard
from wellpost.reports.suppression import refuse_levels, suppressed
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
HIDDEN = "*"
"""What stands in a table where a small number, or what would tell it, is hidden."""


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
    output = add_output(parser, html="one self-contained page, to look at")
    output.add_argument(
        "--suppress",
        type=whole_number,
        metavar="N",
        help="hide numbers of patients from 1 to N-1, and whatever would tell them; 11 is the "
        "policy of CMS on cell sizes",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the scorecard."""
    request = request_from(arguments)
    if arguments.suppress is not None:
        _refuse_too_small(arguments.suppress)
        refuse_levels(request.levels)
    if arguments.format == "html":
        request = with_practices(request, arguments.suppress)
    with opened(arguments, request) as source, doing("counting"):
        card = scorecard(source, request)
    write(answer(card, arguments.suppress), arguments.format, arguments.out)


def with_practices(request: Request, suppress: int | None) -> Request:
    """The page has a map of practices: their level too, unless it would tell what is hidden."""
    levels = tuple(sorted({*request.levels, Level.GROUP}))
    together = Level.VIRTUAL_GROUP in levels or request.npi
    return request if suppress or together else replace(request, levels=levels)


def answer(card: Scorecard, suppress: int | None = None) -> Answer:
    """The scorecard in every form; with `suppress`, small numbers are hidden in all of them."""
    whole: Mapping[str, Any] = suppressed(card, suppress) if suppress else card.as_json()
    names = columns(card.request)
    hidden = [_told_hidden(suppress)] if suppress else []
    return Answer(
        whole=whole,
        columns=[*names, "hidden"] if suppress else names,
        rows=[_row(row) for row in whole["results"]],
        sheets=list(_sheets(card.request, whole)),
        notes=[*hidden, *notes(card.request)],
        page=lambda: _page(card.request, whole, suppress),
    )


def columns(request: Request) -> list[str]:
    """The columns of a result; virtual groups have one more."""
    if Level.VIRTUAL_GROUP not in request.levels:
        return list(COLUMNS)
    return [*COLUMNS[:4], "virtual_group", *COLUMNS[4:]]


def _page(request: Request, whole: Mapping[str, Any], suppress: int | None) -> Iterator[str]:
    """The page is not loaded for those who want a table."""
    from wellpost.adapters.html.page import page

    hidden = _told_hidden(suppress) if suppress else None
    objectives = whole.get("objectives", ())
    return page(request, whole["results"], heading(request), notes(request), hidden, objectives)


def _told_hidden(suppress: int) -> str:
    return (
        f"{HIDDEN} hidden: numbers of patients from 1 to {suppress - 1}, and what would tell them; "
        "checks are left out."
    )


def _refuse_too_small(suppress: int) -> None:
    if not 2 <= suppress <= 1_000:
        raise RequestError(f"--suppress {suppress} hides nothing sensible; give 11, or 2 to 1000.")


def _row(row: Row) -> Row:
    """For CSV the names of what is hidden in one cell."""
    hidden = row.get("hidden")
    return {**row, "hidden": " ".join(hidden)} if isinstance(hidden, list) else row


def _sheets(request: Request, whole: Mapping[str, Any]) -> Iterator[Sheet]:
    names = columns(request)
    yield Sheet(heading(request), names, [_cells(row, names) for row in whole["results"]])
    objective = request.rules.objective
    if objective and whole["objectives"]:
        title = f"objective: {spoken(objective.value.name)} ({objective.cite})"
        yield _sheet(title, whole["objectives"])
    if whole.get("points"):
        yield _sheet("points", [_flat(dict(each)) for each in whole["points"]])
    if whole.get("checks"):
        yield _sheet("checks", whole["checks"])


def _cells(row: Row, names: Sequence[str]) -> list[str]:
    rate = row["rate"]
    shown = None if rate is None else f"{float(str(rate)):.2%}".replace("%", " %")
    return _veiled({"virtual_group": None, **row, "rate": shown}, names)


def _sheet(title: str, rows: Sequence[Row]) -> Sheet:
    names = [name for name in rows[0] if name != "hidden"]
    return Sheet(title, names, [_veiled(row, names) for row in rows])


def _veiled(row: Row, names: Sequence[str]) -> list[str]:
    """The cells as people read them, with a mark where something is hidden."""
    hidden = row.get("hidden")
    names_hidden = hidden if isinstance(hidden, list) else []
    cells = zip(names, texts(row, names), strict=True)
    return [HIDDEN if name in names_hidden else cell for name, cell in cells]


def _flat(row: dict[str, object]) -> Row:
    measures, category = row.pop("measures"), row.pop("category", {})
    parts = category if isinstance(category, dict) else {}
    shown = {name: _listed(part) for name, part in parts.items() if name != "items"}
    return {**row, **(measures if isinstance(measures, dict) else {}), **shown}


def _listed(part: object) -> object:
    return ", ".join(part) if isinstance(part, list) else part
