"""`wellpost synthesize`: a made-up state, for trying out and for timing."""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wellpost.cli.numbers import whole_number
from wellpost.cli.progress import counting, tell
from wellpost.synthetic.scale import scale_of
from wellpost.synthetic.state import make_state

if TYPE_CHECKING:  # what else stands there takes as long to load as making up a county's patients
    from wellpost.cli.arguments import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "synthesize",
        help="make up the facts of a whole state",
        description="Make up the facts of a state, skewed as real ones are, as a folder of "
        "Parquet: some clinicians see 40 patients, some 4,000; patients cross practices; few "
        "write most messages. The same numbers and seed give the same bytes. Nobody in it is real.",
    )
    size = parser.add_argument_group("how large; numbers may be written 1_400_000")
    size.add_argument(
        "--patients", type=whole_number, required=True, metavar="N", help="unique patients"
    )
    size.add_argument(
        "--clinicians", type=whole_number, required=True, metavar="N", help="clinicians"
    )
    size.add_argument(
        "--practices", type=whole_number, metavar="N", help="TINs; without it, 9 for 50 clinicians"
    )
    size.add_argument(
        "--encounters", type=whole_number, metavar="N", help="without it, 50 for 7 patients"
    )
    size.add_argument(
        "--messages", type=whole_number, metavar="N", help="without it, 25 for 7 patients"
    )
    parser.add_argument(
        "--year",
        type=whole_number,
        default=2021,
        metavar="YEAR",
        help="the year all of it happens in (2021)",
    )
    parser.add_argument(
        "--seed", type=whole_number, default=1, metavar="S", help="another seed, another state (1)"
    )
    parser.add_argument(
        "--to", required=True, type=Path, metavar="FOLDER", help="a folder that is empty or new"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the state."""
    scale = scale_of(
        arguments.patients,
        arguments.clinicians,
        encounters=arguments.encounters,
        messages=arguments.messages,
        practices=arguments.practices,
        year=arguments.year,
        seed=arguments.seed,
    )
    start = time.monotonic()
    with _ended_tidily(), counting("rows made up") as told:
        make_state(arguments.to, scale, told)
    tell(f"{scale.encounters:,} encounters in {time.monotonic() - start:,.1f} s: {arguments.to}")


@contextmanager
def _ended_tidily() -> Iterator[None]:
    """SIGTERM is taken like Ctrl-C while the block runs, so that nothing stays behind."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
