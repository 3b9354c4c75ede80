"""`wellpost demo`: a made-up practice, running on this machine."""

from __future__ import annotations

import argparse

from wellpost.cli.arguments import Subparsers

PORT = 8000


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "demo",
        help="a made-up practice, running, with its address printed",
        description="Serve a made-up practice on http://localhost. The first start makes it; later "
        "ones keep what was done. Its home is var/demo, or WELLPOST_HOME.",
    )
    parser.add_argument("--reset", action="store_true", help="throw away what was done, start anew")
    parser.add_argument(
        "--port", type=int, default=PORT, metavar="N", help=f"serve here (default {PORT})"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Serve until Ctrl-C."""
    from wellpost.server.demo.starting import start

    start(arguments.port, reset=arguments.reset)
