"""`wellpost practice`: sets up a practice and its first administrator on this machine's server."""

from __future__ import annotations

import argparse
import sys
from getpass import getpass

from wellpost.cli.arguments import Subparsers
from wellpost.errors import RequestError


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "practice",
        help="set up a practice and its first administrator",
        description="Set up a practice on the server of this machine, with the administrator who "
        "then adds everybody else. The password is asked for, or read from standard input.",
    )
    parser.add_argument("name", help="the practice's name")
    parser.add_argument("--tin", required=True, metavar="T", help="its TIN, nine digits")
    parser.add_argument(
        "--time-zone",
        required=True,
        metavar="ZONE",
        help="where its days begin, like America/New_York",
    )
    parser.add_argument(
        "--email", required=True, metavar="ADDRESS", help="the administrator's e-mail address"
    )
    parser.add_argument(
        "--administrator", required=True, metavar="NAME", help="the administrator's name"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Set it up, and say where to sign in."""
    from wellpost.server.config import serving

    serving.set_up()
    serving.prepare_database()
    from django.conf import settings

    from wellpost.server.people.actions import set_up_practice

    practice, _ = set_up_practice(
        name=arguments.name,
        tin=arguments.tin,
        time_zone=arguments.time_zone,
        administrator_email=arguments.email,
        administrator_name=arguments.administrator,
        password=_password(),
    )
    print(f"{practice.name} is set up. Start wellpost serve, sign in at {settings.SITE_ADDRESS}")
    print("as the administrator, and set up a second factor.")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    given = getpass("Password of the administrator: ")
    if given != getpass("The same once more: "):
        raise RequestError("the two passwords differ; nothing was set up.")
    return given
