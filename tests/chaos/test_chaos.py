"""The short form of bench/chaos: one round, in which server and PostgreSQL are killed."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

import pytest
from bench.breaking.main import FAULTS, attempt
from bench.breaking.power_cut import HEAD, PowerCut
from bench.breaking.rounds import Plan
from django.db import connection

from tests.worlds.waiting import HUNG

pytestmark = pytest.mark.postgresql

ONE_ROUND = Plan(rounds=1, messages=60, powers=(True,), longest=2 * HUNG)


@pytest.fixture
def tables(db: None) -> str:
    """The address of the tests' own database, whose empty tables are taken over."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: the second pass of make test has it")
    parts = urlsplit(os.environ["WELLPOST_DATABASE"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def test_nothing_acknowledged_is_lost_when_server_and_database_are_killed(tables: str) -> None:
    journal = attempt(ONE_ROUND, {}, seed=5, schema=tables, size=2)
    assert not journal.faults, journal.examples
    assert {*journal.faults} <= {*FAULTS}
    assert journal.acknowledged >= ONE_ROUND.messages
    assert journal.read


def test_a_power_cut_takes_back_what_was_not_flushed_and_nothing_else(tmp_path) -> None:
    """The shim's notes, written by hand: flushed, begun to be flushed, and not flushed at all."""
    cut = PowerCut.made_in(tmp_path)
    if cut is None:
        pytest.skip("no C compiler here")
    data = tmp_path / "data"
    (data / "pg_wal").mkdir(parents=True)
    file = data / "pg_wal" / "1"
    file.write_bytes(b"AAAABBBBCCCC")
    inode = file.stat().st_ino
    notes = [
        (1, 0, b"aaaa"),
        (2, 0, b""),
        (1, 4, b"bbbb"),
        (3, 0, b""),
        (2, 0, b""),
        (1, 8, b"cccc"),
    ]
    cut.notes.write_bytes(
        b"".join(HEAD.pack(kind, inode, at, len(was)) + was for kind, at, was in notes)
    )
    assert cut.cut(data) == 8
    assert file.read_bytes() == b"AAAAbbbbcccc"
    assert cut.cut(data) == 0
