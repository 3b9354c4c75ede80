"""`wellpost practice`: a practice and its administrators on this machine's server."""

from __future__ import annotations

import argparse
import sys
from getpass import getpass
from typing import TYPE_CHECKING

from wellpost.cli.arguments import Subparsers
from wellpost.errors import RequestError

if TYPE_CHECKING:
    from wellpost.server.people.models import Practice


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "practice",
        help="set up a practice, or appoint an administrator for one that is there",
        description="Set up a practice on the server of this machine, with the administrator who "
        "then adds everybody else. Without NAME and --time-zone: appoint an administrator for a "
        "practice that is there already, as after an import. The administrator's password is "
        "asked for, or read from standard input; who signs in here already keeps theirs.",
    )
    parser.add_argument("name", nargs="?", help="the new practice's name")
    parser.add_argument("--tin", required=True, metavar="T", help="its TIN, nine digits")
    parser.add_argument(
        "--time-zone",
        metavar="ZONE",
        help="where the new practice's days begin, like America/New_York",
    )
    parser.add_argument(
        "--email", required=True, metavar="ADDRESS", help="the administrator's email address"
    )
    parser.add_argument(
        "--administrator", required=True, metavar="NAME", help="the administrator's name"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Set it up or appoint, and say where to sign in."""
    from wellpost.server.config import serving

    serving.set_up()
    serving.prepare_database()
    from django.conf import settings

    from wellpost.server.people.models import Practice

    here = Practice.objects.filter(tin=arguments.tin).first()
    _check(arguments, here)
    print(_appoint(arguments, here) if here else _set_up(arguments))
    print(f"Start wellpost serve, sign in at {settings.SITE_ADDRESS} as the administrator,")
    print("and set up a second factor.")


def _check(arguments: argparse.Namespace, here: Practice | None) -> None:
    given = [each for each in (arguments.name, arguments.time_zone) if each]
    if here and given:
        raise RequestError(
            f"A practice with tin {here.tin} is there already: {here.name}. To appoint an "
            "administrator for it, leave NAME and --time-zone out."
        )
    if not here and len(given) < 2:
        raise RequestError(
            f"tin {arguments.tin}: there is no such practice yet. To set it up, give its NAME "
            "and --time-zone too."
        )


def _set_up(arguments: argparse.Namespace) -> str:
    from wellpost.server.people.actions import set_up_practice

    practice, _ = set_up_practice(
        name=arguments.name,
        tin=arguments.tin,
        time_zone=arguments.time_zone,
        administrator_email=arguments.email,
        administrator_name=arguments.administrator,
        password=_password(arguments.email),
    )
    return f"{practice.name} is set up."


def _appoint(arguments: argparse.Namespace, practice: Practice) -> str:
    from wellpost.server.people.actions import appoint_administrator

    appoint_administrator(
        practice=practice,
        email=arguments.email,
        name=arguments.administrator,
        password=_password(arguments.email),
    )
    return (
        f"{practice.name} has a new administrator. Its days begin by {practice.time_zone}; if that "
        "is wrong, change it under People, Practice settings."
    )


def _password(email: str) -> str:
    from wellpost.server.people.founding import signs_in_already

    if signs_in_already(email):
        return ""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    given = getpass("Password of the administrator: ")
    if given != getpass("The same once more: "):
        raise RequestError("the two passwords differ; nothing was done.")
    return given
