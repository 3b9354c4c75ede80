"""A stream sealed with a passphrase: what is cut, moved or altered does not open.

The layout, all of it needed to open it anywhere: a line `wellpost-backup 1`, a line of JSON (the
parameters of scrypt, RFC 7914, and the size of a chunk), then chunks of AES-256-GCM. The nonce of
a chunk is 7 zero bytes, its number (4 bytes) and 1 in the last one, else 0 (STREAM, Hoang et al.
2015); each file has a key of its own by its salt. The two lines are the associated data. Chunk 0
is empty: it fails when the passphrase is wrong.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from wellpost.errors import DataRefusedError, RequestError

MAGIC = b"wellpost-backup 1\n"
CHUNK = 1 << 20
TAG = 16
COST = 1 << 17
"""scrypt's N: 128 MiB and about half a second a guess."""
LARGEST_COST = 1 << 20
LONGEST_HEADER = 1000
SHORTEST_PASSPHRASE = 16


def check_passphrase(passphrase: str) -> str:
    """RequestError for one that is too easily guessed by somebody who has the file."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise RequestError(
            f"the passphrase has {len(passphrase)} characters; give at least "
            f"{SHORTEST_PASSPHRASE}, best six words drawn by lot."
        )
    return passphrase


class SealedWriter:
    """Seals what is written into the file; `close` makes it whole."""

    def __init__(self, file: IO[bytes], passphrase: str, *, cost: int = COST) -> None:
        held = {"kdf": "scrypt", "n": cost, "r": 8, "p": 1, "chunk": CHUNK}
        salt = os.urandom(16)
        line = json.dumps({**held, "salt": base64.b64encode(salt).decode()}).encode() + b"\n"
        self._file, self._header, self._number = file, MAGIC + line, 0
        self._aead = AESGCM(_key(passphrase, salt, cost))
        self._waiting = bytearray()
        file.write(self._header)
        self._seal(b"", last=False)

    def write(self, data: bytes) -> None:
        """Any number of bytes."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        """The last chunk."""
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, data: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._file.write(self._aead.encrypt(nonce, data, self._header))
        self._number += 1


@dataclass(frozen=True)
class Header:
    """The two first lines, and what the second one says."""

    text: bytes
    salt: bytes
    cost: int
    chunk: int


def opened(file: IO[bytes], passphrase: str, name: str) -> Iterator[bytes]:
    """The chunks of what was written. DataRefusedError, naming the file, when it is no backup,
    is not whole or was altered; RequestError when the passphrase is another.
    """
    header = _header(file, name)
    aead = AESGCM(_key(passphrase, header.salt, header.cost))
    first = file.read(TAG)
    if len(first) < TAG:
        raise _cut(name)
    try:
        aead.decrypt(_nonce(0, last=False), first, header.text)
    except InvalidTag:
        raise RequestError(
            f"{name}: the passphrase is not the one it was made with (or its first bytes were "
            "altered)."
        ) from None
    yield from _chunks(file, aead, header, name)


def _chunks(file: IO[bytes], aead: AESGCM, header: Header, name: str) -> Iterator[bytes]:
    size, number = header.chunk + TAG, 1
    sealed = file.read(size)
    while True:
        following = file.read(size)
        last = not following
        try:
            yield aead.decrypt(_nonce(number, last=last), sealed, header.text)
        except (InvalidTag, ValueError):
            raise _cut(name) if last else _altered(name, number) from None
        if last:
            return
        sealed, number = following, number + 1


def _header(file: IO[bytes], name: str) -> Header:
    if file.readline(len(MAGIC)) != MAGIC:
        raise DataRefusedError(f"{name} is no backup that this version of Wellpost reads.")
    line = file.readline(LONGEST_HEADER)
    try:
        held = json.loads(line)
        salt, cost, chunk = base64.b64decode(held["salt"]), held["n"], held["chunk"]
        possible = 2 <= int(cost) <= LARGEST_COST and int(cost) & (int(cost) - 1) == 0
        right = possible and 0 < int(chunk) <= 1 << 24 and (held["r"], held["p"]) == (8, 1)
    except (ValueError, KeyError, TypeError):
        right = False
    if not right:
        raise DataRefusedError(f"{name}: its second line was altered; take another copy of it.")
    return Header(MAGIC + line, salt, int(cost), int(chunk))


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())


def _nonce(number: int, *, last: bool) -> bytes:
    return bytes(7) + number.to_bytes(4, "big") + bytes([last])


def _cut(name: str) -> DataRefusedError:
    return DataRefusedError(
        f"{name} is not whole: its end is missing, or was altered. Take another copy of it."
    )


def _altered(name: str, number: int) -> DataRefusedError:
    return DataRefusedError(
        f"{name} was altered {number * CHUNK >> 20} MB from its beginning or before. Take another "
        "copy of it."
    )
