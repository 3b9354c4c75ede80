"""Sealing and opening, in bytes alone: no database, no account, no permission.

A thread's epoch has one random 256-bit key. HKDF-SHA256 (RFC 5869) makes of it separate keys
for bodies, subjects, digests and each attachment; AES-256-GCM with a random 96-bit nonce seals
under them; HPKE (RFC 9180) wraps the epoch key once for each party.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .associated_data import VERSION, MessagePlace, ThreadPlace, Value, encode
from .errors import TamperedError
from .suites import suite

KEY_SIZE = 32
NONCE_SIZE = 12


class Sealed(NamedTuple):
    """A nonce and what was sealed under it, tag included."""

    nonce: bytes
    data: bytes


def new_key() -> bytes:
    """A random epoch key."""
    return os.urandom(KEY_SIZE)


@dataclass(frozen=True, repr=False)
class EpochKeys:
    """One epoch's key, and what is sealed under the keys made of it."""

    place: ThreadPlace
    secret: bytes

    def seal_body(self, data: bytes, at: MessagePlace) -> Sealed:
        """A message's content, bound to everything that stands beside it."""
        return seal(self._body, data, at.encoded(self.place))

    def open_body(self, sealed: Sealed, at: MessagePlace) -> bytes:
        """The content; TamperedError if it or anything beside it was changed."""
        return unseal(self._body, sealed, at.encoded(self.place), "message")

    def seal_subject(self, subject: str) -> Sealed:
        """The thread's subject, bound to the thread and the epoch."""
        return seal(self._subject, subject.encode(), self.place.encoded("subject"))

    def open_subject(self, sealed: Sealed) -> str:
        """The subject; TamperedError if it was changed or belongs to another thread."""
        return unseal(self._subject, sealed, self.place.encoded("subject"), "subject").decode()

    def attachment_key(self, attachment: UUID) -> bytes:
        """The key of one attachment alone."""
        return self._derived("attachment", attachment)

    def digest(self, *values: Value) -> bytes:
        """HMAC-SHA256 of the values: tells whether two requests are the same, and nothing else."""
        return hmac.digest(self._derived("digest"), encode(*values), "sha256")

    @cached_property
    def _body(self) -> bytes:
        """The key of every body, derived once for all the messages of a page."""
        return self._derived("body")

    @cached_property
    def _subject(self) -> bytes:
        """The key of the subject; whoever comes again soon has it derived already."""
        return self._derived("subject")

    def _derived(self, purpose: str, *more: Value) -> bytes:
        info = encode("wellpost", VERSION, self.place.suite, purpose, *more)
        return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=info).derive(self.secret)


def seal(key: bytes, data: bytes, bound: bytes) -> Sealed:
    """AES-256-GCM under a fresh random nonce; `bound` is authenticated and not stored."""
    nonce = os.urandom(NONCE_SIZE)
    return Sealed(nonce, AESGCM(key).encrypt(nonce, data, bound))


def unseal(key: bytes, sealed: Sealed, bound: bytes, what: str) -> bytes:
    """What was sealed; TamperedError naming `what` when key, data or `bound` differ."""
    try:
        return AESGCM(key).decrypt(bytes(sealed.nonce), bytes(sealed.data), bound)
    except (InvalidTag, ValueError):
        raise TamperedError(what) from None


def wrap(keys: EpochKeys, party_key: UUID, public: EllipticCurvePublicKey) -> bytes:
    """The epoch key, wrapped for one party and bound to thread, epoch and party key."""
    return suite(keys.place.suite).wrapping.encrypt(
        keys.secret, public, keys.place.encoded("wrap", party_key)
    )


def unwrap(
    wrapped: bytes, place: ThreadPlace, party_key: UUID, private: EllipticCurvePrivateKey
) -> EpochKeys:
    """The epoch's keys from a party's wrap; TamperedError if it is not the one made for it."""
    bound = place.encoded("wrap", party_key)
    try:
        secret = suite(place.suite).wrapping.decrypt(bytes(wrapped), private, bound)
    except (InvalidTag, ValueError):
        raise TamperedError("key") from None
    return EpochKeys(place, secret)
