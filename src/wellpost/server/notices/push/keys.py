"""The key by which push services know this installation (VAPID, RFC 8292): one file of the home.

A browser that was asked under one key takes no notice under another, so it is kept and backed up
as the other keys are.
"""

from __future__ import annotations

import base64
import json
import os
import time
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.conf import settings
from django.core.signals import setting_changed
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

HOLDS_SECONDS = 12 * 3600
"""How long a push service may take one proof for; at most a day (RFC 8292, section 2)."""


def public_key() -> str:
    """As a browser takes it: the point, not compressed, in base64url."""
    numbers = json.loads(_key().export_public())
    point = b"\x04" + _bytes(numbers["x"]) + _bytes(numbers["y"])
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def authorization(endpoint: str) -> str:
    """The header by which the push service of that address knows who sends."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + HOLDS_SECONDS,  # by the real time: the service reads it
        "sub": _who_sends(),
    }
    token = JWS(json.dumps(claims))
    token.add_signature(_key(), protected='{"typ":"JWT","alg":"ES256"}')
    return f"vapid t={token.serialize(compact=True)}, k={public_key()}"


def _who_sends() -> str:
    """Whom a push service can turn to: the address people type, else the sender of email."""
    place: str = settings.SITE_ADDRESS
    return place if place.startswith("https://") else f"mailto:{settings.DEFAULT_FROM_EMAIL}"


@lru_cache(maxsize=1)
def _key() -> JWK:
    kept = Path(settings.HOME) / "push-key.pem"
    if not kept.exists():
        _make(kept)
    return JWK.from_pem(kept.read_bytes())


def _make(kept: Path) -> None:
    """For its owner alone; of two processes that start at once, the first one's stands."""
    made = ec.generate_private_key(ec.SECP256R1())
    text = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    being_written = kept.with_suffix(f".{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(being_written, flags, 0o600), "wb") as file:
        file.write(text)
    try:
        os.link(being_written, kept)
    except FileExistsError:
        pass
    finally:
        being_written.unlink()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _forget(*, setting: str, **_: object) -> None:
    if setting == "HOME":
        _key.cache_clear()


setting_changed.connect(_forget)
