"""The proof that a tree only grew: between two signed checkpoints nothing was altered or taken out.

A JSON file (RFC 6962, section 2.1.2) that an auditor checks with the two checkpoints and the
public key alone; no row of anybody is in it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from wellpost.errors import DataRefusedError

from .notes import Note, check, read_note
from .tree import HASH_SIZE, is_consistent

FORM = "wellpost-audit-consistency/1"
LARGEST = 64 * 1024
"""Bytes; a proof has at most some 65 hashes."""


@dataclass(frozen=True)
class Consistency:
    """That the tree of `new` begins with the tree of `old`."""

    old: Note
    new: Note
    path: Sequence[bytes]

    def as_json(self) -> str:
        """The file."""
        parts = {
            "form": FORM,
            "old": self.old.text,
            "new": self.new.text,
            "path": [each.hex() for each in self.path],
        }
        return json.dumps(parts, indent=2, ensure_ascii=False) + "\n"


def is_of_consistency(text: str) -> bool:
    """Whether the file says that it is such a proof, right or wrong."""
    try:
        parts = json.loads(text) if len(text) <= LARGEST else None
    except (ValueError, RecursionError):
        return False
    return isinstance(parts, dict) and parts.get("form") == FORM


def read_consistency(text: str, where: str) -> Consistency:
    """The proof of a file; DataRefusedError says what of it is not in the form."""
    try:
        parts = json.loads(text) if is_of_consistency(text) else {}
        path = [bytes.fromhex(each) for each in parts["path"]]
        old, new = parts["old"], parts["new"]
        good = isinstance(old, str) and isinstance(new, str)
        good = good and all(len(each) == HASH_SIZE for each in path)
    except (ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise DataRefusedError(
            f"{where} is no proof between two checkpoints: it must be JSON with form {FORM}, old, "
            "new and path, as Wellpost writes it."
        )
    return Consistency(read_note(old, f"{where} (old)"), read_note(new, f"{where} (new)"), path)


def check_consistency(proof: Consistency, keys: Sequence[ec.EllipticCurvePublicKey]) -> None:
    """DataRefusedError unless the new tree begins with the old one, and both are signed."""
    for note in (proof.old, proof.new):
        check(note, keys)
    old, new = proof.old.checkpoint, proof.new.checkpoint
    if old.tree != new.tree:
        raise DataRefusedError("the two checkpoints are of different practices.")
    if not is_consistent(old.size, new.size, old.root, new.root, proof.path):
        raise DataRefusedError(
            f"the record at size {new.size:,} does not begin with the one at size {old.size:,}: "
            "something before it was altered or taken out, or the proof was changed."
        )
