"""Words as keyed digests: HMAC-SHA256 under a key derived from the patient's own.

Who has the database alone sees how many different beginnings of words a message has, and which of
one patient's messages share some; not which, and nothing across two patients.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..associated_data import VERSION, encode
from ..keys.parties import private_bytes
from ..models import IndexedMessage, Message, PartyKey
from .words import token_for, tokens_of

DIGEST = 6
"""Bytes kept of a digest: by chance, one message in 10^12 is opened in vain, and then not shown."""


def search_key(key: PartyKey) -> bytes:
    """The key of the patient's index; TamperedError where the party's does not open."""
    info = encode("wellpost", VERSION, key.suite, "search", key.pk)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(private_bytes(key))


def row_for(message: Message, texts: Iterable[str], key: PartyKey, secret: bytes) -> IndexedMessage:
    """The message's row of the index, not saved; `secret` is the `search_key` of `key`."""
    digests = sorted(_digest(secret, token) for token in tokens_of(texts))
    return IndexedMessage(
        message=message, patient_id=message.thread.patient_id, party_key=key,
        tokens=b"".join(digests),
    )  # fmt: skip


def digests_for(terms: Iterable[str], secret: bytes) -> list[bytes]:
    """What the row of a message has that holds every term."""
    return [_digest(secret, token_for(each)) for each in terms]


def holds(tokens: bytes, digests: Iterable[bytes]) -> bool:
    """Whether the row's tokens have all of these."""
    return all(_has(tokens, each) for each in digests)


def _has(tokens: bytes, digest: bytes) -> bool:
    at = tokens.find(digest)
    while at >= 0 and at % DIGEST:  # across the border of two
        at = tokens.find(digest, at + 1)
    return at >= 0


def _digest(secret: bytes, token: str) -> bytes:
    return hmac.digest(secret, token.encode(), "sha256")[:DIGEST]
