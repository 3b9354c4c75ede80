"""`wellpost keys`: the keys that wrap and open what is sealed, made anew while people work."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wellpost.cli.arguments import Subparsers
from wellpost.cli.progress import counting
from wellpost.errors import RequestError

if TYPE_CHECKING:
    from wellpost.server.people.models import Practice

MOST_DAYS = 36_500


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its three deeds."""
    parser = subparsers.add_parser(
        "keys",
        help="make keys anew, while people work",
        description="Messages are sealed under the keys of their conversations, these are wrapped "
        "for patients and practices, and whose keys those are is wrapped by one key-encryption "
        "key, outside the database. Every deed here can be stopped at any moment and run again; "
        "nobody has to stop working meanwhile.",
    )
    deeds: Any = parser.add_subparsers(dest="deed", metavar="DEED", required=True)
    _add_list(deeds)
    _add_rotate(deeds)
    _add_renew(deeds)


def _add_list(deeds: Subparsers) -> None:
    parser = deeds.add_parser(
        "list",
        help="the key-encryption keys, and how much each wraps",
        description="Print each key-encryption key that wraps something here, how much, and "
        "which one is in force.",
    )
    parser.set_defaults(run=_list)


def _add_rotate(deeds: Subparsers) -> None:
    parser = deeds.add_parser(
        "rotate",
        help="put a new key-encryption key in force and wrap everything under it",
        description="Put a new key-encryption key in force and wrap everything under it; where "
        "an earlier run was cut off, finish that one. No message is touched. The old key is kept: "
        "backups made before still need it.",
    )
    parser.set_defaults(run=_rotate)


def _add_renew(deeds: Subparsers) -> None:
    parser = deeds.add_parser(
        "renew-epochs",
        help="new keys for the conversations of a practice",
        description="Begin a new key for every conversation of the practice whose key is older "
        "and in which one may still write. What was written before stays under its own.",
    )
    parser.add_argument("--practice", required=True, metavar="TIN", help="the practice")
    parser.add_argument(
        "--older-than",
        required=True,
        metavar="DAYS",
        type=_days,
        help="only where the key in force was begun more days ago; 0: every one",
    )
    parser.set_defaults(run=_renew)


def _list(arguments: argparse.Namespace) -> None:
    _set_up()
    from wellpost.server.messaging.keys.provider import provider
    from wellpost.server.messaging.rotation.holdings import counted

    in_force, wraps = provider().key_in_force(), counted()
    for key_id in sorted({in_force, *wraps}):
        says = "in force" if key_id == in_force else "older"
        print(f"{key_id}: {says}, wraps {wraps[key_id]:,}")
    print("Keep an older key that wraps nothing as long as backups made before are kept.")


def _rotate(arguments: argparse.Namespace) -> int:
    _set_up()
    from wellpost.server.messaging.rotation.rewrapping import rotate

    with counting("wrapped again") as said:
        run = rotate(said)
    print(f"{run.key_id} is in force and wraps everything: {run.rewrapped:,} wrapped again.")
    if run.unopened:
        print(
            f"ALARM: {len(run.unopened):,} do not open, because they were changed from outside; "
            "they stay as they are, and each is on record."
        )
    return 1 if run.unopened else 0


def _renew(arguments: argparse.Namespace) -> int:
    _set_up()
    from wellpost.server.messaging.rotation.epochs import renew_epochs

    older_than = timedelta(days=arguments.older_than)
    with counting("conversations") as said:
        begun, broken = renew_epochs(_practice(arguments.practice), older_than, said)
    print(f"{begun:,} conversations have a new key.")
    if broken:
        print(f"ALARM: in {broken:,} the key does not open; each is on record.")
    return 1 if broken else 0


def _set_up() -> None:
    from wellpost.server.config import serving

    serving.set_up()
    serving.prepare_database()


def _practice(tin: str) -> Practice:
    from wellpost.server.people.models import Practice

    found = Practice.objects.filter(tin=tin).first()
    if found is None:
        raise RequestError(f"tin {tin}: the server has no such practice.")
    return found


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_DAYS):
        raise RequestError(
            f"--older-than {text!r} cannot be read; write a number of days up to {MOST_DAYS:,}."
        )
    return int(text)
