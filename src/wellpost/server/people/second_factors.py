"""The secrets of second factors, sealed: the database alone opens none of them."""

from __future__ import annotations

import base64
import os

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12
PURPOSE = b"wellpost second factors v1"


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Keeps TOTP secrets and the seed of recovery codes under AES-256-GCM (170.315(d)(12))."""

    def encrypt(self, text: str) -> str:
        """Seal with a key that follows from the server's secret."""
        nonce = os.urandom(NONCE)
        sealed = AESGCM(_key()).encrypt(nonce, text.encode(), PURPOSE)
        return base64.b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        kept = base64.b64decode(encrypted_text)
        return AESGCM(_key()).decrypt(kept[:NONCE], kept[NONCE:], PURPOSE).decode()


def _key() -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return derive.derive(settings.SECRET_KEY.encode())
