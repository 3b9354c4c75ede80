"""The proof of one row, for who may see the row."""

from __future__ import annotations

from wellpost.errors import RequestError
from wellpost.ledger.notes import Note
from wellpost.ledger.proofs import Proof
from wellpost.ledger.rows import FIELDS, plain_row

from .checkpoints import last_checkpoint
from .models import AuditRow, SealedRow
from .trees import path_to


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


def _proof(row: dict[str, object], sealed: SealedRow, note: Note) -> Proof:
    path = path_to(sealed.tree, sealed.place, note.checkpoint.size)
    return Proof(plain_row(row), sealed.place, path, note)
