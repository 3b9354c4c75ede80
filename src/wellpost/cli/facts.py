"""`wellpost facts`: any source as canonical Parquet, or everything that is wrong with it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from wellpost.cli.arguments import Subparsers, add_output, add_reading
from wellpost.cli.opening import check_and_tell, opened_unchecked
from wellpost.cli.output import Answer, Sheet, write
from wellpost.cli.progress import doing, tell
from wellpost.errors import DataRefusedError, RequestError
from wellpost.facts.bad import Bad
from wellpost.facts.survey import Survey, survey
from wellpost.facts.writing import refuse_a_full_folder, write_facts

CHECK = "check"
COLUMNS = ("table", "reason", "rows", "says")
FORMS = ("wellpost facts SOURCE --to FOLDER", "wellpost facts check SOURCE")


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "facts",
        usage="\n       ".join(f"{form} [options]" for form in FORMS),
        help="write facts of any source as Parquet, or find everything wrong with them",
        description="Write the facts of any source as canonical Parquet: every table typed and "
        "sorted, so that the same facts always give the same rows in the same order. All of them "
        "are written or nothing is. With check in front of it, tell everything that is wrong with "
        "a source instead: what, where, how many rows, never whose; exit status 1 if anything is.",
    )
    parser.add_argument(
        "words",
        nargs="+",
        metavar="SOURCE",
        help="a folder of CSV, Parquet or FHIR NDJSON files, an SQLite file, a postgresql:// "
        "address, or a Spark",
    )
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="a folder that is new or empty")
    add_reading(parser)
    add_output(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the facts, or what is wrong with them; 1 when anything is."""
    is_check = arguments.words[0] == CHECK and arguments.to is None
    words = arguments.words[is_check:]
    if len(words) != 1:
        raise RequestError(f"facts asks for one SOURCE: {' or '.join(FORMS)}.")
    arguments.facts = words[0]
    return _check(arguments) if is_check else _write(arguments)


def _write(arguments: argparse.Namespace) -> int:
    if arguments.to is None:
        raise RequestError("facts asks for --to FOLDER, or for check before SOURCE.")
    refuse_a_full_folder(arguments.to)
    with opened_unchecked(arguments) as source:
        check_and_tell(source, None, skip_bad_rows=arguments.skip_bad_rows)
        with doing("writing the facts"):
            rows = write_facts(source, arguments.to)
    write(_written(arguments.to, rows), arguments.format, arguments.out)
    return 0


def _written(folder: Path, rows: Mapping[str, int]) -> Answer:
    """How many rows each table has."""
    told = [{"table": name, "rows": number} for name, number in rows.items()]
    cells = [[name, f"{number:,}"] for name, number in rows.items()]
    return Answer(
        whole={"folder": str(folder), "rows": dict(rows)},
        columns=["table", "rows"],
        rows=told,
        sheets=[Sheet(f"written to {folder}", ["table", "rows"], cells)],
    )


def _check(arguments: argparse.Namespace) -> int:
    try:
        with opened_unchecked(arguments) as source, doing("looking at every row"):
            found = survey(source)
    except DataRefusedError as refused:
        found = Survey(faults=[Bad("", "cannot be read", 0, each) for each in refused.faults])
    for sentence in found.notices:
        tell(sentence)
    write(_found(found), arguments.format, arguments.out)
    return 1 if found.faults else 0


def _found(found: Survey) -> Answer:
    """Every fault, in every form."""
    faults = [
        dict(zip(COLUMNS, (each.table or None, each.reason, each.rows, each.sentence), strict=True))
        for each in found.faults
    ]
    rows = [[name, f"{number:,}"] for name, number in found.rows.items()]
    title = f"{_faults(len(faults))}." if faults else "Nothing is wrong."
    return Answer(
        whole={"rows": found.rows, "faults": faults},
        columns=COLUMNS,
        rows=faults,
        sheets=[
            Sheet(title, lines=[each.sentence for each in found.faults]),
            *([Sheet("looked at", ["table", "rows"], rows)] if rows else []),
        ],
    )


def _faults(number: int) -> str:
    return "1 fault" if number == 1 else f"{number:,} faults"
