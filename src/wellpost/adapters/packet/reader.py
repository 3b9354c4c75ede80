"""Checking a packet with nothing but itself: every byte is as it was signed, or it is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wellpost.adapters.packet.archive import (
    DIGEST,
    MANIFEST,
    SEALS,
    SIGNATURE,
    refuse_repacked,
    unpack,
)
from wellpost.adapters.packet.contents import COMPUTED, FORMAT, attested_of
from wellpost.adapters.packet.signing import fingerprint, signed, signed_hash
from wellpost.adapters.packet.writer import KEY, REPORT
from wellpost.errors import DataRefusedError, RequestError

NEEDED = ("README.txt", "attestation.json", "names.json", *COMPUTED, REPORT, KEY, *SEALS)
LARGEST = 500_000_000


@dataclass(frozen=True)
class Verified:
    """A packet of which every byte is as it was signed, and by which key."""

    members: Mapping[str, bytes]
    attested: Mapping[str, Any]
    fingerprint: str


def read_packet(path: Path) -> bytes:
    """The bytes of a packet's file; RequestError where there is none."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise DataRefusedError(f"{path} has {size:,} bytes; a packet has at most {LARGEST:,}.")
        return path.read_bytes()
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from None


def verify(data: bytes, label: str) -> Verified:
    """Check the packet; DataRefusedError names the file that is not as it was signed."""
    members = unpack(data, label)
    _refuse_missing(members, label)
    _refuse_unsigned(members, label)
    manifest = _manifest(members, label)
    faults = tuple(_faults(members, manifest, label))
    if faults:
        raise DataRefusedError(*faults)
    lying = {name: packed for name, (_, packed) in manifest.items()}
    refuse_repacked(data, label, members, lying)
    return Verified(members, _attested(members, label), fingerprint(members[KEY]))


def _refuse_missing(members: Mapping[str, bytes], label: str) -> None:
    missing = [name for name in NEEDED if name not in members]
    if len(missing) == len(NEEDED):
        raise DataRefusedError(f"{label} is a ZIP, but no audit packet: it has no {MANIFEST}.")
    if missing:
        raise DataRefusedError(f"{label}: {', '.join(missing)} is missing from the packet.")


def _refuse_unsigned(members: Mapping[str, bytes], label: str) -> None:
    """Which of manifest, its hash, its signature and the key was changed: they hold each other."""
    pem, signature, manifest = members[KEY], members[SIGNATURE], members[MANIFEST]
    named = members[DIGEST].decode("ascii", "replace")
    digest = hashlib.sha256(manifest).hexdigest()
    same = named == f"{digest}  {MANIFEST}\n"
    if signed(pem, signature, manifest):
        if not same:
            raise _changed(DIGEST, label)
        return
    if _listed_hash(manifest, KEY) not in (None, hashlib.sha256(pem).hexdigest()):
        raise _changed(KEY, label)
    if same:
        raise _changed(SIGNATURE, label)
    raise _changed(
        MANIFEST if _signed_named(pem, signature, named) else f"{MANIFEST} or {KEY}", label
    )


def _signed_named(pem: bytes, signature: bytes, named: str) -> bool:
    try:
        return signed_hash(pem, signature, bytes.fromhex(named[:64]))
    except ValueError:
        return False


def _listed_hash(manifest: bytes, name: str) -> str | None:
    try:
        return str(json.loads(manifest)["files"][name]["sha256"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _manifest(members: Mapping[str, bytes], label: str) -> Mapping[str, Any]:
    try:
        found = json.loads(members[MANIFEST])
        if found["format"] != FORMAT:
            raise DataRefusedError(
                f"{label} is a packet of form {found['format']!r}; this Wellpost reads {FORMAT}."
            )
        return {name: (each["sha256"], each["packed"]) for name, each in found["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DataRefusedError(f"{label}: {MANIFEST} is no manifest of a packet.") from None


def _faults(members: Mapping[str, bytes], manifest: Mapping[str, Any], label: str) -> Iterator[str]:
    for name in sorted(manifest.keys() - members.keys()):
        yield f"{label}: {name} is missing from the packet."
    for name in sorted(members.keys() - manifest.keys() - set(SEALS)):
        yield f"{label}: {name} was put into the packet after it was signed."
    for name in sorted(manifest.keys() & members.keys()):
        if hashlib.sha256(members[name]).hexdigest() != manifest[name][0]:
            yield str(_changed(name, label))


def _attested(members: Mapping[str, bytes], label: str) -> Mapping[str, Any]:
    try:
        return attested_of(members)
    except (ValueError, RecursionError):
        raise DataRefusedError(f"{label}: attestation.json cannot be read.") from None


def _changed(name: str, label: str) -> DataRefusedError:
    return DataRefusedError(
        f"{label}: {name} is not what was signed; it was changed after the packet was made."
    )
