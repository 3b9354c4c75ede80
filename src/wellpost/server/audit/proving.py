"""Proofs: of one row, for who may see the row; and that the record only grew, for an auditor."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric import ec

from wellpost.errors import DataRefusedError, RequestError
from wellpost.ledger.consistency import Consistency, check_consistency
from wellpost.ledger.notes import Note
from wellpost.ledger.proofs import Proof
from wellpost.ledger.rows import FIELDS, plain_row

from .checkpoints import last_checkpoint
from .models import AuditRow, SealedRow
from .signer import signer
from .trees import path_between, path_to, size_of


def proof_of(row_id: int) -> Proof | None:
    """The proof under the latest checkpoint; None while none covers the row yet.

    RequestError when there is no such row. The proof is made, not checked: who is given it does
    that.
    """
    row = AuditRow.objects.filter(pk=row_id).values(*FIELDS).first()
    if row is None:
        raise RequestError(f"there is no row {row_id} on record.")
    sealed = SealedRow.objects.filter(pk=row_id).first()
    note = last_checkpoint(sealed.tree) if sealed else None
    if sealed is None or note is None or note.checkpoint.size <= sealed.place:
        return None
    return _proof(row, sealed, note)


def consistency_of(
    old: Note, new: Note | None = None, keys: Sequence[ec.EllipticCurvePublicKey] = ()
) -> Consistency:
    """The proof that the record signed by `new` (else by the latest checkpoint) begins with the
    one signed by `old`. `keys`: which signed them; none: the server's own.

    RequestError when there is nothing to prove between the two; DataRefusedError when the rows on
    record are not those that they sign.
    """
    tree = old.checkpoint.tree
    new = new or last_checkpoint(tree)
    if new is None or new.checkpoint.tree != tree:
        raise RequestError("the two checkpoints must be of one practice, and of this server.")
    if not old.checkpoint.size <= new.checkpoint.size:
        raise RequestError("the first checkpoint must be the older one, of no more rows.")
    made = Consistency(old, new, _grown(tree, old.checkpoint.size, new.checkpoint.size))
    check_consistency(made, keys or [signer().public_key()])
    return made


def _grown(tree: str, old: int, new: int) -> list[bytes]:
    if (there := size_of(tree)) < new:
        raise DataRefusedError(f"the checkpoint signs {new:,} rows; the server has {there:,}.")
    return path_between(tree, old, new)


def _proof(row: dict[str, object], sealed: SealedRow, note: Note) -> Proof:
    path = path_to(sealed.tree, sealed.place, note.checkpoint.size)
    return Proof(plain_row(row), sealed.place, path, note)
