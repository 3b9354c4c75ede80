"""`wellpost packet`: audit packets made, checked on another machine, and computed again."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wellpost.adapters.packet.again import compute_again
from wellpost.adapters.packet.reader import Verified, read_packet, verify
from wellpost.adapters.packet.signing import KEY_FILE, signing_key
from wellpost.adapters.packet.writer import Packet, make_packet
from wellpost.cli.arguments import Subparsers, add_facts, add_request, request_from
from wellpost.cli.opening import opened
from wellpost.cli.output import write_bytes
from wellpost.cli.progress import doing, tell
from wellpost.errors import DataRefusedError, RequestError
from wellpost.reports.attestation import attest
from wellpost.reports.overrides import Override, parse_override
from wellpost.reports.request import Request
from wellpost.terms import Level, Reporter


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its three deeds."""
    parser = subparsers.add_parser(
        "packet",
        help="make an audit packet, check one, or compute it again",
        description="An audit packet is a PDF for people and a ZIP for machines with everything "
        "an attestation rests on, signed.",
    )
    deeds: Any = parser.add_subparsers(dest="deed", metavar="DEED", required=True)
    _add_make(deeds)
    for name, says, run in (
        (
            "verify",
            "tell whether a byte of a packet was changed, with nothing but the packet",
            _verify,
        ),
        ("recompute", "count and judge every number again from what a packet holds", _recompute),
    ):
        _add_reading(deeds, name, says, run)


def _add_make(deeds: Subparsers) -> None:
    made = deeds.add_parser(
        "make",
        help="attest a period that has ended and write its packet",
        description="Attest a period that has ended, and write FILE.zip with FILE.pdf beside it. "
        "Nothing is written when anything is refused.",
    )
    add_facts(made)
    add_request(made)
    group = made.add_argument_group("the attestation")
    group.add_argument("--attested-by", required=True, metavar="NAME", help="who attests")
    group.add_argument(
        "--override",
        action="append",
        default=[],
        metavar="MEASURE=N/D:REASON",
        help="put a number in the place of the one counted, with the reason; shown on the packet; "
        "needs --npi or --tin; may be given again",
    )
    group.add_argument("--out", required=True, metavar="FILE", help="where the ZIP goes")
    group.add_argument(
        "--keys",
        metavar="FOLDER",
        help="where the signing key is kept or made; without it, keys in WELLPOST_HOME",
    )
    made.set_defaults(run=_make)


def _add_reading(
    deeds: Subparsers, name: str, says: str, run: Callable[[argparse.Namespace], None]
) -> None:
    parser = deeds.add_parser(name, help=says, description=f"{says[0].upper()}{says[1:]}.")
    parser.add_argument("file", metavar="FILE", help="the packet's ZIP")
    parser.add_argument(
        "--fingerprint",
        metavar="SHA256",
        help="refuse the packet unless this is the SHA-256 of the key it is signed with",
    )
    parser.set_defaults(run=run)


def _make(arguments: argparse.Namespace) -> None:
    now = datetime.now(UTC)
    if arguments.attested_on is None:
        arguments.attested_on = now.date()
    _refuse_tomorrow(arguments, now)
    request = request_from(arguments)
    overrides = _overrides(arguments, request)
    with opened(arguments, request) as source, doing("freezing and counting"):
        attested = attest(source, request, by=arguments.attested_by, at=now, overrides=overrides)
    with doing("signing"):
        packet = make_packet(attested, signing_key(_keys(arguments)))
    _write(packet, Path(arguments.out))


def _refuse_tomorrow(arguments: argparse.Namespace, now: datetime) -> None:
    if arguments.attested_on > now.date():
        raise RequestError(
            f"attested on {arguments.attested_on}: that day has not come; today is {now.date()}."
        )


def _overrides(arguments: argparse.Namespace, request: Request) -> list[Override]:
    if not arguments.override:
        return []
    reporters = [_reporter(level, arguments.npi, arguments.tin) for level in request.levels]
    if len(reporters) != 1 or not (arguments.npi or arguments.tin):
        raise RequestError(
            "--override changes the numbers of one reporter; name it with --level, --npi, --tin."
        )
    return [
        parse_override(each, reporters[0], arguments.attested_by) for each in arguments.override
    ]


def _reporter(level: Level, npi: str | None, tin: str | None) -> Reporter:
    if level is Level.CLINICIAN:
        return Reporter(level, npi=npi)
    return Reporter(level, tin=tin, npi=npi if level is Level.PRACTICE_CLINICIAN else None)


def _keys(arguments: argparse.Namespace) -> Path:
    home = Path(os.environ.get("WELLPOST_HOME", "var"))
    folder = Path(arguments.keys) if arguments.keys else home / "keys"
    if not (folder / KEY_FILE).exists():
        tell(f"a new signing key is made: {folder / KEY_FILE}. Keep it; packets are known by it.")
    return folder


def _write(packet: Packet, out: Path) -> None:
    beside = out.with_suffix(".pdf")
    if beside == out:
        raise RequestError(f"{out}: the ZIP cannot have the PDF's name; let FILE end in .zip.")
    write_bytes(packet.report, beside)
    write_bytes(packet.archive, out)
    print(f"{out}: the packet. {beside}: the same for reading.")
    print(f"signed with the key {packet.fingerprint}")


def _verify(arguments: argparse.Namespace) -> None:
    packet = _checked(arguments)
    print(f"{arguments.file}: every byte is as it was signed ({len(packet.members)} files).")
    _say(packet)


def _recompute(arguments: argparse.Namespace) -> None:
    packet = _checked(arguments)
    with doing("computing it again"):
        again = compute_again(packet)
    if again.differing:
        raise DataRefusedError(
            f"{arguments.file}: computed again by its own rules it gives another result; "
            f"not the same: {', '.join(again.differing)}."
        )
    patients = len(again.card.listed)
    print(f"{arguments.file}: computed again by its own rules, every number is the same.")
    print(f"{len(again.card.card.results):,} results, {patients:,} patients listed.")
    for sentence in again.today or ("Today's rules give the same.",):
        print(sentence)
    _say(packet)


def _checked(arguments: argparse.Namespace) -> Verified:
    packet = verify(read_packet(Path(arguments.file)), arguments.file)
    wanted = arguments.fingerprint
    if wanted and wanted.lower() != packet.fingerprint:
        raise DataRefusedError(
            f"{arguments.file} is signed with the key {packet.fingerprint}, not with {wanted}."
        )
    return packet


def _say(packet: Verified) -> None:
    attested = packet.attested
    period = attested["period"]
    print(
        f"attested by {attested['attested_by']} at {attested['attested_at']}: "
        f"{attested['program']} {attested['year']}, {period['start']}..{period['end']}, "
        f"with {attested['product']}"
    )
    for each in attested.get("overrides", ()):
        print(
            f"changed by hand: {each['measure']} {each['numerator']}/{each['denominator']} "
            f"by {each['by']}: {each['reason']}"
        )
    print(f"signed with the key {packet.fingerprint}")
