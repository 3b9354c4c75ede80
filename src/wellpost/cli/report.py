"""`wellpost report`: what a practice sends or keeps, in the format of whoever receives it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from wellpost.cli import kept
from wellpost.cli.arguments import Subparsers, add_facts, add_request, request_from
from wellpost.cli.formats import File, Job, formats
from wellpost.cli.opening import opened
from wellpost.cli.output import write_bytes
from wellpost.cli.progress import doing
from wellpost.cli.submitted import add_options
from wellpost.errors import RequestError
from wellpost.reports.submitting import level_of


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "report",
        help="write what is kept or sent: documents, submissions, measure reports",
        description="Count, judge and write a report. Nothing is written when anything is refused.",
    )
    add_facts(parser)
    add_request(parser)
    _add_report(parser)
    kept.add_options(parser)
    add_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the report, or one for each entity where `--out` is a folder."""
    form = formats()[arguments.form]
    arguments.level = _levels(arguments, form.by_entity)
    request = request_from(arguments)
    form.refuse(request)
    with opened(arguments, request, ahead=True) as source, doing("counting"):
        files = form.write(Job(source, request, arguments))
    write_files(files, Path(arguments.out))


def write_files(files: Sequence[File], out: Path) -> None:
    """One file to `out`, or each into the folder; RequestError when they do not fit."""
    if out.is_dir():
        for each in files:
            write_bytes(each.content, out / each.name)
        return
    if len(files) != 1:
        raise RequestError(
            f"{len(files)} files ({files[0].name} to {files[-1].name}) do not go into one; "
            "ask for one with --npi and --tin, or give --out a folder that exists."
        )
    write_bytes(files[0].content, out)


def _add_report(parser: argparse.ArgumentParser) -> None:
    known = formats()
    group = parser.add_argument_group("the report")
    group.add_argument(
        "--as",
        dest="form",
        required=True,
        choices=tuple(known),
        help="; ".join(f"{name}: {each.says}" for name, each in known.items()),
    )
    group.add_argument(
        "--out",
        required=True,
        metavar="FILE",
        help="write to this file, whole or not at all; a folder takes one file for each entity",
    )


def _levels(arguments: argparse.Namespace, by_entity: bool) -> list[str]:
    if arguments.entity is None and not by_entity:
        return list(arguments.level)
    if arguments.level:
        raise RequestError("--level does not go with a report by entity; give --entity alone.")
    return [level_of(arguments.entity or "individual").value]
