"""`wellpost audit proof`, `consistency`, `check`: proofs made on the server, checked anywhere."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wellpost.cli.arguments import Subparsers
from wellpost.cli.output import write_bytes
from wellpost.cli.progress import tell
from wellpost.errors import DataRefusedError, RequestError
from wellpost.ledger.consistency import check_consistency, is_of_consistency, read_consistency
from wellpost.ledger.notes import Note, public_key, read_notes
from wellpost.ledger.proofs import check_proof, read_proof

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec


def add_proofs(deeds: Subparsers) -> None:
    """Add the three deeds that are about proofs."""
    _add_proof(deeds)
    _add_consistency(deeds)
    _add_check(deeds)


def _add_proof(deeds: Subparsers) -> None:
    parser = deeds.add_parser(
        "proof",
        help="the proof of one row, which `wellpost audit check` checks anywhere",
        description="Write the proof of one row as JSON.",
    )
    parser.add_argument("row", metavar="ROW", type=_row_number, help="the row's number")
    parser.add_argument("--out", metavar="FILE", help="write to this file, not to the screen")
    parser.set_defaults(run=_proof)


def _add_consistency(deeds: Subparsers) -> None:
    parser = deeds.add_parser(
        "consistency",
        help="the proof that the record only grew between two checkpoints",
        description="Write the proof (RFC 6962, section 2.1.2) that the record which the newer "
        "checkpoint signs begins with the one that the older signs. It holds no row. "
        "`wellpost audit check` checks it anywhere.",
    )
    parser.add_argument(
        "old", metavar="OLD", help="the older checkpoint: a file of them, the last counts"
    )
    parser.add_argument("new", metavar="NEW", nargs="?", help="the newer; without it, the latest")
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="PUBLIC",
        help="a public key (PEM) that signed them; may be given again; without it, the server's "
        "own",
    )
    parser.add_argument("--out", metavar="FILE", help="write to this file, not to the screen")
    parser.set_defaults(run=_consistency)


def _add_check(deeds: Subparsers) -> None:
    parser = deeds.add_parser(
        "check",
        help="check a proof, with nothing but it and the public key",
        description="Check the proof of a row, or the proof between two checkpoints. No server "
        "and no database is asked.",
    )
    parser.add_argument("file", metavar="FILE", help="the proof")
    parser.add_argument(
        "--key",
        action="append",
        required=True,
        metavar="PUBLIC",
        help="the public key, a PEM file; may be given again, where it was made anew between",
    )
    parser.add_argument(
        "--checkpoint",
        action="append",
        default=[],
        metavar="FILE",
        help="the checkpoint you hold, the last of that file: it must be one of those that the "
        "proof rests on; may be given again",
    )
    parser.set_defaults(run=_check)


def _proof(arguments: argparse.Namespace) -> None:
    set_up_audit()
    from wellpost.server.audit.proving import proof_of

    proof = proof_of(arguments.row)
    if proof is None:
        raise DataRefusedError(
            f"row {arguments.row} has no checkpoint over it yet; wellpost audit checkpoint makes "
            "one now."
        )
    _give(proof.as_json(), arguments.out, f"the proof of row {arguments.row}")


def _consistency(arguments: argparse.Namespace) -> None:
    set_up_audit()
    from wellpost.server.audit.proving import consistency_of

    old = _note(arguments.old)
    new = _note(arguments.new) if arguments.new else None
    proof = consistency_of(old, new, [key_of(each) for each in arguments.key])
    sizes = f"{proof.old.checkpoint.size:,} to {proof.new.checkpoint.size:,}"
    _give(proof.as_json(), arguments.out, f"the proof that the record only grew, from {sizes} rows")


def _give(text: str, out: str | None, what: str) -> None:
    if out:
        write_bytes(text.encode(), Path(out))
        tell(f"{out}: {what}.")
    else:
        print(text, end="")


def _check(arguments: argparse.Namespace) -> None:
    text, keys = read_text(arguments.file), [key_of(each) for each in arguments.key]
    held = [_note(each) for each in arguments.checkpoint]
    if is_of_consistency(text):
        _check_consistency(arguments.file, text, keys, held)
    else:
        _check_row(arguments.file, text, keys, held)


def _check_consistency(
    name: str, text: str, keys: Sequence[ec.EllipticCurvePublicKey], held: Sequence[Note]
) -> None:
    proof = read_consistency(text, name)
    _check_held(held, [proof.old, proof.new])
    check_consistency(proof, keys)
    old, new = proof.old.checkpoint, proof.new.checkpoint
    print(f"{name}: the record only grew: the {old.size:,} rows signed {_moment(old.signed_at)}")
    print(f"stand unchanged at the beginning of the {new.size:,} signed {_moment(new.signed_at)}.")
    print(f"record: {old.tree}")


def _check_row(
    name: str, text: str, keys: Sequence[ec.EllipticCurvePublicKey], held: Sequence[Note]
) -> None:
    proof = read_proof(text, name)
    _check_held(held, [proof.note])
    signed = check_proof(proof, keys)
    print(f"{name}: the row stands as it was sealed, at place {proof.index + 1:,} of")
    print(f"{signed.size:,} rows signed {_moment(signed.signed_at)}.")
    for line in _in_words(proof.row.items()):
        print(line)


def _check_held(held: Sequence[Note], of_proof: Sequence[Note]) -> None:
    """A checkpoint may be signed more than once; what it signs decides."""
    signed = {each.checkpoint for each in of_proof}
    for each in held:
        if each.checkpoint not in signed:
            raise DataRefusedError(
                f"the proof does not rest on your checkpoint at size {each.checkpoint.size:,}."
            )


def _in_words(fields: Iterable[tuple[str, object]]) -> list[str]:
    return [f"  {name}: {value}" for name, value in fields if value not in ("", None)]


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _note(name: str) -> Note:
    """The last checkpoint of the file, which may be a copy of a whole one."""
    found = list(read_notes(read_text(name).splitlines(), name))
    if not found:
        raise DataRefusedError(f"{name} holds no checkpoint.")
    return found[-1]


def _row_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise RequestError(f"row {text!r} cannot be read; write its number, like 1234.")
    return int(text)


def set_up_audit() -> None:
    """Django, and a database in which something was sealed; RequestError where nothing was."""
    from wellpost.server.config import serving

    serving.set_up()
    from django.db import connection

    if "audit_sealedrow" not in connection.introspection.table_names():
        raise RequestError(
            f"{serving.database_in_words()}: nothing was ever sealed here. Is WELLPOST_HOME right? "
            "wellpost serve brings a database up to date."
        )


def key_of(name: str) -> ec.EllipticCurvePublicKey:
    """The public key of that file."""
    return public_key(read_text(name).encode(), name)


def read_text(name: str) -> str:
    """The file's text; RequestError or DataRefusedError where there is none."""
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise RequestError(f"{name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise DataRefusedError(f"{name} is no text.") from None
