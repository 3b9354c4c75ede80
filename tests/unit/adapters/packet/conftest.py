"""One packet, made once; and ways to put a ZIP together that nobody should trust."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.worlds import attested
from wellpost.adapters.packet.archive import pack, unpack
from wellpost.adapters.packet.writer import Packet, make_packet


@pytest.fixture(scope="session")
def key():
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="session")
def packet(tmp_path_factory, key) -> Packet:
    path = attested.practice(tmp_path_factory.mktemp("packet") / "facts")
    return make_packet(attested.attestation(path, attested.by_hand()), key)


@pytest.fixture(scope="session")
def members(packet) -> dict[str, bytes]:
    return unpack(packet.archive, "packet.zip")


def packed_again(members: Mapping[str, bytes]) -> bytes:
    """The members in a ZIP of the packet's own form."""
    return pack(members)


def foreign(members: Mapping[str, bytes]) -> bytes:
    """The members in a ZIP as any other tool makes it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()
