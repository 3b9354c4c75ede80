"""`wellpost listen`: registrations and visits from other systems, by HL7 v2 as they happen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING

from wellpost.cli.arguments import Subparsers
from wellpost.errors import RequestError
from wellpost.facts.identifiers import tin_is_valid

if TYPE_CHECKING:
    from wellpost.server.intake.hl7v2.feed import Feed
    from wellpost.server.intake.hl7v2.listening import Port


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "listen",
        help="take in registrations and visits by HL7 v2 (ADT over MLLP)",
        description="Listen for HL7 v2 ADT messages (A01, A03, A04, A08, A11, A13, A31, A40) and "
        "take each over into the server's database. A message is acknowledged when it is "
        "committed, and not before.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="listen here (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=2575, help="on this port (default 2575)")
    _add_whose(parser)
    _add_trust(parser)
    parser.set_defaults(run=run)


def _add_whose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--practice", metavar="TIN", help="all messages are of this practice")
    parser.add_argument(
        "--facility",
        action="append",
        default=[],
        metavar="NAME=TIN",
        help="messages that name this facility (PV1-3.4, MSH-6 or MSH-4) are of this practice; "
        "may be given again",
    )
    parser.add_argument(
        "--test-messages", action="store_true", help="take over those that say they are tests, too"
    )


def _add_trust(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--certificate", metavar="FILE", help="speak TLS with this certificate")
    parser.add_argument("--key", metavar="FILE", help="the certificate's key")
    parser.add_argument(
        "--client-ca", metavar="FILE", help="let in only whose certificate is signed by these"
    )
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="let in only this address or network (10.1.2.0/24); may be given again",
    )
    parser.add_argument(
        "--connections", type=int, default=64, metavar="N", help="at most so many (default 64)"
    )
    parser.add_argument(
        "--seconds", type=float, default=60, metavar="S",
        help="for a message from its first byte to its last (default 60)",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> None:
    """Listen until Ctrl-C or a signal to stop."""
    port, feed = _port(arguments), _feed(arguments)
    from django.db import close_old_connections

    from wellpost.adapters.hl7v2 import MessageRefusedError
    from wellpost.server.config import serving

    serving.set_up()
    serving.prepare_database()
    from wellpost.server.intake.hl7v2.listening import listen
    from wellpost.server.intake.hl7v2.receiving import receive

    def take(block: bytes, fault: MessageRefusedError | None) -> Sequence[bytes]:
        close_old_connections()
        try:
            return receive(block, feed, fault)
        finally:
            close_old_connections()

    _say(f"into {serving.database_in_words()}")
    listen(port, take, lambda at: _say(f"listening on {port.host}:{at}; stop with Ctrl-C."))
    _say("stopped.")


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _port(arguments: argparse.Namespace) -> Port:
    from wellpost.server.intake.hl7v2.listening import Port

    if not 0 <= arguments.port < 65536 or arguments.connections < 1 or arguments.seconds <= 0:
        raise RequestError("--port is 0 to 65535, --connections and --seconds are above 0.")
    if bool(arguments.certificate) != bool(arguments.key):
        raise RequestError("a certificate needs its key and a key its certificate; give both.")
    if arguments.client_ca and not arguments.certificate:
        raise RequestError("--client-ca needs TLS; give --certificate and --key as well.")
    allowed = tuple(map(_network, arguments.allow))
    _check_reach(arguments, allowed)
    return Port(
        arguments.host,
        arguments.port,
        certificate=_file(arguments.certificate),
        key=_file(arguments.key),
        client_ca=_file(arguments.client_ca),
        allowed=allowed,
        connections=arguments.connections,
        seconds=arguments.seconds,
    )


def _check_reach(arguments: argparse.Namespace, allowed: Sequence[object]) -> None:
    """Beyond this machine, somebody must be named: the port itself asks nobody for a password."""
    try:
        here = arguments.host == "localhost" or ip_address(arguments.host).is_loopback
    except ValueError:
        here = False
    if not (here or allowed or arguments.client_ca):
        raise RequestError(
            f"{arguments.host} can be reached from other machines; say who may send: --client-ca "
            "FILE (with TLS), or --allow ADDRESS."
        )
    if not here and not arguments.certificate:
        _say("without TLS: let this network be a tunnel (VPN), for messages name patients.")


def _feed(arguments: argparse.Namespace) -> Feed:
    from wellpost.server.intake.hl7v2.feed import Feed

    facilities = dict(map(_facility, arguments.facility))
    return Feed(_tin(arguments.practice), facilities, arguments.test_messages)


def _facility(text: str) -> tuple[str, str]:
    name, _, tin = text.rpartition("=")
    if not name:
        raise RequestError(f"--facility {text}: write it like HOSPITAL=900000001.")
    return name, str(_tin(tin))


def _tin(text: str | None) -> str | None:
    plain = text.replace("-", "") if text else None
    if plain is not None and not tin_is_valid(plain):
        raise RequestError(f"tin {text} is not a TIN; a TIN is nine digits.")
    return plain


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError:
        raise RequestError(
            f"--allow {text} is no address and no network; write it like 10.1.2.3 or 10.1.2.0/24."
        ) from None


def _file(text: str | None) -> Path | None:
    if text and not Path(text).is_file():
        raise RequestError(f"{text}: there is no such file.")
    return Path(text) if text else None
