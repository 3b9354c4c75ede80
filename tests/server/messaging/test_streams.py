"""Attachments in chunks: whole, in order, to the end, or not at all."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellpost.server.messaging.envelope import new_key
from wellpost.server.messaging.errors import TamperedError
from wellpost.server.messaging.streams import CHUNK_SIZE, open_chunks, seal_chunks

KEY, FILE = new_key(), uuid4()


def sealed(data: bytes, piece: int = 1000) -> list:
    pieces = [data[start : start + piece] for start in range(0, len(data), piece)]
    return list(seal_chunks(KEY, FILE, pieces))


def opened(chunks) -> bytes:
    return b"".join(open_chunks(KEY, FILE, chunks))


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 3 * CHUNK_SIZE])
def test_every_size_comes_back_in_chunks_of_64_kib(size):
    data = bytes(each % 251 for each in range(size))
    chunks = sealed(data)
    assert opened(chunks) == data
    assert len(chunks) == max(1, -(-size // CHUNK_SIZE))
    assert all(len(each.data) <= CHUNK_SIZE + 16 for each in chunks)


@given(st.binary(max_size=3000), st.integers(1, 700))
def test_how_the_pieces_came_does_not_matter(data, piece):
    assert opened(sealed(data, piece)) == data


@pytest.fixture
def chunks():
    return sealed(b"x" * (3 * CHUNK_SIZE + 5))


def test_cut_off_is_noticed(chunks):
    with pytest.raises(TamperedError):
        opened(chunks[:-1])


def test_exchanged_is_noticed(chunks):
    with pytest.raises(TamperedError):
        opened([chunks[1], chunks[0], *chunks[2:]])


def test_left_out_is_noticed(chunks):
    with pytest.raises(TamperedError):
        opened([chunks[0], *chunks[2:]])


def test_added_is_noticed(chunks):
    with pytest.raises(TamperedError):
        opened([*chunks, chunks[-1]])


def test_nothing_at_all_is_noticed():
    with pytest.raises(TamperedError):
        opened([])


def test_a_chunk_of_another_file_is_noticed(chunks):
    with pytest.raises(TamperedError):
        list(open_chunks(KEY, uuid4(), chunks))
