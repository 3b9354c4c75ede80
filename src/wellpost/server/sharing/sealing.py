"""What waits behind a link, readable only with the link's token and the code together.

The file is sealed with AES-256-GCM under a random key; that key is sealed under one derived
(scrypt) from token and code, neither of which is kept. So the database alone opens nothing, a link
that went astray neither, and who tries codes is slowed down.
"""

from __future__ import annotations

import hashlib
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

NONCE_BYTES = 12
KEY_BYTES = 32
CODE_DIGITS = 8
WORK = 2**14
"""scrypt's cost: 16 MB and some hundredths of a second a try."""


class WrongCodeError(Exception):
    """The code is not the one that belongs to the token."""


def make_token() -> str:
    """256 random bits, as an address can hold them."""
    return secrets.token_urlsafe(32)


def make_code() -> str:
    """Eight random digits, easy to say by telephone: 4821 7730."""
    digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    return f"{digits[:4]} {digits[4:]}"


def token_hash(token: str) -> str:
    """What is kept of a token: enough to find it again, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def seal(content: bytes, token: str, code: str, bound_to: bytes) -> tuple[bytes, bytes]:
    """The wrapped key and the sealed content; `bound_to` says of which sending they are."""
    key = os.urandom(KEY_BYTES)
    wrapped = _encrypt(_derived(token, code, bound_to), key, bound_to)
    return wrapped, _encrypt(key, content, bound_to)


def unwrap(wrapped: bytes, token: str, code: str, bound_to: bytes) -> bytes:
    """The key of the content; WrongCodeError where token and code do not belong to it."""
    try:
        return _decrypt(_derived(token, code, bound_to), wrapped, bound_to)
    except InvalidTag:
        raise WrongCodeError from None


def unseal(content: bytes, key: bytes, bound_to: bytes) -> bytes:
    """The content in the clear."""
    return _decrypt(key, content, bound_to)


def _derived(token: str, code: str, bound_to: bytes) -> bytes:
    digits = "".join(sign for sign in code if sign.isdigit())
    derive = Scrypt(salt=bound_to, length=KEY_BYTES, n=WORK, r=8, p=1)
    return derive.derive(f"{token}\n{digits}".encode())


def _encrypt(key: bytes, content: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, bound_to)


def _decrypt(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
