"""`wellpost audit`: whether the record of deeds is as it was written, and proofs of its rows."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wellpost.cli.arguments import Subparsers
from wellpost.cli.output import write_bytes
from wellpost.cli.progress import doing, tell
from wellpost.errors import DataRefusedError, RequestError
from wellpost.ledger.notes import fingerprint, public_key
from wellpost.ledger.proofs import check_proof, read_proof

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

    from wellpost.server.audit.verifying import TreeReport, Unsealed


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its four deeds."""
    parser = subparsers.add_parser(
        "audit",
        help="prove that no row of the audit was altered or taken out",
        description="Every row of the audit stands in a tree (RFC 6962) of its practice, whose "
        "size and root are signed in files outside the database.",
    )
    deeds: Any = parser.add_subparsers(dest="deed", metavar="DEED", required=True)
    _add_verify(deeds)
    _add_checkpoint(deeds)
    _add_proof(deeds)
    _add_check(deeds)


def _add_verify(deeds: Subparsers) -> None:
    parser = deeds.add_parser(
        "verify",
        help="read every row again and hold it against the checkpoints",
        description="Read every row again and hold it against the checkpoints. Exit status 1, and "
        "the first row that differs, when anything was altered, taken out or put in.",
    )
    parser.add_argument("--practice", metavar="TIN", help="this practice alone")
    parser.add_argument(
        "--checkpoints",
        metavar="DIR",
        help="hold the rows against the checkpoints here, such as a copy kept elsewhere; without "
        "it, against those the server writes",
    )
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="PUBLIC",
        help="a public key (PEM) that signed checkpoints; may be given again; without it, the "
        "server's own",
    )
    parser.set_defaults(run=_verify)


def _add_checkpoint(deeds: Subparsers) -> None:
    parser = deeds.add_parser(
        "checkpoint",
        help="seal what waits and sign every tree now",
        description="Seal what waits and sign every tree that has grown, now. The server does so "
        "by itself.",
    )
    parser.set_defaults(run=_checkpoint)


def _add_proof(deeds: Subparsers) -> None:
    parser = deeds.add_parser(
        "proof",
        help="the proof of one row, which `wellpost audit check` checks anywhere",
        description="Write the proof of one row as JSON.",
    )
    parser.add_argument("row", metavar="ROW", type=_row_number, help="the row's number")
    parser.add_argument("--out", metavar="FILE", help="write to this file, not to the screen")
    parser.set_defaults(run=_proof)


def _add_check(deeds: Subparsers) -> None:
    parser = deeds.add_parser(
        "check",
        help="check the proof of a row, with nothing but it and the public key",
        description="Check the proof of a row. No server and no database is asked.",
    )
    parser.add_argument("file", metavar="FILE", help="the proof")
    parser.add_argument("--key", required=True, metavar="PUBLIC", help="the public key, a PEM file")
    parser.set_defaults(run=_check)


def _verify(arguments: argparse.Namespace) -> int:
    _set_up()
    from wellpost.server.audit.verifying import unsealed

    place = _folder(arguments.checkpoints)
    keys = [_key(each) for each in arguments.key] or [_own_key()]
    practice = _practice(arguments.practice)
    with doing("reading the rows again"):
        reports = _reports(practice, place, keys)
        left = unsealed(practice)
    good = [_say_tree(each) for each in reports]
    good.append(_say_unsealed(left))
    if not reports:
        print("nothing is sealed yet.")
    return 0 if all(good) else 1


def _reports(
    practice: str | None, place: Path, keys: Sequence[ec.EllipticCurvePublicKey]
) -> list[TreeReport]:
    from wellpost.server.audit.checkpoints import trees_in
    from wellpost.server.audit.trees import trees
    from wellpost.server.audit.verifying import verify_tree

    wanted = [practice] if practice else sorted({*trees(), *trees_in(place)})
    return [verify_tree(each, keys, place) for each in wanted]


def _say_tree(report: TreeReport) -> bool:
    """Print what was found; whether all is well."""
    if report.difference:
        row = f"row {report.difference.row_id} " if report.difference.row_id else ""
        print(f"{report.tree}: DIFFERS: {row}{report.difference.says}.")
        return False
    print(
        f"{report.tree}: {report.signed:,} rows are as they were sealed, by "
        f"{report.checkpoints:,} checkpoints."
    )
    if later := report.rows - report.signed:
        print(f"{report.tree}: {later:,} more rows are sealed and wait for the next checkpoint.")
    return True


def _say_unsealed(left: Unsealed) -> bool:
    if left.waiting:
        print(f"{left.waiting:,} rows are on record and wait to be sealed.")
    if left.strays:
        print(
            f"DIFFERS: {left.strays:,} rows are in no tree and do not wait for one, the first is "
            f"row {left.first_stray}: put in past the server, or its seal taken out."
        )
    return not left.strays


def _checkpoint(arguments: argparse.Namespace) -> None:
    _set_up()
    from wellpost.server.audit.checkpoints import folder, make_checkpoint
    from wellpost.server.audit.sealing import seal_waiting
    from wellpost.server.audit.trees import trees

    with doing("sealing"):
        seal_waiting()
    for tree in trees():
        if note := make_checkpoint(tree):
            print(f"{tree}: {note.checkpoint.size:,} rows, signed {note.checkpoint.signed_at}.")
    print(f"checkpoints: {folder()}; signed by the key {fingerprint(_own_key())}")


def _proof(arguments: argparse.Namespace) -> None:
    _set_up()
    from wellpost.server.audit.proving import proof_of

    proof = proof_of(arguments.row)
    if proof is None:
        raise DataRefusedError(
            f"row {arguments.row} has no checkpoint over it yet; wellpost audit checkpoint makes "
            "one now."
        )
    text = proof.as_json()
    if arguments.out:
        write_bytes(text.encode(), Path(arguments.out))
        tell(f"{arguments.out}: the proof of row {arguments.row}.")
    else:
        print(text, end="")


def _check(arguments: argparse.Namespace) -> None:
    proof = read_proof(_read(arguments.file), arguments.file)
    signed = check_proof(proof, [_key(arguments.key)])
    print(f"{arguments.file}: the row stands as it was sealed, at place {proof.index + 1:,} of")
    print(f"{signed.size:,} rows signed {signed.signed_at:%Y-%m-%d %H:%M:%S} UTC.")
    for line in _in_words(proof.row.items()):
        print(line)


def _in_words(fields: Iterable[tuple[str, object]]) -> list[str]:
    return [f"  {name}: {value}" for name, value in fields if value not in ("", None)]


def _set_up() -> None:
    from wellpost.server.config import serving

    serving.set_up()
    from django.db import connection

    if "audit_sealedrow" not in connection.introspection.table_names():
        raise RequestError(
            f"{serving.database_in_words()}: nothing was ever sealed here. Is WELLPOST_HOME right? "
            "wellpost serve brings a database up to date."
        )


def _folder(given: str | None) -> Path:
    from wellpost.server.audit.checkpoints import folder

    if given and not Path(given).is_dir():
        raise RequestError(f"{given} is no folder; give the one that holds the checkpoints.")
    return Path(given) if given else folder()


def _own_key() -> ec.EllipticCurvePublicKey:
    from wellpost.server.audit.signer import signer

    return signer().public_key()


def _practice(tin: str | None) -> str | None:
    from wellpost.server.people.models import Practice

    if tin is None:
        return None
    found = Practice.objects.filter(tin=tin).first()
    if found is None:
        raise RequestError(f"tin {tin}: the server has no such practice.")
    return str(found.pk)


def _key(name: str) -> ec.EllipticCurvePublicKey:
    return public_key(_read(name).encode(), name)


def _read(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise RequestError(f"{name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise DataRefusedError(f"{name} is no text.") from None


def _row_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise RequestError(f"row {text!r} cannot be read; write its number, like 1234.")
    return int(text)
