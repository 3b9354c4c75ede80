"""`wellpost listen` as a process of its own, killed between commit and acknowledgment."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from hl7.client import MLLPClient

from tests.made_messages import adt
from tests.server.intake.hl7v2.conftest import denominator
from tests.server.intake.world import NOW, make_world
from tests.worlds.waiting import HUNG
from wellpost.server.clock import time as clock
from wellpost.server.intake.hl7v2.models import ReceivedMessage
from wellpost.server.people.models import Patient
from wellpost.server.records.models import Encounter

pytestmark = pytest.mark.postgresql
LISTEN = """
import os, signal, sys
from wellpost.server.intake.hl7v2 import listening
sent = listening.framed
def framed(block):
    if os.path.exists(sys.argv[1]):
        os.unlink(sys.argv[1])
        os.kill(os.getpid(), signal.SIGKILL)
    return sent(block)
listening.framed = framed
from wellpost.cli.main import main
sys.exit(main(["listen", "--port", "0"]))
"""
"""The command as it is, but where a file asks for it: it is killed when what it kept is committed
and the acknowledgment is about to be sent."""


@contextmanager
def process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """It listens on the database of this test."""
    place = {"WELLPOST_HOME": str(folder / "home"), "WELLPOST_DATABASE": _address(folder)}
    kept = {name: each for name, each in os.environ.items() if "WELLPOST" not in name}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    started = subprocess.Popen(
        [sys.executable, "-c", LISTEN, str(folder / "kill")],
        env={**kept, **place}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert started.stderr
        told = next(line for line in started.stderr if "listening on" in line)
        yield started, int(re.search(r":(\d+);", told)[1])  # type: ignore[index]  # it is there
    finally:
        started.terminate()
        started.communicate(timeout=HUNG)


def _address(folder: Path) -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder / 'server.sqlite3'}"
    return urlunsplit(urlsplit(os.environ["WELLPOST_DATABASE"])._replace(path=f"/{name}"))


@contextmanager
def on_this_database(folder: Path) -> Iterator[None]:
    """The process sees what the test made, and the test what the process did.

    The tests' SQLite is in the memory of their process: a copy goes there, and comes back.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with closing(sqlite3.connect(folder / "server.sqlite3")) as copy:
        connection.connection.backup(copy)
    yield
    with closing(sqlite3.connect(folder / "server.sqlite3")) as copy:
        copy.backup(connection.connection)


@pytest.mark.django_db(transaction=True)
def test_killed_before_the_acknowledgment_the_message_counts_once(tmp_path: Path) -> None:
    with clock.held_at(NOW):
        world = make_world()
    message = adt("A04", number="7")
    (tmp_path / "kill").touch()
    with on_this_database(tmp_path), process(tmp_path) as (started, port):
        with MLLPClient("127.0.0.1", port) as sender:
            assert sender.send_message(message) == b"", "no acknowledgment"
        assert started.wait(HUNG) == -9
    assert denominator(world) == 1, "what was committed stays"
    with on_this_database(tmp_path), process(tmp_path) as (started, port):
        with MLLPClient("127.0.0.1", port) as sender:
            assert b"MSA|AA|7" in sender.send_message(message)
        with ThreadPoolExecutor(8) as senders:
            given = senders.map(lambda number: one_more(port, number), [1, 2, 3, 4] * 4)
            assert all(b"MSA|AA" in each for each in given)
    assert started.returncode == 0
    assert denominator(world) == 2
    assert Patient.objects.filter(practice=world.north, given_name="Cora").count() == 2
    assert Encounter.objects.count() == 5
    assert ReceivedMessage.objects.get(control_id="7").times == 2
    assert set(ReceivedMessage.objects.values_list("answer", flat=True)) == {"AA"}


def one_more(port: int, number: int) -> bytes:
    """Another patient's visit, on a connection of its own; each is sent four times at once."""
    with MLLPClient("127.0.0.1", port) as sender:
        visit = f"W{number}^^^NORTH"
        return sender.send_message(adt("A04", number=f"w{number}", patient="9^^^A", visit=visit))
