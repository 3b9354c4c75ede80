"""`wellpost periods`: every possible reporting period of the year, the best first."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from wellpost.cli.arguments import (
    Subparsers,
    add_facts,
    add_judging,
    add_output,
    add_program,
    add_whom,
    days_request_from,
)
from wellpost.cli.opening import opened
from wellpost.cli.output import Answer, Sheet, texts, write
from wellpost.cli.progress import doing
from wellpost.cli.settings import notes
from wellpost.errors import RequestError
from wellpost.reports.best_period import Ranked, all_periods, best_periods
from wellpost.reports.request import Request
from wellpost.terms import Level

COLUMNS = (
    "measure",
    "level",
    "npi",
    "tin",
    "start",
    "end",
    "denominator",
    "numerator",
    "rate",
    "verdict",
)


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "periods",
        help="every possible reporting period of the year, the best first",
        description="Count every reporting period of so many days that the program allows, and "
        "list the best: met before excluded before not met, then the higher rate, the larger "
        "denominator, the earlier start. An exclusion claimed stands in every period in which "
        "the evidence supports it; with --attested-on only periods that had ended by then count.",
    )
    add_facts(parser)
    asked = parser.add_argument_group("what is asked")
    add_program(asked)
    asked.add_argument(
        "--days",
        required=True,
        type=number_of_days,
        metavar="N",
        help="how long a period is, such as 90",
    )
    asked.add_argument(
        "--top",
        default=1,
        type=_top,
        metavar="K",
        help="how many periods of each reporter and measure, or all; without it, the best one",
    )
    add_whom(asked)
    add_judging(parser)
    add_output(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the periods."""
    request = days_request_from(arguments)
    with opened(arguments, request) as source, doing("counting every period"):
        ranked = list(best_periods(source, request, arguments.top))
    write(answer(request, ranked), arguments.format, arguments.out)


def answer(request: Request, ranked: Sequence[Ranked]) -> Answer:
    """The periods in every form."""
    rows = [result.as_json() for each in ranked for result in each.results]
    extra = ["virtual_group"] if Level.VIRTUAL_GROUP in request.levels else []
    names = [*COLUMNS[:4], *extra, *COLUMNS[4:]]
    cells = [texts({"virtual_group": None, **row, "rate": _shown(row)}, names) for row in rows]
    return Answer(
        whole={**top_of(request), "results": rows},
        columns=names,
        rows=rows,
        sheets=[Sheet(_heading(request), names, cells)],
        notes=notes(request),
    )


def top_of(request: Request) -> dict[str, object]:
    """What the request starts with, its length in place of one period."""
    named = request.as_json()
    return {
        "days" if name == "period" else name: request.period.days if name == "period" else value
        for name, value in named.items()
    }


def _heading(request: Request) -> str:
    number = len(all_periods(request))
    periods = "1 period" if number == 1 else f"{number} periods"
    return f"{request.rules.name} {request.rules.year}: {periods} of {request.period.days} days"


def _shown(row: dict[str, object]) -> str | None:
    rate = row["rate"]
    return None if rate is None else f"{float(str(rate)):.2%}".replace("%", " %")


def number_of_days(text: str) -> int:
    """A number of days; RequestError says what would be right."""
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text)):
        raise RequestError(f"days {text!r} cannot be read; write a number of days, such as 90.")
    return int(text)


def _top(text: str) -> int | None:
    if text == "all":
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text)):
        raise RequestError(f"top {text!r} cannot be read; write a number, such as 3, or all.")
    return int(text)
