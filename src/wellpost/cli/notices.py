"""`wellpost notices`: what waits to be sent, what could not be; send, try again, discard."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from wellpost.cli.arguments import Subparsers
from wellpost.errors import RequestError

if TYPE_CHECKING:
    from wellpost.server.notices.models import Notice


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its deeds."""
    parser = subparsers.add_parser(
        "notices",
        help="notices that wait to be sent, and those that could not be",
        description="The server sends notices by itself. Here one sees what waits and what could "
        "not be sent; never to whom, or of what.",
    )
    deeds: Any = parser.add_subparsers(dest="deed", metavar="DEED", required=True)
    show = deeds.add_parser("list", help="what waits and what could not be sent")
    show.set_defaults(run=_list)
    send = deeds.add_parser("send", help="send now what is due")
    send.set_defaults(run=_send)
    retry = deeds.add_parser("retry", help="send again what could not be sent")
    retry.add_argument("notice", nargs="?", metavar="ID", help="this one alone")
    retry.set_defaults(run=_retry)
    discard = deeds.add_parser("discard", help="give one up")
    discard.add_argument("notice", metavar="ID", help="the notice")
    discard.set_defaults(run=_discard)


def _list(arguments: argparse.Namespace) -> None:
    _set_up()
    from wellpost.server.notices.dead_letters import dead_letters
    from wellpost.server.notices.delivery import waiting

    held, dead = waiting(), dead_letters()
    print(f"{held.count():,} wait to be sent, {dead.count():,} could not be sent.")
    _show(held[:100], "due_at")
    _show(dead[:100], "stopped_at")


def _show(notices: Iterable[Notice], moment: str) -> None:
    words = {"due_at": "due", "stopped_at": "given up"}
    for each in notices:
        at = getattr(each, moment).isoformat(sep=" ", timespec="minutes")
        tried = f"{each.attempts} attempts {each.last_error}".strip()
        print(f"{each.pk}  {each.channel:5}  {words[moment]} {at}  {tried}")


def _send(arguments: argparse.Namespace) -> None:
    _set_up()
    from wellpost.server.notices.delivery import deliver, waiting

    sent = deliver()
    print(f"{sent:,} sent, {waiting().count():,} wait.")


def _retry(arguments: argparse.Namespace) -> None:
    _set_up()
    from wellpost.server.notices.dead_letters import dead_letters, try_again

    wanted = [_one(arguments.notice)] if arguments.notice else list(dead_letters())
    for each in wanted:
        try_again(notice=each, practice=None, by=None)
    _send(arguments)


def _discard(arguments: argparse.Namespace) -> None:
    _set_up()
    from wellpost.server.notices.dead_letters import discard

    discard(notice=_one(arguments.notice), practice=None, by=None)
    print("discarded.")


def _one(text: str) -> Notice:
    from wellpost.server.notices.dead_letters import dead_letters

    try:
        found = dead_letters().filter(pk=UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise RequestError(f"{text} is none of those that could not be sent; see notices list.")
    return found


def _set_up() -> None:
    from wellpost.server.config import serving

    serving.set_up()
    from django.db import connection

    if "notices_notice" not in connection.introspection.table_names():
        raise RequestError(
            f"{serving.database_in_words()}: there is no server here. Is WELLPOST_HOME right?"
        )
