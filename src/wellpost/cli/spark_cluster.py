"""`wellpost spark-cluster`: a Spark cluster of several worker processes on this machine."""

from __future__ import annotations

import argparse
import signal
import tempfile
from pathlib import Path

from wellpost.cli.arguments import Subparsers
from wellpost.errors import RequestError
from wellpost.facts.spark.cluster import CONNECT_PORT, HERE, PORT, Size, cluster

SAYS = """\
Spark is at {address}: {workers} of {cores} and {memory} each. Use it with
  wellpost measure FOLDER --spark {address} …
Its logs are in {folder}. Ctrl-C ends it."""


def add_parser(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "spark-cluster",
        help="a Spark cluster of several worker processes on this machine, to try it",
        description="Start a Spark master and workers, each a process of its own, on this machine "
        "alone (127.0.0.1), until Ctrl-C. It needs pip install 'wellpost[spark]' and Java 17.",
    )
    parser.add_argument("--workers", type=_some, default=2, metavar="N", help="how many (2)")
    parser.add_argument("--cores", type=_some, default=1, metavar="N", help="of each worker (1)")
    parser.add_argument("--memory", default="1g", metavar="SIZE", help="of each worker (1g)")
    parser.add_argument("--port", type=int, default=PORT, help=f"of the master ({PORT})")
    parser.add_argument(
        "--connect",
        action="store_true",
        help=f"a Spark Connect server before it, at sc://{HERE}:{CONNECT_PORT}",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Start it and wait to be ended."""
    connect_port = CONNECT_PORT if arguments.connect else None
    size = Size(arguments.cores, arguments.memory)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        tempfile.TemporaryDirectory(prefix="wellpost-spark-") as folder,
        cluster(
            Path(folder), arguments.workers, size, port=arguments.port, connect_port=connect_port
        ) as running,
    ):
        told = {"address": running.address, "memory": size.memory, "folder": folder}
        cores, workers = _many(size.cores, "core"), _many(arguments.workers, "worker")
        print(SAYS.format(**told, cores=cores, workers=workers), flush=True)
        running.master.wait()
    return 1


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _some(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise RequestError(f"{text!r} is no number from 1 to 1000.")
    return int(text)
