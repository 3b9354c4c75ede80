"""`wellpost serve`: the server of a practice."""

from __future__ import annotations

import argparse
import sys

from wellpost.cli.arguments import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "serve",
        help="run the server of a practice",
        description="Check the settings, bring the database up to date, and serve. The settings "
        "are environment variables; docs/reference/settings.md lists them.",
    )
    parser.add_argument(
        "--address",
        default="127.0.0.1:8000",
        metavar="HOST:PORT",
        help="listen here (default 127.0.0.1:8000)",
    )
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="worker processes (default 1)"
    )
    parser.add_argument("--certificate", metavar="FILE", help="serve by TLS with this certificate")
    parser.add_argument("--key", metavar="FILE", help="the certificate's key (PKCS#8)")
    parser.add_argument(
        "--check", action="store_true", help="check the settings and stop; nothing is served"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Serve until Ctrl-C or a signal to stop."""
    from wellpost.server.config import serving

    listening = serving.Listening.at(
        arguments.address, arguments.workers, arguments.certificate, arguments.key
    )
    serving.set_up()
    serving.check()
    if arguments.check:
        print("the settings are in order.")
        return
    serving.prepare(lambda what: print(f"{what} …", file=sys.stderr, flush=True))
    _offer_set_up()
    print(f"serving on {arguments.address}; stop with Ctrl-C.", file=sys.stderr, flush=True)
    serving.run(listening)
    print("stopped.", file=sys.stderr)


def _offer_set_up() -> None:
    """On a fresh server, print the code with which it is set up in the browser."""
    from django.conf import settings
    from django.db import connections

    from wellpost.server.upkeep.first_run import HOURS, offer

    if code := offer():
        place = settings.SITE_ADDRESS.rstrip("/")
        print(f"nobody works here yet. Set the server up at {place}/set-up/", file=sys.stderr)
        print(f"with this code, which works once and for {HOURS} hours: {code}", file=sys.stderr)
    connections.close_all()  # the workers are forks
