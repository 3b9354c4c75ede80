"""Checkpoints: how large a tree was, its root, and when, signed, as text that is only added to.

The form is that of C2SP tlog-checkpoint in a C2SP signed note: origin, size and root (base64) each
on a line, then `time` on a line of its own; an empty line; then `— origin` and, base64, the first
four bytes of the SHA-256 of the public key (DER) with the ECDSA P-256 signature (DER) of the text.
A file holds many, each followed by an empty line.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from wellpost.errors import DataRefusedError

from .tree import HASH_SIZE

ORIGIN = "wellpost.audit/"
LONGEST_LINE = 500
_ECDSA = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True)
class Checkpoint:
    """A tree (its practice's identifier, or `server`) had this size and root at that time."""

    tree: str
    size: int
    root: bytes
    signed_at: datetime

    @property
    def text(self) -> str:
        """What is signed."""
        root = base64.b64encode(self.root).decode()
        time = self.signed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{ORIGIN}{self.tree}\n{self.size}\n{root}\ntime {time}\n"


@dataclass(frozen=True)
class Note:
    """A checkpoint with a signature: `signer` is the hint of the key (four bytes)."""

    checkpoint: Checkpoint
    signer: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """As it stands in a file, without the empty line after it."""
        signed = base64.b64encode(self.signer + self.signature).decode()
        return f"{self.checkpoint.text}\n— {ORIGIN}{self.checkpoint.tree} {signed}\n"


class Signer(Protocol):
    """Signs with a private key that it need not show."""

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """What others check with."""

    def sign(self, text: bytes) -> bytes:
        """The ECDSA P-256 signature, with SHA-256, in DER."""


def sign(checkpoint: Checkpoint, signer: Signer) -> Note:
    """The checkpoint, signed."""
    return Note(checkpoint, key_hint(signer.public_key()), signer.sign(checkpoint.text.encode()))


def check(note: Note, keys: Sequence[ec.EllipticCurvePublicKey]) -> None:
    """DataRefusedError unless one of the keys signed the note."""
    if not any(_signed(note, key) for key in keys if key_hint(key) == note.signer):
        raise DataRefusedError(
            f"the checkpoint at size {note.checkpoint.size:,} is not signed by a key that was "
            "given: it was changed, or made by somebody else."
        )


def key_hint(key: ec.EllipticCurvePublicKey) -> bytes:
    """The first four bytes of the key's SHA-256, as C2SP has it for ECDSA."""
    return bytes.fromhex(fingerprint(key))[:4]


def fingerprint(key: ec.EllipticCurvePublicKey) -> str:
    """SHA-256 of the public key (DER), to compare with one that is known."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(key.public_bytes(serialization.Encoding.DER, form)).hexdigest()


def public_pem(key: ec.EllipticCurvePublicKey) -> bytes:
    """The public key, as every tool reads it."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form)


def public_key(pem: bytes, where: str) -> ec.EllipticCurvePublicKey:
    """The P-256 key of a PEM file; DataRefusedError for anything else."""
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError:
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise DataRefusedError(f"{where} holds no public key on P-256 in PEM.")
    return key


def read_note(text: str, where: str) -> Note:
    """The note of a text; DataRefusedError says where it is not in the form."""
    found = list(read_notes(text.splitlines(), where))
    if len(found) != 1:
        raise DataRefusedError(f"{where}: {len(found)} checkpoints; there must be one.")
    return found[0]


def read_notes(lines: Iterable[str], where: str) -> Iterator[Note]:
    """The notes of a file one after another, however large it is. A torn last one is refused."""
    held: list[str] = []
    for number, line in enumerate(lines, 1):
        stripped = line.rstrip("\n")
        if len(stripped) > LONGEST_LINE:
            raise _refused(where, number)
        if stripped or held:
            held.append(stripped)
        if len(held) == 6:  # four lines of text, the empty one, the signature
            yield _note(held, where, number)
            held = []
    if any(held):
        raise _refused(where, number)


def _note(lines: Sequence[str], where: str, number: int) -> Note:
    try:
        checkpoint = _checkpoint(lines)
        dash, name, signed = lines[5].split(" ")
        data = base64.b64decode(signed, validate=True)
        good = not lines[4] and dash == "—" and name == lines[0] and len(data) > 4
    except (ValueError, binascii.Error):
        raise _refused(where, number) from None
    if not good or checkpoint.text.split("\n")[:4] != list(lines[:4]):
        raise _refused(where, number)
    return Note(checkpoint, data[:4], data[4:])


def _checkpoint(lines: Sequence[str]) -> Checkpoint:
    origin, size, root, time = lines[:4]
    moment = datetime.strptime(time, "time %Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    made = Checkpoint(
        origin.removeprefix(ORIGIN), int(size), base64.b64decode(root, validate=True), moment
    )
    if len(made.root) != HASH_SIZE or made.size < 1:
        raise ValueError("no root or no size")
    return made


def _signed(note: Note, key: ec.EllipticCurvePublicKey) -> bool:
    try:
        key.verify(note.signature, note.checkpoint.text.encode(), _ECDSA)
    except InvalidSignature:
        return False
    return True


def _refused(where: str, number: int) -> DataRefusedError:
    return DataRefusedError(
        f"{where}:{number}: this is no checkpoint as Wellpost writes them; the file was changed "
        "or cut off here."
    )
