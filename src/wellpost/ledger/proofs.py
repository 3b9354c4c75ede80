"""The proof of one row: a JSON file that anybody can check with the practice's public key alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from wellpost.errors import DataRefusedError

from .notes import Checkpoint, Note, check, read_note
from .rows import encoded
from .tree import HASH_SIZE, leaf_hash, root_of_inclusion

FORM = "wellpost-audit-proof/1"
LARGEST = 64 * 1024
"""Bytes; a proof has at most 64 hashes and one row."""


@dataclass(frozen=True)
class Proof:
    """That the row is the leaf `index` of the tree whose size and root the note signs."""

    row: Mapping[str, Any]
    index: int
    path: Sequence[bytes]
    note: Note

    def as_json(self) -> str:
        """The file."""
        parts = {
            "form": FORM,
            "row": dict(self.row),
            "index": self.index,
            "path": [each.hex() for each in self.path],
            "checkpoint": self.note.text,
        }
        return json.dumps(parts, indent=2, ensure_ascii=False) + "\n"


def read_proof(text: str, where: str) -> Proof:
    """The proof of a file; DataRefusedError says what of it is not in the form."""
    if len(text.encode()) > LARGEST:
        raise DataRefusedError(f"{where} is larger than any proof ({LARGEST:,} bytes).")
    try:
        parts = json.loads(text)
        form = parts.pop("form")
        path = [bytes.fromhex(each) for each in parts["path"]]
        row, index, note = parts["row"], parts["index"], parts["checkpoint"]
        good = form == FORM and isinstance(row, dict) and type(index) is int
        good = good and isinstance(note, str) and all(len(each) == HASH_SIZE for each in path)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        good = False
    if not good:
        raise DataRefusedError(
            f"{where} is no proof of a row: it must be JSON with form {FORM}, row, index, path "
            "and checkpoint, as Wellpost writes it."
        )
    return Proof(row, index, path, read_note(note, where))


def check_proof(proof: Proof, keys: Sequence[ec.EllipticCurvePublicKey]) -> Checkpoint:
    """The signed checkpoint that the row stands under; DataRefusedError when it does not.

    Nothing is asked of a server or a database: the row's bytes, the path and the signature
    decide.
    """
    check(proof.note, keys)
    signed = proof.note.checkpoint
    leaf = leaf_hash(encoded(proof.row))
    if root_of_inclusion(leaf, proof.index, signed.size, proof.path) != signed.root:
        raise DataRefusedError(
            f"the row is not what was sealed at place {proof.index:,} of {signed.size:,}: the row "
            "or the proof was changed."
        )
    tree = proof.row["practice_id"] or "server"
    if tree != signed.tree:
        raise DataRefusedError("the row and the checkpoint are of different practices.")
    return signed
