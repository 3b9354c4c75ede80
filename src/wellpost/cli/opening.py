"""Facts opened and checked: whatever kind of source the command line names."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wellpost.adapters.fhir import is_fhir_folder, open_fhir
from wellpost.cli.progress import doing, tell, watching
from wellpost.engine.ahead import needed_ahead
from wellpost.errors import RequestError
from wellpost.facts.checks import CheckReport, Needed, check
from wellpost.facts.resources import Resources, limited_to
from wellpost.facts.sources import Source, open_source
from wellpost.reports.needed import needed
from wellpost.reports.request import Request
from wellpost.reports.roster import refuse_unknown


@contextmanager
def opened(
    arguments: argparse.Namespace, request: Request, *, ahead: bool = False
) -> Iterator[Source]:
    """The facts that the request needs, checked; what was left out is said on standard error.

    With `ahead`, also those that say what lies ahead of a patient.
    """
    with opened_unchecked(arguments) as source:
        asked = {**needed(request), **(needed_ahead(source) if ahead else {})}
        check_and_tell(source, asked, skip_bad_rows=arguments.skip_bad_rows)
        refuse_unknown(source, request)
        yield source


@contextmanager
def opened_unchecked(arguments: argparse.Namespace) -> Iterator[Source]:
    """The facts as they lie there, read within the limits that the command line sets."""
    with limited_to(Resources(arguments.memory, arguments.spill)):
        with doing("opening the facts"):
            source = _open(arguments)
        with source, watching(source.percent):
            yield source


def check_and_tell(source: Source, asked: Needed, *, skip_bad_rows: bool) -> None:
    """Refuse facts that break their description; what was left out is said on standard error."""
    with doing("checking the facts"):
        report = check(source, asked, skip_bad_rows=skip_bad_rows)
    for sentence in _worth_telling(source, report):
        tell(sentence)


def _worth_telling(source: Source, report: CheckReport) -> Iterator[str]:
    yield from (*source.notices, *report.notices)
    for bad in report.left_out:
        rows = "1 row was" if bad.rows == 1 else f"{bad.rows:,} rows were"
        yield f"{rows} left out: {bad.sentence}"


def _open(arguments: argparse.Namespace) -> Source:
    path = Path(arguments.facts)
    if path.is_dir() and is_fhir_folder(path) and not arguments.spark:
        return open_fhir(
            path,
            synthetic_identifiers=arguments.synthetic_identifiers,
            skip_bad_rows=arguments.skip_bad_rows,
            report=tell,
            memory=f"{arguments.memory}B" if arguments.memory else None,
        )
    if arguments.synthetic_identifiers:
        raise RequestError(
            f"{arguments.facts} holds no FHIR NDJSON; --synthetic-identifiers is for FHIR only."
        )
    return open_source(arguments.facts, spark=arguments.spark)
