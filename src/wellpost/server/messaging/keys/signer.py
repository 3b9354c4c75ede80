"""The key that signs the audit's checkpoints: on disk wrapped by the key provider.

`WELLPOST_HOME/keys/checkpoints.json` holds it, never the database: whoever can change every row
there can still not sign for it. Its public half stands beside the checkpoints.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from django.conf import settings

from .provider import KeyProviderError, Wrapped, provider

NAME = "checkpoints.json"
CONTEXT = b"wellpost audit checkpoints: private key, P-256"
_ECDSA = ec.ECDSA(hashes.SHA256())


class CheckpointSigner:
    """Signs with the key of this installation, made once when there is none."""

    def __init__(self, folder: Path | None = None) -> None:
        self._place = (folder or Path(settings.HOME) / "keys") / NAME
        self._key: ec.EllipticCurvePrivateKey | None = None

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """What others check with."""
        return self._private().public_key()

    def sign(self, text: bytes) -> bytes:
        """The signature, in DER."""
        return self._private().sign(text, _ECDSA)

    def rewrap(self) -> None:
        """Have the key wrapped under the provider's key in force, where there is one yet."""
        if self._place.exists():
            self._load()

    def _private(self) -> ec.EllipticCurvePrivateKey:
        if self._key is None:
            if not self._place.exists():
                self._write(ec.generate_private_key(ec.SECP256R1()), once=True)
            self._key = self._load()
        return self._key

    def _load(self) -> ec.EllipticCurvePrivateKey:
        """Unwrapped; wrapped anew where the provider has a newer key in force."""
        wrapped = self._read()
        key = load_der_private_key(provider().unwrap(wrapped, CONTEXT), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyProviderError(f"{self._place}: holds no P-256 key; put the backup's back.")
        if wrapped.key_id != provider().key_in_force():
            self._write(key, once=False)
        return key

    def _read(self) -> Wrapped:
        try:
            held = json.loads(self._place.read_text())
            return Wrapped(held["key_id"], base64.b64decode(held["wrapped"]))
        except (ValueError, KeyError, TypeError):
            raise KeyProviderError(
                f"{self._place}: is not as Wellpost wrote it; put it back from the backup of the "
                "keys. Without it checkpoints would be signed by another key."
            ) from None

    def _write(self, key: ec.EllipticCurvePrivateKey, *, once: bool) -> None:
        """Whole or not at all; of two that make the first key together, one stays."""
        secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        wrapped = provider().wrap(secret, CONTEXT)
        held = {"key_id": wrapped.key_id, "wrapped": base64.b64encode(wrapped.data).decode()}
        self._place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        waiting = self._place.with_name(f"{NAME}.{secrets.token_hex(4)}.new")
        with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(json.dumps(held))
            file.flush()
            os.fsync(file.fileno())
        if once:
            _linked(waiting, self._place)
        else:
            waiting.replace(self._place)


def _linked(waiting: Path, place: Path) -> None:
    try:
        os.link(waiting, place)
    except FileExistsError:
        pass
    finally:
        waiting.unlink()
