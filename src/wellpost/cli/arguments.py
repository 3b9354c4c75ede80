"""Options that several commands share, and the request they make together."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from wellpost.errors import RequestError
from wellpost.facts.resources import bytes_of, spill_folder
from wellpost.reports.attested import Attested, read_attested
from wellpost.reports.claims import Claim
from wellpost.reports.request import Request, ask
from wellpost.terms import Level, Measure, Period, spoken


class Subparsers(Protocol):
    """What `argparse` gives for adding commands to."""

    def add_parser(self, name: str, **options: object) -> argparse.ArgumentParser:
        """A new command."""


def add_facts(parser: argparse.ArgumentParser) -> None:
    """The source of facts, and how it is read."""
    parser.add_argument(
        "facts",
        metavar="FACTS",
        help="a folder of CSV, Parquet or FHIR NDJSON files, an SQLite file, "
        "a postgresql:// address, or a Spark: local[*], spark://HOST:PORT, sc://HOST:PORT "
        "(#DATABASE behind it for another than its current one)",
    )
    add_reading(parser)


def add_reading(parser: argparse.ArgumentParser) -> None:
    """How facts are read: by what, with how much memory, and what of them is passed over."""
    group = parser.add_argument_group("reading the facts")
    group.add_argument(
        "--memory",
        type=bytes_of,
        metavar="SIZE",
        help="take no more memory than this, such as 8GB; the rest is put on disk meanwhile",
    )
    group.add_argument(
        "--spill",
        type=spill_folder,
        metavar="FOLDER",
        help="where what does not fit in memory is put; without it, the system's temporary folder",
    )
    group.add_argument(
        "--spark",
        default="",
        metavar="ADDRESS",
        help="let this Spark read FACTS, a folder of Parquet (a path or an address such as "
        "s3a://, as the cluster finds it)",
    )
    group.add_argument(
        "--skip-bad-rows",
        action="store_true",
        help="leave out rows that break their description, and say how many and why",
    )
    group.add_argument(
        "--synthetic-identifiers",
        action="store_true",
        help="FHIR only: give practitioners whose npi fails its check digit a made-up one",
    )


def add_request(
    parser: argparse.ArgumentParser, *, npi_required: bool = False
) -> argparse._ArgumentGroup:
    """Program, period, and what of it is asked for; gives the group of these options."""
    asked = parser.add_argument_group("what is asked")
    add_program(asked)
    asked.add_argument(
        "--period",
        required=True,
        type=Period.parse,
        metavar="FIRST..LAST",
        help="the reporting period, both days counted, such as 2021-06-01..2021-08-29",
    )
    add_whom(asked, npi_required=npi_required)
    add_judging(parser)
    return asked


def add_program(asked: argparse._ArgumentGroup) -> None:
    """Program and year."""
    asked.add_argument("--program", required=True, metavar="NAME", help="such as stage-3")
    asked.add_argument(
        "--year", required=True, type=program_year_number, metavar="YEAR", help="program year"
    )


def add_whom(asked: argparse._ArgumentGroup, *, npi_required: bool = False) -> None:
    """Measures, levels, clinician and practice."""
    asked.add_argument(
        "--measure",
        action="append",
        default=[],
        metavar="NAME",
        help=f"one of {_names(Measure)}; may be given again; without it, all of the program",
    )
    asked.add_argument(
        "--level",
        action="append",
        default=[],
        metavar="LEVEL",
        help=f"one of {_names(Level)}; may be given again; without it, those of the program",
    )
    asked.add_argument("--npi", required=npi_required, metavar="N", help="this clinician alone")
    asked.add_argument("--tin", metavar="T", help="this practice alone")


def add_law(judged: argparse._ArgumentGroup) -> None:
    """Policies, and the state whose settings hold."""
    judged.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="decide what the law leaves open, such as seen=visits_only; may be given again",
    )
    judged.add_argument(
        "--state", metavar="XX", help="a state that settled something for itself, such as TN"
    )


def add_output(parser: argparse.ArgumentParser, **more: str) -> argparse._ArgumentGroup:
    """Where the answer goes, and in which form; `more` are forms of this command's own."""
    output = parser.add_argument_group("output")
    says = "".join(f"; {name}, {form}" for name, form in more.items())
    output.add_argument(
        "--format",
        choices=("table", "json", "csv", *more),
        default="table",
        help=f"table, for reading (the default); json; csv{says}",
    )
    output.add_argument(
        "--out", metavar="FILE", help="write to this file, whole or not at all, not to the screen"
    )
    return output


def request_from(arguments: argparse.Namespace) -> Request:
    """The request these arguments make; RequestError says what of it cannot be right."""
    return ask(arguments.program, arguments.year, arguments.period, **_asked(arguments))


def days_request_from(arguments: argparse.Namespace) -> Request:
    """The same for every period of `--days`; what finds them is loaded only where asked for."""
    from wellpost.reports.best_period import ask_days

    return ask_days(arguments.program, arguments.year, arguments.days, **_asked(arguments))


def _asked(arguments: argparse.Namespace) -> Any:
    return {
        "measures": arguments.measure,
        "levels": arguments.level,
        "policies": policies_given(arguments.policy),
        "npi": arguments.npi,
        "tin": arguments.tin,
        "claims": arguments.exclude,
        "attested_on": arguments.attested_on,
        "attested": _attested(arguments),
        "state": arguments.state,
    }


def add_as_of(asked: argparse._ArgumentGroup) -> None:
    """The day that counts as today."""
    asked.add_argument(
        "--as-of",
        type=_day,
        metavar="DATE",
        help="the day from which visits are still to come; without it, today",
    )


def add_judging(parser: argparse.ArgumentParser) -> None:
    """Policies, exclusions, the day of attestation and the practice's own answers."""
    judged = parser.add_argument_group("how it is judged")
    add_law(judged)
    judged.add_argument(
        "--exclude",
        action="append",
        default=[],
        type=Claim.parse,
        metavar="MEASURE=GROUND",
        help="claim an exclusion, such as secure-messaging=no_office_visits; it stands for those "
        "whose evidence supports it; may be given again",
    )
    judged.add_argument(
        "--attested-on",
        type=_day,
        metavar="DATE",
        help="the day of attestation: later acts do not count (policy cap_at_attestation)",
    )
    judged.add_argument(
        "--attest",
        action="append",
        default=[],
        type=Attested.parse,
        metavar="NAME=VALUE",
        help="what the practice answers for itself: a capability (secure-messaging=yes) or a "
        "measure Wellpost does not count (ACI_EP_1=10/12, ACI_PPHI_1=yes); may be given again",
    )
    judged.add_argument(
        "--attest-from",
        action="append",
        default=[],
        metavar="FILE",
        help="a file of such answers, one NAME=VALUE a line",
    )


def _attested(arguments: argparse.Namespace) -> list[Attested]:
    files = [each for name in arguments.attest_from for each in read_attested(Path(name))]
    return [*files, *arguments.attest]


def policies_given(given: Iterable[str]) -> dict[str, str]:
    """Policies by name; RequestError when one cannot be read or is given two values."""
    settled: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise RequestError(f"policy {text!r} cannot be read; write it like seen=visits_only.")
        if settled.setdefault(name, value) != value:
            raise RequestError(f"policy {name} is given twice, as {settled[name]} and {value}.")
    return settled


def program_year_number(text: str) -> int:
    """A year of four digits; RequestError says what would be right."""
    if not (text.isdigit() and len(text) == 4):
        raise RequestError(f"year {text!r} cannot be read; write it like 2021.")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"date {text!r} cannot be read; write it like 2022-02-28.") from None


def _names(kind: Iterable[str]) -> str:
    return ", ".join(map(spoken, kind))
