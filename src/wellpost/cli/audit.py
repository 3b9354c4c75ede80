"""`wellpost audit`: whether the record of deeds is as it was written, and proofs of its rows."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wellpost.cli.arguments import Subparsers
from wellpost.cli.audit_proofs import add_proofs, key_of, set_up_audit
from wellpost.cli.progress import doing
from wellpost.errors import RequestError
from wellpost.ledger.notes import fingerprint

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

    from wellpost.server.audit.verifying import TreeReport, Unsealed


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its five deeds."""
    parser = subparsers.add_parser(
        "audit",
        help="prove that no row of the audit was altered or taken out",
        description="Every row of the audit stands in a tree (RFC 6962) of its practice, whose "
        "size and root are signed in files outside the database.",
    )
    deeds: Any = parser.add_subparsers(dest="deed", metavar="DEED", required=True)
    _add_verify(deeds)
    _add_checkpoint(deeds)
    add_proofs(deeds)


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


def _verify(arguments: argparse.Namespace) -> int:
    set_up_audit()
    from wellpost.server.audit.verifying import unsealed

    place = _folder(arguments.checkpoints)
    keys = [key_of(each) for each in arguments.key] or [_own_key()]
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
    set_up_audit()
    from wellpost.server.audit.checkpoints import folder, make_checkpoint
    from wellpost.server.audit.sealing import seal_waiting
    from wellpost.server.audit.trees import trees

    with doing("sealing"):
        seal_waiting()
    for tree in trees():
        if note := make_checkpoint(tree):
            print(f"{tree}: {note.checkpoint.size:,} rows, signed {note.checkpoint.signed_at}.")
    print(f"checkpoints: {folder()}; signed by the key {fingerprint(_own_key())}")


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
