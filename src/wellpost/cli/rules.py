"""`wellpost rules [PROGRAM [YEAR]]`: the rules in force, with their citations."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from wellpost.cli.arguments import Subparsers, add_output, program_year_number
from wellpost.cli.output import Answer, Sheet, write
from wellpost.rules.describe import Statement, statements
from wellpost.rules.load import program, program_year, programs
from wellpost.rules.model import ProgramYear

ASKED = ("program", "year", "measure", "asks", "value", "since")
COLUMNS = (*ASKED, "cite", "says", "checked", "checked_against")


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "rules",
        help="the rules in force, with their citations",
        description="Print the rules in force: every program, one program, or one of its years.",
    )
    parser.add_argument("program", nargs="?", metavar="PROGRAM", help="such as stage-3")
    parser.add_argument("year", nargs="?", type=program_year_number, metavar="YEAR")
    add_output(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the rules."""
    chosen = list(_chosen(arguments))
    rows = [each.as_json() for year in chosen for each in statements(year)]
    sheets = [sheet for year in chosen for sheet in _sheets(year)]
    answer = Answer({"rules": rows}, COLUMNS, rows, sheets)
    write(answer, arguments.format, arguments.out)


def _chosen(arguments: argparse.Namespace) -> Iterator[ProgramYear]:
    if arguments.year is not None:
        yield program_year(arguments.program, arguments.year)
        return
    names = [program(arguments.program).name] if arguments.program else list(programs())
    for name in names:
        yield from (program_year(name, year) for year in program(name).years)


def _sheets(year: ProgramYear) -> Iterator[Sheet]:
    yield Sheet(f"{year.name} {year.year}: {year.program.title}")
    every = list(statements(year))
    for measure in dict.fromkeys(each.measure for each in every):
        lines = [line for each in every if each.measure == measure for line in _lines(each)]
        yield Sheet(measure or "the program as a whole", lines=lines)


def _lines(each: Statement) -> tuple[str, str, str]:
    asked = f"  {each.asks}: {each.value} (since {each.since}, checked {each.checked})"
    return asked, f"    {each.cite}: {each.says}", f"    checked against {each.checked_against}"
