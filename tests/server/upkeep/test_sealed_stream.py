"""The file of a backup: cut, altered or with another passphrase, it does not open; nor unsaid."""

from __future__ import annotations

import io

import pytest

from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.upkeep import sealed_stream
from wellpost.server.upkeep.archive import Archive, ArchiveWriter, Opening, gathered
from wellpost.server.upkeep.sealed_stream import SealedWriter, check_passphrase, opened

PASSPHRASE = "six words drawn by lot here"
COST = 1 << 4
SIZES = [0, 1, 99, 100, 101, 200, 250, 1000]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(sealed_stream, "CHUNK", 100)


def sealed(data: bytes) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, PASSPHRASE, cost=COST)
    for start in range(0, len(data), 37):
        writer.write(data[start : start + 37])
    writer.close()
    return file.getvalue()


def unsealed(held: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return b"".join(opened(io.BytesIO(held), passphrase, "backup"))


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_opens(size):
    data = bytes(each % 251 for each in range(size))
    assert unsealed(sealed(data)) == data


def test_it_shows_nothing_of_what_is_in_it():
    held = sealed(b"Alice Arden " * 50)
    assert b"Alice" not in held
    assert sealed(b"same") != sealed(b"same")


def test_another_passphrase_is_told_apart_from_an_altered_file():
    with pytest.raises(RequestError, match="the passphrase is not the one"):
        unsealed(sealed(b"x" * 300), "another six words by lot")


def test_wherever_it_is_cut_it_does_not_open():
    held = sealed(b"x" * 350)
    for length in range(len(held)):
        with pytest.raises((DataRefusedError, RequestError)):
            unsealed(held[:length])


def test_whatever_bit_is_turned_it_does_not_open():
    held = sealed(b"x" * 250)
    for place in range(len(held)):
        turned = bytearray(held)
        turned[place] ^= 1
        with pytest.raises((DataRefusedError, RequestError)):
            unsealed(bytes(turned))


def test_chunks_changed_about_or_more_of_them_do_not_open():
    held = sealed(b"x" * 350)
    header = held.index(b"\n", held.index(b"\n") + 1) + 1 + 16
    first, second, rest = held[header:][:116], held[header:][116:232], held[header:][232:]
    for other in (second + first + rest, first + rest, first + second + rest + rest):
        with pytest.raises(DataRefusedError):
            unsealed(held[:header] + other)


def test_parameters_that_would_cost_a_machine_its_memory_are_refused():
    held = sealed(b"x").replace(b'"n": 16', b'"n": 99999999999')
    with pytest.raises(DataRefusedError, match="second line"):
        unsealed(held)


def test_a_short_passphrase_is_refused():
    with pytest.raises(RequestError, match="has 5 characters"):
        check_passphrase("short")


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """Writes the parts given, with what a manifest says of them changed."""

    def made(parts, change=lambda manifest: None):
        place = tmp_path / "backup"
        with place.open("wb") as file:
            stream = SealedWriter(file, PASSPHRASE, cost=COST)
            writer = ArchiveWriter(stream, Opening("1", "now", "sqlite", ["people.0001"]))
            for name, data in parts.items():
                writer.add(name, data)
            change(writer._manifest)
            writer.close()
        return Archive(place, PASSPHRASE)

    return made


def test_parts_come_back_in_order_and_block_by_block(archive):
    parts = {"one": [b"a" * 500, b"b"], "two": [], "three": [b"c"]}
    held = archive(parts)
    assert held.opening.migrations == ["people.0001"]
    assert {name: list(data) for name, data in held.parts()} == parts
    assert held.check() == {"one": 501, "two": 0, "three": 1}


def test_a_manifest_that_says_otherwise_is_refused(archive):
    held = archive({"one": [b"a"]}, lambda manifest: manifest["one"].update(sha256="0" * 64))
    with pytest.raises(DataRefusedError, match="not those its manifest names"):
        held.check()


def test_small_pieces_are_gathered():
    assert list(gathered([b"a"] * 10)) == [b"a" * 10]


def test_what_is_no_backup_is_said_to_be_none(tmp_path):
    place = tmp_path / "letter.txt"
    place.write_text("Dear Alice")
    with pytest.raises(DataRefusedError, match="is no backup"):
        Archive(place, PASSPHRASE)
