"""The ZIP of a packet: the same members give the same bytes; what is read is held to limits.

A packet has one form (deflate, no dates, no comments, members back to back), so that a changed
byte anywhere in the file shows, not only one inside a member. One text has many deflated forms, of
which some differ by a single bit: the manifest holds the hash of the form that was made, and what
seals the manifest lies in the file as it is.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from wellpost.errors import DataRefusedError

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
FIRST_DAY, UTF8, DEFLATED, VERSION, MADE_ON_UNIX = 0x21, 0x800, 8, 20, 0x0314
OWNER_ONLY = 0o100600 << 16
LEVEL = 6

SEALS = MANIFEST, DIGEST, SIGNATURE = "manifest.json", "manifest.sha256", "manifest.sig"
"""The files that the manifest does not list: itself, its hash and its signature."""

BLOCK = struct.Struct("<BHH")
LARGEST_BLOCK = 0xFFFF
"""Of what a deflated stream holds as it is (RFC 1951, section 3.2.4)."""

NAME = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")
MOST_MEMBERS = 500
MOST_BYTES = 1_000_000_000
"""All members together, unpacked; a packet for 5,000 patients has some 10 million."""


@dataclass(frozen=True)
class Entry:
    """One member as it lies in the file."""

    name: str
    crc: int
    size: int
    packed: bytes

    def local(self) -> bytes:
        """The header before it."""
        name = self.name.encode()
        sizes = (self.crc, len(self.packed), self.size)
        fixed = (VERSION, UTF8, DEFLATED, 0, FIRST_DAY)
        return LOCAL.pack(b"PK\x03\x04", *fixed, *sizes, len(name), 0) + name

    def central(self, offset: int) -> bytes:
        """Its line in the directory at the end."""
        name = self.name.encode()
        sizes = (self.crc, len(self.packed), self.size)
        fixed = (MADE_ON_UNIX, VERSION, UTF8, DEFLATED, 0, FIRST_DAY)
        ends = (len(name), 0, 0, 0, 0, OWNER_ONLY, offset)
        return CENTRAL.pack(b"PK\x01\x02", *fixed, *sizes, *ends) + name


def pack(members: Mapping[str, bytes]) -> bytes:
    """The ZIP of the members, in their order."""
    return _laid_out([_entry(name, data) for name, data in members.items()])


def unpack(data: bytes, label: str) -> dict[str, bytes]:
    """The members; DataRefusedError for what is no ZIP, is hostile, or does not read back."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _refuse_hostile(infos, label)
            return {info.filename: _read(archive, info, label) for info in infos}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error):
        raise DataRefusedError(
            f"{label} is no ZIP that can be read: it is damaged, cut off or something else."
        ) from None


def packed(name: str, data: bytes) -> bytes:
    """A member as it lies in the file."""
    if name in SEALS:
        return _as_it_is(data)
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    return deflate.compress(data) + deflate.flush()


def refuse_repacked(
    data: bytes, label: str, members: Mapping[str, bytes], hashes: Mapping[str, str]
) -> None:
    """DataRefusedError where a byte is not as the packet was made, though every member reads so;
    with the SHA-256 of each member as it lay in the file, but for the seals.
    """
    entries = list(_entries(data))
    wrong = [each.name for each in entries if not _as_made(each, members, hashes)]
    if wrong or _laid_out(entries) != data:
        last = next(iter(wrong), entries[-1].name if entries else "its first member")
        raise DataRefusedError(
            f"{label}: every file in it is as signed, but the ZIP around them is not as it was "
            f"made (at or after {last}); it was changed or packed again. Ask for the original."
        )


def _as_made(entry: Entry, members: Mapping[str, bytes], hashes: Mapping[str, str]) -> bool:
    if entry.name in SEALS:
        return entry.packed == _as_it_is(members[entry.name])
    return hashlib.sha256(entry.packed).hexdigest() == hashes.get(entry.name)


def _as_it_is(data: bytes) -> bytes:
    """A deflated stream that holds the bytes themselves: of that there is but one."""
    starts = range(0, max(len(data), 1), LARGEST_BLOCK)
    blocks = [data[at : at + LARGEST_BLOCK] for at in starts]
    ends = [at + LARGEST_BLOCK >= len(data) for at in starts]
    heads = [
        BLOCK.pack(end, len(block), len(block) ^ LARGEST_BLOCK)
        for end, block in zip(ends, blocks, strict=True)
    ]
    return b"".join(head + block for head, block in zip(heads, blocks, strict=True))


def _entry(name: str, data: bytes) -> Entry:
    return Entry(name, zlib.crc32(data), len(data), packed(name, data))


def _laid_out(entries: list[Entry]) -> bytes:
    body, directory = bytearray(), bytearray()
    for each in entries:
        directory += each.central(len(body))
        body += each.local() + each.packed
    count = len(entries)
    end = END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)


def _entries(data: bytes) -> Iterator[Entry]:
    """The members as they lie back to back, up to the first thing that is none."""
    at = 0
    while data[at : at + 4] == b"PK\x03\x04" and len(data) >= at + LOCAL.size:
        fields = LOCAL.unpack_from(data, at)
        crc, packed, size, length, extra = fields[6:]
        start = at + LOCAL.size
        name = data[start : start + length].decode("utf-8", "replace")
        begin = start + length + extra
        yield Entry(name, crc, size, data[begin : begin + packed])
        at = begin + packed


def _refuse_hostile(infos: list[zipfile.ZipInfo], label: str) -> None:
    names = [info.filename for info in infos]
    if len(names) > MOST_MEMBERS:
        raise DataRefusedError(
            f"{label} has {len(names):,} members; a packet has at most {MOST_MEMBERS}."
        )
    for name in names:
        if not NAME.fullmatch(name):
            raise DataRefusedError(
                f"{label}: a member is named {name[:80]!r}; a packet's names are plain paths "
                "inside it, like facts/messages.csv. Nothing was unpacked."
            )
    if len(set(names)) != len(names):
        raise DataRefusedError(f"{label}: two members have one name; a packet has each once.")
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise DataRefusedError(
            f"{label} would unpack to more than {MOST_BYTES:,} bytes; no packet does. "
            "Nothing was unpacked."
        )


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str) -> bytes:
    """One member, never more of it than it says it has."""
    if info.flag_bits & 0x1:
        raise DataRefusedError(
            f"{label}: {info.filename} is encrypted; a packet's members are not."
        )
    try:
        with archive.open(info) as member:
            return _whole(member, info, label)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
        raise DataRefusedError(
            f"{label}: {info.filename} does not read back; it was changed or damaged."
        ) from None


def _whole(member: IO[bytes], info: zipfile.ZipInfo, label: str) -> bytes:
    data = member.read(info.file_size + 1)
    if len(data) != info.file_size:
        raise DataRefusedError(f"{label}: {info.filename} is longer or shorter than it says.")
    return data
