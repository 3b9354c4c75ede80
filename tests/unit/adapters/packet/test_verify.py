"""A packet with one byte changed, anywhere, is refused, and the file is named."""

from __future__ import annotations

import random
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.worlds import attested
from wellpost.adapters.packet import archive
from wellpost.adapters.packet.archive import unpack
from wellpost.adapters.packet.reader import read_packet, verify
from wellpost.adapters.packet.signing import KEY_FILE, signing_key
from wellpost.adapters.packet.writer import make_packet
from wellpost.errors import DataRefusedError, RequestError

from .conftest import foreign, packed_again

NAMES = (
    "README.txt",
    "acts.csv",
    "attestation.json",
    "counted.json",
    "facts/clinicians.csv",
    "facts/encounters.csv",
    "facts/messages.csv",
    "law.json",
    "measures/secure_messaging.sql",
    "names.json",
    "patients.csv",
    "public-key.pem",
    "report.pdf",
    "results.json",
    "rules/policies.yaml",
    "rules/programs/stage_3/secure_messaging.yaml",
    "manifest.json",
    "manifest.sha256",
    "manifest.sig",
)


def changed(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_a_packet_is_as_it_was_signed(packet):
    found = verify(packet.archive, "packet.zip")
    assert found.attested["attested_by"] == "Ada Moss"
    assert found.fingerprint == packet.fingerprint


def test_it_holds_everything_an_auditor_needs(members):
    assert set(NAMES) <= set(members)


@pytest.mark.parametrize("make", [packed_again, foreign])
def test_one_byte_changed_in_any_member_names_it(members, make):
    for name, data in members.items():
        for place in {0, len(data) // 2, len(data) - 1}:
            wrong = make({**members, name: changed(data, place)})
            with pytest.raises(DataRefusedError) as refused:
                verify(wrong, "packet.zip")
            assert name in str(refused.value), (name, place, refused.value)


def test_one_byte_changed_anywhere_in_the_file_is_refused(packet):
    chance = random.Random(20261123)
    size = len(packet.archive)
    ends = [*range(30), *range(size - 120, size)]
    for place in (*ends, *(chance.randrange(size) for _ in range(300))):
        with pytest.raises(DataRefusedError):
            verify(changed(packet.archive, place), "packet.zip")


@pytest.mark.parametrize(("name", "value"), [("LEVEL", 1), ("SEALS", ())])
def test_the_same_files_in_another_form_of_the_same_zip_are_told(
    packet, members, monkeypatch, name, value
):
    """One bit of a deflated member may be another though what it holds is the same."""
    assert packed_again(members) == packet.archive
    with monkeypatch.context() as patch:
        patch.setattr(archive, name, value)
        wrong = packed_again(members)
    assert wrong != packet.archive and unpack(wrong, "packet.zip") == members
    with pytest.raises(DataRefusedError, match=r"every file in it is as signed.*packed again"):
        verify(wrong, "packet.zip")


def test_a_packet_packed_again_is_told_from_one_that_was_changed(members):
    with pytest.raises(DataRefusedError, match=r"every file in it is as signed.*packed again"):
        verify(foreign(members), "packet.zip")


def test_a_file_added_or_missing_is_named(members):
    with pytest.raises(DataRefusedError, match=r"note\.txt was put into the packet after"):
        verify(packed_again({**members, "note.txt": b"trust me"}), "packet.zip")
    for name in NAMES:
        rest = {each: data for each, data in members.items() if each != name}
        with pytest.raises(DataRefusedError) as refused:
            verify(packed_again(rest), "packet.zip")
        assert name in str(refused.value)


def test_a_packet_signed_anew_by_another_has_another_fingerprint(tmp_path, packet):
    path = attested.practice(tmp_path / "facts")
    forged = make_packet(attested.attestation(path), ec.generate_private_key(ec.SECP256R1()))
    assert verify(forged.archive, "it").fingerprint != packet.fingerprint


def test_the_same_attestation_gives_the_same_bytes(tmp_path, key):
    path = attested.practice(tmp_path / "facts")
    first, second = (make_packet(attested.attestation(path), key) for _ in range(2))
    assert first == second


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not on this machine")
def test_openssl_verifies_the_signature_without_us(tmp_path, members):
    for name in ("manifest.json", "manifest.sig", "public-key.pem"):
        (tmp_path / name).write_bytes(members[name])
    words = "openssl dgst -sha256 -verify public-key.pem -signature manifest.sig manifest.json"
    said = subprocess.run(words.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verified OK" in said.stdout


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7", b"x" * 10_000])
def test_what_is_no_zip_is_refused(data):
    with pytest.raises(DataRefusedError, match="no ZIP that can be read"):
        verify(data, "packet.zip")


def test_a_packet_cut_off_is_refused(packet):
    for size in range(0, len(packet.archive), len(packet.archive) // 50):
        with pytest.raises(DataRefusedError):
            verify(packet.archive[:size], "packet.zip")


def test_any_other_zip_is_refused():
    with pytest.raises(DataRefusedError, match="no audit packet"):
        verify(foreign({"holiday.jpg": b"sun"}), "photos.zip")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RequestError, match="No such file"):
        read_packet(tmp_path / "none.zip")


def test_a_key_that_others_can_read_is_refused(tmp_path):
    signing_key(tmp_path)
    place = tmp_path / KEY_FILE
    assert place.stat().st_mode & 0o777 == 0o600
    place.chmod(0o644)
    with pytest.raises(RequestError, match="make it 0600"):
        signing_key(tmp_path)


def test_the_key_is_made_once(tmp_path):
    first, second = (signing_key(tmp_path / "keys").private_numbers() for _ in range(2))
    assert first == second


def test_what_is_no_key_is_refused(tmp_path):
    (tmp_path / KEY_FILE).write_text("not a key")
    (tmp_path / KEY_FILE).chmod(0o600)
    with pytest.raises(RequestError, match="no private key"):
        signing_key(tmp_path)
