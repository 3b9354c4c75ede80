"""Envelopes: whatever stands where something sealed should, it does not open, and says no more."""

from __future__ import annotations

import io
from collections.abc import Iterator
from uuid import UUID

import django

django.setup()

from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402 - Django is set up first

from wellpost.errors import WellpostError  # noqa: E402 - Django is set up first
from wellpost.ledger.notes import read_notes  # noqa: E402 - Django is set up first
from wellpost.ledger.proofs import read_proof  # noqa: E402 - Django is set up first
from wellpost.server.messaging.associated_data import ThreadPlace  # noqa: E402 - Django is set up first
from wellpost.server.messaging.envelope import (  # noqa: E402 - Django is set up first
    EpochKeys,
    Sealed,
    seal,
    unseal,
    unwrap,
    wrap,
)
from wellpost.server.messaging.streams import open_chunks, seal_chunks  # noqa: E402 - Django is set up first
from wellpost.server.upkeep.sealed_stream import opened  # noqa: E402 - Django is set up first

NOBODY = UUID(int=7)
KEY, BOUND = bytes(range(32)), b"where it stands"
PLACE = ThreadPlace(1, NOBODY, NOBODY, NOBODY, 1)
PRIVATE = ec.derive_private_key(12345, ec.SECP256R1())


def corpus() -> Iterator[bytes]:
    """One of each that opens."""
    yield b"\x00" + b"".join(seal(KEY, b"a text", BOUND))
    yield b"\x01" + wrap(EpochKeys(PLACE, KEY), NOBODY, PRIVATE.public_key())
    yield b"\x02" + b"".join(b"".join(each) for each in seal_chunks(KEY, NOBODY, [b"x" * 70_000]))
    yield b'\x03{"row": {}, "path": []}'
    yield b"\x04wellpost.audit/practice\n1\nAAAA\n\n"


def attempt(data: bytes) -> None:
    """The first byte says which reader; the others are what it reads."""
    which, held = data[:1], data[1:]
    try:
        _READERS.get(which, _open)(held)
    except WellpostError:
        return


def _open(held: bytes) -> None:
    unseal(KEY, Sealed(held[:12], held[12:]), BOUND, "message")


def _unwrap(held: bytes) -> None:
    unwrap(held, PLACE, NOBODY, PRIVATE)


def _chunks(held: bytes) -> None:
    pieces = [held[at : at + 64] for at in range(0, len(held), 64)]
    for _ in open_chunks(KEY, NOBODY, (Sealed(each[:12], each[12:]) for each in pieces)):
        raise AssertionError("something opened that was never sealed")


_READERS = {
    b"\x01": _unwrap,
    b"\x02": _chunks,
    b"\x03": lambda held: read_proof(held.decode(errors="replace"), "a proof"),
    b"\x04": lambda held: list(read_notes(held.decode(errors="replace").splitlines(), "notes")),
    b"\x05": lambda held: list(opened(io.BytesIO(held), "a passphrase of some length", "backup")),
}
