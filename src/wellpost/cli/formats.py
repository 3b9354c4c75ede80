"""The formats of `wellpost report`: each makes files of what was asked; new ones go below."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from wellpost.facts.sources import Source
from wellpost.reports.request import Request


@dataclass(frozen=True)
class Job:
    """A report asked for: the facts opened and checked, the request, the command line."""

    source: Source
    request: Request
    arguments: argparse.Namespace


@dataclass(frozen=True)
class File:
    """What is written, and the name it has where several are written into a folder."""

    name: str
    content: bytes


def nothing(request: Request) -> None:
    """Nothing to refuse."""


@dataclass(frozen=True)
class Format:
    """How a report is made.

    `by_entity`: it is of an individual, group or virtual group (`--entity`), not of levels.
    `refuse` raises RequestError before any fact is read.
    """

    says: str
    write: Callable[[Job], Sequence[File]]
    by_entity: bool = False
    refuse: Callable[[Request], None] = nothing


def formats() -> Mapping[str, Format]:
    """Every format by the name that `--as` takes."""
    from wellpost.cli.kept import KEPT
    from wellpost.cli.submitted import SUBMISSIONS

    return {**KEPT, **SUBMISSIONS}
