"""Signatures: ECDSA on P-256 with SHA-256 (FIPS 186-5), the same text signed to the same bytes."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from wellpost.errors import DataRefusedError, RequestError

KEY_FILE = "attestation.pem"
"""Beside the keys of messages, in WELLPOST_HOME/keys; only its owner may read it."""


def signing_key(folder: Path) -> ec.EllipticCurvePrivateKey:
    """The key of this installation; made once, when there is none."""
    place = folder / KEY_FILE
    if not place.exists():
        _make(place)
    mode = stat.S_IMODE(place.stat().st_mode)
    if mode & 0o077:
        raise RequestError(
            f"{place}: others on this machine can read this key (mode {mode:04o}); "
            "make it 0600: its owner alone."
        )
    return _loaded(place)


def public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public key, as every tool reads it."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def fingerprint(pem: bytes) -> str:
    """SHA-256 of the public key, to compare with one that is known."""
    der = _public(pem).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(der).hexdigest()


def sign(key: ec.EllipticCurvePrivateKey, text: bytes) -> bytes:
    """The signature, in DER."""
    return key.sign(text, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def signed(pem: bytes, signature: bytes, text: bytes) -> bool:
    """Whether the holder of the key signed exactly this text."""
    return signed_hash(pem, signature, hashlib.sha256(text).digest())


def signed_hash(pem: bytes, signature: bytes, digest: bytes) -> bool:
    """Whether the holder of the key signed a text of this SHA-256."""
    try:
        _public(pem).verify(signature, digest, ec.ECDSA(Prehashed(hashes.SHA256())))
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(pem: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError:
        raise DataRefusedError("public-key.pem is no public key; it was changed.") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise DataRefusedError("public-key.pem is no P-256 key; it was changed.")
    return key


def _loaded(place: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(place.read_bytes(), password=None)
    except (ValueError, TypeError):
        raise RequestError(f"{place} is no private key; put it back from the backup.") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise RequestError(f"{place} is no P-256 key; put it back from the backup.")
    return key


def _make(place: Path) -> None:
    """Written beside and linked into place, so that of two who start together one key stays."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    waiting = place.with_name(f"{place.name}.{secrets.token_hex(4)}.new")
    with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(waiting, place)
    except FileExistsError:
        pass
    finally:
        waiting.unlink()
