"""The key pairs of patients, representatives and practices: made, opened, revoked."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from django.db.models import Q

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice, Representative

from ..associated_data import VERSION, encode
from ..errors import TamperedError
from ..models import PartyKey, PartyKind
from ..suites import CURRENT
from .provider import Wrapped, provider

MOST_REMEMBERED = 20_000
_GENUINE: set[bytes] = set()
"""Whose public keys are which, as was seen; nothing secret."""


class Party(NamedTuple):
    """Who can hold a key."""

    kind: str
    id: UUID


_KINDS: dict[type, str] = {
    Patient: PartyKind.PATIENT.value,
    Representative: PartyKind.REPRESENTATIVE.value,
    Practice: PartyKind.PRACTICE.value,
}


def party_of(holder: Patient | Representative | Practice) -> Party:
    """The party that a record, a representative or a practice is."""
    return Party(_KINDS[type(holder)], holder.id)


def holder_of(key: PartyKey) -> Party:
    """Whose key it is."""
    return Party(key.party_kind, key.party_id)


def keys_of(parties: Iterable[Party]) -> dict[Party, PartyKey]:
    """The key in force of each party, made now for those that have none."""
    wanted = list(dict.fromkeys(parties))
    found = _in_force(wanted)
    missing = [party for party in wanted if party not in found]
    if missing:
        # Two requests may make one party's first key together: the constraint keeps one.
        PartyKey.objects.bulk_create([_made(party) for party in missing], ignore_conflicts=True)
        found |= _in_force(missing)
    return found


def public_key(key: PartyKey) -> ec.EllipticCurvePublicKey:
    """The key that wraps for this party; TamperedError where it is not the one that its private key
    was made and stored with. Whoever can write to the database would put their own in its place,
    and read whatever is wrapped for it from then on.
    """
    _check_genuine(key)
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes(key.public_key))
    except ValueError:
        raise TamperedError("key", target_id=key.pk) from None


def _check_genuine(key: PartyKey) -> None:
    """Once a process and key: the provider authenticates the public key with the private one."""
    told = private_key_context(key)
    if told in _GENUINE:
        return
    private_bytes(key)
    if len(_GENUINE) >= MOST_REMEMBERED:
        _GENUINE.clear()
    _GENUINE.add(told)


def private_key(key: PartyKey) -> ec.EllipticCurvePrivateKey:
    """The key that opens for this party, unwrapped by the key provider."""
    loaded = load_der_private_key(private_bytes(key), password=None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise TamperedError("key", target_id=key.pk)
    return loaded


def private_bytes(key: PartyKey) -> bytes:
    """The private key as it was stored (PKCS #8), of which other keys can be derived."""
    wrapped = Wrapped(key.wrapping_key_id, bytes(key.wrapped_private_key))
    return provider().unwrap(wrapped, private_key_context(key))


def replaced(key: PartyKey) -> PartyKey:
    """Revoke the key and make the party a new one, in the caller's transaction."""
    key.revoked_at = clock.now()
    key.save(update_fields=["revoked_at"])
    new = _made(holder_of(key))
    new.save(force_insert=True)
    return new


def _in_force(parties: list[Party]) -> dict[Party, PartyKey]:
    """A key whose party was exchanged would open for the wrong one: its context says whose it is,
    so it fails to unwrap."""
    asked = Q(pk__in=[])
    for kind in {party.kind for party in parties}:
        ids = [party.id for party in parties if party.kind == kind]
        asked |= Q(party_kind=kind, party_id__in=ids)
    return {holder_of(key): key for key in PartyKey.objects.filter(asked, revoked_at=None)}


def _made(party: Party) -> PartyKey:
    pair = ec.generate_private_key(ec.SECP256R1())
    key = PartyKey(
        id=uuid.uuid4(),
        party_kind=party.kind,
        party_id=party.id,
        suite=CURRENT.number,
        public_key=pair.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        created_at=clock.now(),
    )
    secret = pair.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    key.wrapping_key_id, key.wrapped_private_key = provider().wrap(secret, private_key_context(key))
    return key


def private_key_context(key: PartyKey) -> bytes:
    """What the provider binds the wrapped private key to: whose it is."""
    return encode(
        "wellpost", VERSION, "private key", key.suite, key.pk, key.party_kind, key.party_id,
        bytes(key.public_key),
    )  # fmt: skip
