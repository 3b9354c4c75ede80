"""`wellpost compare`: what was attested beside what the facts give, and whom to audit."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wellpost.adapters.csv.attested import read_attested_file
from wellpost.adapters.xlsx.writer import as_xlsx
from wellpost.cli.arguments import (
    Subparsers,
    add_facts,
    add_judging,
    add_output,
    add_program,
    request_from,
)
from wellpost.cli.numbers import whole_number
from wellpost.cli.opening import opened
from wellpost.cli.output import Answer, Row, Sheet, texts, write, write_bytes
from wellpost.cli.progress import doing
from wellpost.cli.settings import heading, notes
from wellpost.errors import RequestError
from wellpost.reports.about import with_frame
from wellpost.reports.attestation import PRODUCT
from wellpost.reports.comparison import MEANS, Comparison, Status, compare
from wellpost.reports.comparison_sample import Sample, charts, draw
from wellpost.reports.documents import Cell, Column, Document, Made, Section, Table
from wellpost.reports.request import Request
from wellpost.reports.scorecard import scorecard
from wellpost.reports.stated import Stated
from wellpost.rules.load import program_year
from wellpost.terms import Measure, Period, spoken

COLUMNS = (
    "status",
    "measure",
    "level",
    "npi",
    "tin",
    "attested_denominator",
    "attested_numerator",
    "attested_rate",
    "attested_verdict",
    "denominator",
    "numerator",
    "rate",
    "verdict",
    "threshold",
    "difference",
    "size",
    "margin",
    "line",
)
SHOWN = tuple(name for name in COLUMNS if not name.endswith(("rate", "level", "threshold")))
"""The columns of the table for reading, which has only so much room."""

WHO = ("npi", "tin")
MOST_SHOWN = 50
SHARES = ("attested_rate", "rate", "difference")


@dataclass(frozen=True)
class Compared:
    """A comparison, and the sample and patients where they were asked for."""

    comparison: Comparison
    file: str
    sample: Sample | None = None
    patients: Sequence[Row] | None = None

    def as_json(self) -> dict[str, object]:
        """The object of the documentation."""
        found = self.comparison
        whole = {
            **found.request.as_json(),
            "file": self.file,
            "summary": found.summary,
            "results": [row.as_json() for row in found.rows],
            "objectives": [one.as_json() for one in found.objectives],
        }
        if self.sample:
            whole["sample"] = self.sample.as_json()
        if self.patients is not None:
            whole["patients"] = list(self.patients)
        return whole


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "compare",
        help="set what was attested beside what the facts give",
        description="Set what every clinician or practice attested beside what the facts give: "
        "the discrepancies, what matters most first, the change of verdict each would mean, who "
        "attested and is not in the facts and the reverse; and draw a sample for audit.",
    )
    add_facts(parser)
    parser.add_argument(
        "attested",
        metavar="ATTESTED.csv",
        type=Path,
        help="columns measure, npi and/or tin, numerator and denominator, or rate, or verdict",
    )
    asked = parser.add_argument_group("what is asked")
    add_program(asked)
    asked.add_argument(
        "--period",
        required=True,
        type=Period.parse,
        metavar="FIRST..LAST",
        help="the reporting period, both days counted, such as 2021-06-01..2021-08-29",
    )
    asked.add_argument(
        "--measure",
        action="append",
        default=[],
        metavar="NAME",
        help=f"one of {', '.join(map(spoken, Measure))}; may be given again; without it, all",
    )
    add_judging(parser)
    _add_sample(parser)
    add_output(parser, xlsx="a workbook")
    parser.set_defaults(run=run, npi=None, tin=None)


def run(arguments: argparse.Namespace) -> None:
    """Write the comparison."""
    _refuse_contradictions(arguments)
    stated, request = _asked(arguments)
    with opened(arguments, request) as source, doing("counting"):
        comparison = compare(scorecard(source, request), stated)
        sample = draw(comparison, arguments.sample, arguments.seed) if arguments.sample else None
        chosen = None
        if sample and arguments.patients:
            chosen = list(charts(source, comparison, sample, arguments.patients))
    found = Compared(comparison, arguments.attested.name, sample, chosen)
    if arguments.format == "xlsx":
        write_bytes(_workbook(found), Path(arguments.out))
    else:
        write(answer(found), arguments.format, arguments.out)


def answer(found: Compared) -> Answer:
    """The comparison in every form of text; in CSV a line for each measure and reporter."""
    rows = [row.as_json() for row in found.comparison.rows]
    return Answer(
        whole=found.as_json(),
        columns=COLUMNS,
        rows=rows,
        sheets=list(_sheets(found, rows)),
        notes=notes(found.comparison.request),
    )


def _asked(arguments: argparse.Namespace) -> tuple[list[Stated], Request]:
    """What was attested, and the request at the levels it was attested at."""
    rules = program_year(arguments.program, arguments.year, arguments.state)
    measures = [rules.measure(name) for name in arguments.measure]
    rules.check_period(arguments.period)
    stated = read_attested_file(arguments.attested, rules, measures)
    if not stated:
        raise RequestError(f"{arguments.attested.name} has no line of {arguments.measure[0]}.")
    arguments.level = sorted({one.reporter.level for one in stated})
    return stated, request_from(arguments)


def _sheets(found: Compared, rows: Sequence[Row]) -> Iterator[Sheet]:
    comparison = found.comparison
    summary = [
        [status.value.replace("_", " "), f"{comparison.summary[status]:,}", MEANS[status]]
        for status in Status
    ]
    yield Sheet(heading(comparison.request), ("status", "rows", "means"), summary)
    differing = [row for row in rows if row["status"] != Status.AGREES]
    yield _sheet("discrepancies", SHOWN, differing)
    for title, theirs in _others(found):
        yield _sheet(title, list(theirs[0]), theirs)


def _others(found: Compared) -> Iterator[tuple[str, Sequence[Row]]]:
    """The tables besides the results: objectives that change, the sample, its patients."""
    changed = [one.as_json() for one in found.comparison.objectives if one.changes]
    if changed:
        yield "objectives that change", changed
    if found.sample:
        drawn = [each.as_json() for each in found.sample.drawn]
        yield f"sample for audit, seed {found.sample.seed}", drawn
    if found.patients:
        yield "patients of the sample", found.patients


def _sheet(title: str, names: Sequence[str], rows: Sequence[Row]) -> Sheet:
    """The first of the rows, without columns of numbers that nobody has."""
    kept = [name for name in names if name not in WHO or any(row[name] for row in rows)]
    more = len(rows) - MOST_SHOWN
    lines = [f"and {more:,} more; --format csv, json or xlsx holds all"] if more > 0 else []
    return Sheet(title, kept, [texts(row, kept) for row in rows[:MOST_SHOWN]], lines)


def _workbook(found: Compared) -> bytes:
    rows = [row.as_json() for row in found.comparison.rows]
    summary = [(status.value, found.comparison.summary[status], MEANS[status]) for status in Status]
    columns = (Column("status", "Status", "word"), Column("rows", "Rows", "number"))
    counted = Table((*columns, Column("means", "What it means")), summary)
    others = [Section(title, table=_table(list(each[0]), each)) for title, each in _others(found)]
    document = Document(
        "comparison",
        "What was attested, and what the facts give",
        "",
        Section("Comparison", table=_table(COLUMNS, rows)),
        after=(Section("Summary", table=counted), *others),
    )
    made = Made(PRODUCT, datetime.now(UTC))
    return as_xlsx(with_frame(found.comparison.request, made, document), made)


def _table(names: Sequence[str], rows: Sequence[Row]) -> Table:
    columns = [Column(name, name.replace("_", " ").capitalize(), _kind(name)) for name in names]
    return Table(columns, [[_cell(row[name]) for name in names] for row in rows])


def _kind(name: str) -> str:
    if name in SHARES:
        return "share"
    return "word" if name.endswith(("verdict", "status")) else "text"


def _cell(value: object) -> Cell:
    return value if isinstance(value, str | int | float | None) else str(value)


def _refuse_contradictions(arguments: argparse.Namespace) -> None:
    if arguments.format == "xlsx" and arguments.out is None:
        raise RequestError("--format xlsx is a file; give it a name with --out FILE.")
    if arguments.sample == 0 or arguments.patients == 0:
        raise RequestError("a sample of 0 is none; give --sample and --patients 1 or more.")
    if arguments.patients and not arguments.sample:
        raise RequestError("--patients is of those drawn; say how many with --sample N.")


def _add_sample(parser: argparse.ArgumentParser) -> None:
    drawn = parser.add_argument_group("a sample for audit")
    drawn.add_argument(
        "--sample",
        type=whole_number,
        metavar="N",
        help="draw so many of those who attested, by risk",
    )
    drawn.add_argument(
        "--seed",
        type=whole_number,
        default=1,
        metavar="S",
        help="the same seed draws the same (1)",
    )
    drawn.add_argument(
        "--patients",
        type=whole_number,
        metavar="K",
        help="and for each of them and each measure K patients of the numerator, K of the rest",
    )
