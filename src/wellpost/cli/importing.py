"""`wellpost import fhir FOLDER`: a FHIR export into the server's database."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from wellpost.cli.arguments import Subparsers
from wellpost.cli.progress import tell
from wellpost.errors import RequestError

if TYPE_CHECKING:
    from wellpost.server.people.models import Practice

BROKEN_LINES = {"refuse": "refuse_all", "skip": "keep_rest"}


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "import",
        help="read an export into the server's database",
        description="Read an export into the server's database. A second import of the same "
        "export changes nothing.",
    )
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    fhir = kinds.add_parser(
        "fhir",
        help="a folder of FHIR R4 NDJSON, gzipped or not, as bulk export gives it",
        description="Read Patient, Practitioner, PractitionerRole, Organization, Encounter and "
        "what else Wellpost takes. What cannot be attributed is counted and listed.",
    )
    _add_options(fhir)
    fhir.set_defaults(run=run)


def _add_options(fhir: argparse.ArgumentParser) -> None:
    fhir.add_argument("folder", help="the folder with the .ndjson or .ndjson.gz files")
    fhir.add_argument(
        "--practice", metavar="TIN", help="import only what belongs to this practice of the server"
    )
    fhir.add_argument(
        "--synthetic-identifiers",
        action="store_true",
        help="give made-up NPIs and TINs where good ones lack; for made-up data only",
    )
    fhir.add_argument(
        "--on-broken-line",
        choices=sorted(BROKEN_LINES),
        default="refuse",
        help="a line that cannot be read: refuse the whole import (default), or leave it out",
    )


def run(arguments: argparse.Namespace) -> None:
    """Import, and print the account."""
    from wellpost.server.config import serving

    serving.set_up()
    serving.prepare_database()
    tell(f"into {serving.database_in_words()}")
    from wellpost.server.intake.actions import import_fhir

    with _Bar() as bar:
        report = import_fhir(
            arguments.folder,
            by=None,
            practice=_practice(arguments.practice),
            synthetic_identifiers=arguments.synthetic_identifiers,
            on_broken_line=BROKEN_LINES[arguments.on_broken_line],  # type: ignore[arg-type]  # argparse knows the choices, mypy does not
            progress=bar.show,
        )
    for sentence in report.sentences():
        print(sentence)
    _say_what_is_next()


def _say_what_is_next() -> None:
    from wellpost.server.people.founding import practices_without_administrator

    if without := practices_without_administrator():
        print(
            f"practices without an administrator: {without:,}. To appoint one: "
            "wellpost practice --tin T --email ADDRESS --administrator NAME"
        )


def _practice(tin: str | None) -> Practice | None:
    from wellpost.server.people.models import Practice

    if tin is None:
        return None
    found = Practice.objects.filter(tin=tin).first()
    if found is None:
        raise RequestError(
            f"tin {tin}: the server has no such practice; set it up with wellpost practice, or "
            "leave --practice out to import every practice of the folder."
        )
    return found


class _Bar:
    """How far reading and writing are, on standard error; one line each without a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import Progress, TaskID

        self._console = Console(stderr=True)
        self._bars = Progress(console=self._console, disable=not self._console.is_terminal)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _Bar:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, what: str, done: int, whole: int) -> None:
        """`done` of `whole` (bytes read or rows written) of `what`."""
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what, total=whole)
        self._bars.update(self._tasks[what], completed=done, total=whole)
        if done >= whole and not self._console.is_terminal:
            tell(f"{what}: done")
