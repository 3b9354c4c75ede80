"""ZIPs made to do harm: refused in a sentence, and nothing leaves them."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from wellpost.adapters.packet.archive import MOST_BYTES, MOST_MEMBERS
from wellpost.adapters.packet.reader import verify
from wellpost.errors import DataRefusedError

from .conftest import foreign


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "facts/../../outside.txt",
        "/etc/passwd",
        "C:\\windows\\system.ini",
        "facts\\messages.csv",
        "facts//messages.csv",
        "facts/",
        "name\nwith a line",
        ".hidden",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(members, name):
    with pytest.raises(DataRefusedError, match=r"plain paths inside it.*Nothing was unpacked"):
        verify(foreign({**members, name: b"x"}), "packet.zip")


def test_a_bomb_is_refused_before_it_opens():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"facts/{number}.csv", b"0" * 1_000_000)
    data = _with_sizes(file.getvalue(), MOST_BYTES)
    with pytest.raises(DataRefusedError, match="would unpack to more than"):
        verify(data, "bomb.zip")


def test_a_member_longer_than_it_says_is_not_read_to_its_end():
    data = _with_sizes(foreign({"facts/a.csv": b"0" * 5_000_000}), 10)
    with pytest.raises(DataRefusedError, match=r"facts/a.csv"):
        verify(data, "liar.zip")


def test_two_members_of_one_name_are_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("results.json", b"1")
        archive.writestr("results.json", b"2")
    with pytest.raises(DataRefusedError, match="two members have one name"):
        verify(file.getvalue(), "twins.zip")


def test_very_many_members_are_refused():
    data = foreign({f"facts/{number}.csv": b"" for number in range(MOST_MEMBERS + 1)})
    with pytest.raises(DataRefusedError, match="members; a packet has at most"):
        verify(data, "many.zip")


@pytest.mark.parametrize("name", ["manifest.json", "attestation.json", "results.json"])
def test_a_member_nested_without_an_end_is_refused(members, name):
    with pytest.raises(DataRefusedError, match="is not what was signed"):
        verify(foreign({**members, name: b"[" * 200_000}), "deep.zip")


def test_an_encrypted_member_is_refused(members):
    data = bytearray(foreign({"README.txt": b"secret"}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + place
        data[at] |= 1
    with pytest.raises(DataRefusedError, match=r"README\.txt is encrypted"):
        verify(bytes(data), "locked.zip")


def _with_sizes(data: bytes, size: int) -> bytes:
    """Every member says that it unpacks to so many bytes."""
    made, at = bytearray(data), 0
    while (at := made.find(b"PK\x01\x02", at)) >= 0:
        struct.pack_into("<I", made, at + 24, size)
        at += 4
    return bytes(made)
