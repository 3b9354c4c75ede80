"""Key-encryption keys as files of one machine: WELLPOST_HOME/keys/<identifier>.key, mode 0600."""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from ..envelope import KEY_SIZE, NONCE_SIZE, Sealed, seal, unseal
from ..errors import TamperedError
from .provider import KeyProviderError, Wrapped

STAMP = "%Y%m%dT%H%M%S"


class FileKeyProvider:
    """Each file is one key; the one whose name sorts last is in force, the others still unwrap."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(settings.HOME) / "keys"
        self._read: dict[str, bytes] = {}
        self._in_force: tuple[int, str] = (-1, "")

    def key_in_force(self) -> str:
        """The newest key's identifier; the first one is made when there is none.

        The folder is looked at each time, so that a key put in force by another process is in
        force here as well.
        """
        changed_at, key_id = self._in_force
        if changed_at != self._changed_at():
            changed_at = self._changed_at()
            key_id = max(self._names(), default="") or self._first()
            self._in_force = changed_at, key_id
        return key_id

    def renew(self) -> str:
        """A new key, whose name sorts after every other one's."""
        with self._locked():
            return self._make(after=max(self._names(), default=""))

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

    def _changed_at(self) -> int:
        """When a key came or went; 0 where there is no folder yet."""
        try:
            return self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def _make(self, after: str = "") -> str:
        key_id = f"{_later_than(after):{STAMP}}-{secrets.token_hex(4)}"
        waiting = self.folder / f"{key_id}.new"
        with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(KEY_SIZE))
            file.flush()
            os.fsync(file.fileno())
        waiting.rename(self.folder / f"{key_id}.key")
        _sync(self.folder)
        return key_id

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _later_than(name: str) -> datetime:
    """Now; or a second after the key of that name, where the clock says that it is not yet made."""
    now = datetime.now(UTC)
    if not name:
        return now
    try:
        made_at = datetime.strptime(name.split("-")[0], STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise KeyProviderError(
            f"{name}.key: the newest key's name is not one that Wellpost gives, so none can be "
            f"made after it; name it like {now:{STAMP}}-00000000.key, here and where it stands."
        ) from None
    return max(now, made_at + timedelta(seconds=1))


def _sync(folder: Path) -> None:
    """A name is on the disk only when its folder is."""
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


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
