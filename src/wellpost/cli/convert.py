"""`wellpost convert`: a submission from one of CMS's formats into the other."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from wellpost.adapters.qpp import read_qpp, write_qpp
from wellpost.adapters.qrda3 import Sender, read_qrda3, write_qrda3
from wellpost.cli.arguments import Subparsers, program_year_number
from wellpost.cli.output import write_bytes
from wellpost.errors import DataRefusedError
from wellpost.reports.submission import Submission

TARGETS = ("qpp", "qrda3")


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "convert",
        help="check a submission, and turn QRDA III into QPP JSON or back",
        description="Read the Advancing Care Information or Promoting Interoperability part of a "
        "QRDA III file (.xml) or of QPP JSON (.json), check it, and write it in the other form.",
    )
    parser.add_argument("file", metavar="FILE", help="the submission, .xml or .json")
    parser.add_argument("--as", dest="form", choices=TARGETS, default="qpp", help="(qpp)")
    parser.add_argument("--out", required=True, metavar="FILE", help="write to this file")
    parser.add_argument(
        "--year", type=program_year_number, metavar="YEAR", help="refuse a file of any other year"
    )
    parser.add_argument(
        "--practice-name", default="", metavar="NAME", help="qrda3: the practice that reports"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the submission in the form asked for."""
    path = Path(arguments.file)
    from_qrda3 = path.suffix.lower() == ".xml"
    submission = read_qrda3(path, arguments.year) if from_qrda3 else read_qpp(path)
    _refuse_other_year(submission, arguments.year, path.name)
    if arguments.form == "qrda3":
        content = write_qrda3(submission, _sender(submission, arguments.practice_name))
    else:
        content = write_qpp(submission, source="qrda3" if from_qrda3 else None)
    write_bytes(content, Path(arguments.out))


def _refuse_other_year(submission: Submission, year: int | None, file: str) -> None:
    if year is not None and submission.year != year:
        raise DataRefusedError(f"{file}: it is of {submission.year}; {year} was asked for.")


def _sender(submission: Submission, named: str) -> Sender:
    entity = submission.entity
    return Sender(named or f"Practice {entity.tin or entity.virtual_group}", datetime.now(UTC))
