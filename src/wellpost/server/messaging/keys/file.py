"""Key-encryption keys as files of one machine: WELLPOST_HOME/keys/<identifier>.key, mode 0600."""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from ..envelope import KEY_SIZE, NONCE_SIZE, Sealed, seal, unseal
from ..errors import TamperedError
from .provider import KeyProviderError, Wrapped


class FileKeyProvider:
    """Each file is one key; the one whose name sorts last is in force, the others still unwrap."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(settings.HOME) / "keys"
        self._read: dict[str, bytes] = {}
        self._in_force = ""

    def key_in_force(self) -> str:
        """The newest key's identifier; the first one is made when there is none."""
        if not self._in_force:
            self._in_force = max(self._names(), default="") or self._first()
        return self._in_force

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        """The secret under the key in force, by AES-256-GCM."""
        key_id = self.key_in_force()
        sealed = seal(self._key(key_id), secret, context)
        return Wrapped(key_id, sealed.nonce + sealed.data)

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """The secret again."""
        data = bytes(wrapped.data)
        sealed = Sealed(data[:NONCE_SIZE], data[NONCE_SIZE:])
        return unseal(self._key(wrapped.key_id), sealed, context, "key")

    def _key(self, key_id: str) -> bytes:
        if key_id not in self._read:
            self._read[key_id] = self._load(key_id)
        return self._read[key_id]

    def _load(self, key_id: str) -> bytes:
        if not key_id.replace("-", "").isalnum():
            raise TamperedError("key")
        place = self.folder / f"{key_id}.key"
        if not place.exists():
            raise KeyProviderError(
                f"{place}: this key wraps private keys in the database and is not there. "
                "Put it back from the backup of the keys; without it no message opens."
            )
        return _checked(place)

    def _names(self) -> list[str]:
        return [each.stem for each in self.folder.glob("*.key")]

    def _first(self) -> str:
        """Make the first key, once, however many processes start together."""
        with self._locked():
            return max(self._names(), default="") or self._make()

    def _make(self) -> str:
        key_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        waiting = self.folder / f"{key_id}.new"
        with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(KEY_SIZE))
            file.flush()
            os.fsync(file.fileno())
        waiting.rename(self.folder / f"{key_id}.key")
        return key_id

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _checked(place: Path) -> bytes:
    mode = stat.S_IMODE(place.stat().st_mode)
    if mode & 0o077:
        raise KeyProviderError(
            f"{place}: others on this machine can read this key (mode {mode:04o}); "
            "make it 0600: its owner alone."
        )
    key = place.read_bytes()
    if len(key) != KEY_SIZE:
        raise KeyProviderError(f"{place}: holds {len(key)} bytes; a key has {KEY_SIZE}.")
    return key
