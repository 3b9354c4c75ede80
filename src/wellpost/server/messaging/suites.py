"""The algorithms of an envelope, by the number stored with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives import hpke

from .errors import TamperedError


@dataclass(frozen=True)
class CipherSuite:
    """How keys are wrapped; content is AES-256-GCM under keys from HKDF-SHA256 in every suite."""

    number: int
    name: str
    wrapping: hpke.Suite


P256_SHA256_AES256GCM = CipherSuite(
    number=1,
    name="HPKE base, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180)",
    wrapping=hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM),
)

# P-256, SHA-2 and AES-GCM stand in FIPS 140-2 Annex A, as 170.314(e)(3) asks; X25519 does not.
CURRENT = P256_SHA256_AES256GCM
SUITES: Mapping[int, CipherSuite] = {each.number: each for each in (P256_SHA256_AES256GCM,)}


def suite(number: int) -> CipherSuite:
    """The suite of a stored number; TamperedError for one that never was in use."""
    found = SUITES.get(number)
    if found is None:
        raise TamperedError("key")
    return found
