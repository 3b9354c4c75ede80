"""The files of the home that a backup takes: those that reveal nothing alone, and the keys.

The keys are the key-encryption keys, the server's secret, and the keys of apps' tokens and of push.
With them and the database one reads everything; so a backup holds them only when asked to, and
then under a second passphrase.
"""

from __future__ import annotations

import base64
import fcntl
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

from .archive import BLOCK, Part, file_blocks
from .sealed_stream import SealedWriter, opened

KEYS_PART = "keys.sealed"
FILE = "file/"
SECRETS = ("secret-key", "signing-key.pem", "push-key.pem")


def plain_files(home: Path, checkpoints: Path) -> Iterator[Part]:
    """The checkpoints of the audit, and what stands wrapped beside the keys."""
    for each in sorted(checkpoints.glob("*")):
        if each.is_file() and each.suffix != ".new":
            yield f"{FILE}checkpoints/{each.name}", _undisturbed(each)
    for each in sorted((home / "keys").glob("*.json")):
        yield f"{FILE}keys/{each.name}", file_blocks(each)


def _undisturbed(place: Path) -> Iterator[bytes]:
    """The file while nobody adds to it."""
    with place.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield from iter(lambda: file.read(BLOCK), b"")


def key_files(home: Path) -> dict[str, bytes]:
    """The keys, by their place in the home."""
    places = [home / name for name in SECRETS] + sorted((home / "keys").glob("*.key"))
    return {str(each.relative_to(home)): each.read_bytes() for each in places if each.is_file()}


def sealed_keys(home: Path, passphrase: str) -> Part:
    """The keys under their own passphrase."""
    held = {name: base64.b64encode(key).decode() for name, key in key_files(home).items()}
    sealed = io.BytesIO()
    writer = SealedWriter(sealed, passphrase)
    writer.write(json.dumps(held).encode())
    writer.close()
    return KEYS_PART, iter([sealed.getvalue()])


def unsealed_keys(data: bytes, passphrase: str) -> dict[str, bytes]:
    """The keys again; RequestError when the passphrase is another."""
    text = b"".join(opened(io.BytesIO(data), passphrase, "the keys in the backup"))
    return {name: base64.b64decode(key) for name, key in json.loads(text).items()}


def put(place: Path, data: Iterator[bytes]) -> None:
    """Write a file for its owner alone, on the disk when this returns."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for some in data:
            file.write(some)
        file.flush()
        os.fsync(file.fileno())
