"""What a backup holds: what it is of, its parts, and at the end a hash of each.

In the sealed stream stand records: a byte that says what, the length in four bytes, the bytes.
`O` opening (JSON), `B` a part begins (its name), `D` data of it, `M` manifest (JSON). A part is
read as it comes: nothing is held whole in memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from wellpost.errors import DataRefusedError

from .sealed_stream import SealedWriter, opened

BLOCK = 1 << 18


@dataclass(frozen=True)
class Opening:
    """What the backup is of. `migrations`: all that the database had, as app.name. `keys`: the
    identifiers of the keys without which no message opens; `keys_inside`: whether they are here.
    """

    version: str
    made_at: str
    database: str
    migrations: list[str]
    keys: list[str] = field(default_factory=list)
    keys_inside: bool = False


class ArchiveWriter:
    """Writes the parts one after another; `close` writes the manifest."""

    def __init__(self, stream: SealedWriter, opening: Opening) -> None:
        self._stream = stream
        self._manifest: dict[str, dict[str, Any]] = {}
        self._record(b"O", _json(asdict(opening)))

    def add(self, name: str, data: Iterable[bytes]) -> None:
        """One part."""
        self._record(b"B", name.encode())
        counted, size = hashlib.sha256(), 0
        for some in data:
            counted.update(some)
            size += len(some)
            if some:
                self._record(b"D", some)
        self._manifest[name] = {"bytes": size, "sha256": counted.hexdigest()}

    def close(self) -> dict[str, dict[str, Any]]:
        """Make it whole; what it holds."""
        self._record(b"M", _json(self._manifest))
        self._stream.close()
        return self._manifest

    def _record(self, kind: bytes, data: bytes) -> None:
        self._stream.write(kind + len(data).to_bytes(4, "big") + data)


Part = tuple[str, Iterator[bytes]]


class Archive:
    """A backup file to read. `opening` is known at once; `parts` gives the parts in order, each
    to be read to its end before the next, and refuses a manifest that does not fit.
    """

    def __init__(self, place: Path, passphrase: str) -> None:
        self.place, self._passphrase = place, passphrase
        with place.open("rb") as file:
            first = next(_records(opened(file, passphrase, str(place)), str(place)), None)
        if first is None or first[0] != b"O":
            raise self._wrong()
        self.opening = Opening(**json.loads(first[1]))

    def parts(self) -> Iterator[Part]:
        """Every part: its name and its data."""
        seen: dict[str, dict[str, Any]] = {}
        with self.place.open("rb") as file:
            chunks = opened(file, self._passphrase, str(self.place))
            records = _records(chunks, str(self.place))
            next(records)
            kind, data = next(records, (b"", b""))
            while kind == b"B":
                part = _Reading(records)
                name = data.decode()
                yield name, iter(part)
                for _ in part:  # what the caller left unread
                    pass
                seen[name] = part.summed()
                kind, data = part.following
            if kind != b"M" or json.loads(data) != seen or next(records, None):
                raise self._wrong()

    def check(self) -> dict[str, int]:
        """Read it all: nothing is missing or altered. The size of each part."""
        return {name: sum(len(some) for some in data) for name, data in self.parts()}

    def _wrong(self) -> DataRefusedError:
        return DataRefusedError(
            f"{self.place}: its parts are not those its manifest names. Take another copy of it."
        )


class _Reading:
    """The data of one part; afterwards, its sum and the record that follows it."""

    def __init__(self, records: Iterator[tuple[bytes, bytes]]) -> None:
        self._records, self._hash, self._size = records, hashlib.sha256(), 0
        self.following: tuple[bytes, bytes] = (b"", b"")
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        while not self._ended:
            kind, data = next(self._records, (b"", b""))
            if kind != b"D":
                self._ended, self.following = True, (kind, data)
                return
            self._hash.update(data)
            self._size += len(data)
            yield data

    def summed(self) -> dict[str, Any]:
        return {"bytes": self._size, "sha256": self._hash.hexdigest()}


def gathered(data: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks of a good size, however small they come."""
    waiting = bytearray()
    for some in data:
        waiting += some
        if len(waiting) >= BLOCK:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def file_blocks(place: Path) -> Iterator[bytes]:
    """A file, a block at a time."""
    with place.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _records(chunks: Iterator[bytes], name: str) -> Iterator[tuple[bytes, bytes]]:
    """The records of the stream, however its chunks cut them."""
    waiting = b""
    for chunk in chunks:
        waiting, start = waiting + chunk, 0
        while len(waiting) >= start + 5:
            end = start + 5 + int.from_bytes(waiting[start + 1 : start + 5], "big")
            if len(waiting) < end:
                break
            yield waiting[start : start + 1], waiting[start + 5 : end]
            start = end
        waiting = waiting[start:]
    if waiting:
        raise DataRefusedError(f"{name} is not whole: its last record is cut off.")


def _json(held: object) -> bytes:
    return json.dumps(held, sort_keys=True).encode()
