"""A machine with a practice on it, made from the tests' own database: no migration runs again."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.server.upkeep.machine import FILL, Machine


@pytest.fixture
def first_machine(tmp_path, monkeypatch):
    """A practice with Alice's conversation and its file, sealed and signed."""
    home = tmp_path / "one"
    (home / "keys").mkdir(parents=True, mode=0o700)
    monkeypatch.setattr(settings, "CHECKPOINTS", home / "checkpoints")
    exec(FILL.split("serving.prepare_database()\n")[1], {})  # noqa: S102 - our own, above
    for each in Path(settings.HOME, "keys").iterdir():
        shutil.copy2(each, home / "keys")
    with closing(sqlite3.connect(home / "wellpost.sqlite3")) as file:
        connection.connection.backup(file)
    return Machine(home)
