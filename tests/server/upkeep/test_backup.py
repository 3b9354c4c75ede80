"""A backup, and a server restored from it on an empty machine: old messages open, the audit holds.

Each deed is a command run as on a real machine. The first machine's database is a copy of the
tests' own, so that no migration runs again.
"""

from __future__ import annotations

import os
import shutil

import pytest

from tests.server.upkeep.machine import FILL, ON_SQLITE, READ, Machine
from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.upkeep.restore import restore

pytestmark = pytest.mark.django_db(transaction=True)
NIGHTLY = pytest.mark.skipif(
    os.environ.get("HYPOTHESIS_PROFILE") != "nightly",
    reason="makes all tables twice in a PostgreSQL of its own: minutes on a busy machine",
)
FIRST, SECOND = "six words drawn by lot here", "other words drawn by lot here"


@pytest.fixture
def passphrases(tmp_path):
    """The options of a command that name both."""
    for name, words in (("first", FIRST), ("second", SECOND)):
        (tmp_path / name).write_text(f"{words}\n")
    first = ["--passphrase-file", str(tmp_path / "first")]
    keys = ["--with-keys", "--keys-passphrase-file", str(tmp_path / "second")]
    return first, keys


def says(done, status, *sentences):
    assert done.returncode == status, done.stderr
    for each in sentences:
        assert each in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@ON_SQLITE
def test_a_server_is_restored_on_an_empty_machine(first_machine, tmp_path, passphrases):
    first, keys = passphrases
    place = tmp_path / "backup"
    says(first_machine.run("backup", str(place), *first, *keys), 0, "the keys are in it")
    assert place.stat().st_mode & 0o077 == 0
    for secret in (b"Alice", b"Harbor", b"SQLite format", b"key_id"):
        assert secret not in place.read_bytes()
    assert not list(first_machine.home.glob("backup-*"))
    second = Machine(tmp_path / "two")
    says(second.run("restore", str(place), *first, *keys), 0, "restored to")
    assert sorted(each.name for each in second.home.iterdir()) == [
        "checkpoints", "keys", "secret-key", "signing-key.pem", "wellpost.sqlite3",
    ]  # fmt: skip
    says(second.run("-c", READ), 0, "My knee | It hurts a lot.\n220000")
    says(second.run("audit", "verify"), 0, "rows are as they were sealed, by 1 checkpoints")
    again = second.run("restore", str(place), *first, *keys)
    says(again, 2, "is not empty: it holds checkpoints and 4 more", "nothing was done")


@ON_SQLITE
def test_without_the_keys_no_message_opens_until_they_are_put_back(
    first_machine, tmp_path, passphrases
):
    first, keys = passphrases
    place = tmp_path / "backup"
    says(first_machine.run("backup", str(place), *first), 0, "no key is in it")
    second = Machine(tmp_path / "two")
    says(second.run("restore", str(place), *first, *keys), 2, "holds no keys")
    assert not second.home.exists()
    done = second.run("restore", str(place), *first)
    key = next((first_machine.home / "keys").glob("*.key"))
    says(done, 0, "Put these back", f"  keys/{key.name}\n", "  secret-key\n")
    assert "this key wraps private keys in the database and is not there" in (
        second.run("-c", READ).stderr
    )
    shutil.copy2(key, second.home / "keys")
    says(second.run("-c", READ), 0, "It hurts a lot.")


OTHER_VERSION = """
from django.db import connection
from wellpost.server.config import serving
serving.set_up()
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('people', '0999_of_tomorrow', '2027-01-01')"
    )
"""


@ON_SQLITE
def test_what_is_not_right_is_refused_and_nothing_is_half_done(
    first_machine, tmp_path, passphrases, monkeypatch
):
    first, _ = passphrases
    place = tmp_path / "backup"
    says(first_machine.run("-c", OTHER_VERSION), 0)
    says(first_machine.run("backup", str(place), *first), 0)
    says(first_machine.run("backup", str(place), *first), 2, "is there already")
    empty = Machine(tmp_path / "two")
    newer = empty.run("restore", str(place), *first)
    says(newer, 2, "1 changes that this version does not know", "people.0999_of_tomorrow")
    monkeypatch.setenv("WELLPOST_HOME", str(empty.home))
    monkeypatch.delenv("WELLPOST_DATABASE", raising=False)
    whole = place.read_bytes()
    place.write_bytes(whole[:-1000])
    with pytest.raises(DataRefusedError, match="is not whole: its end is missing"):
        restore(place, FIRST)
    place.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    with pytest.raises(DataRefusedError, match="was altered"):
        restore(place, FIRST)
    place.write_bytes(whole)
    with pytest.raises(RequestError, match="the passphrase is not the one it was made with"):
        restore(place, "not the passphrase")
    monkeypatch.setenv("WELLPOST_DATABASE", "postgresql://somewhere/else")
    with pytest.raises(RequestError, match="is of a sqlite database"):
        restore(place, FIRST)
    assert not empty.home.exists()


@NIGHTLY
def test_a_postgresql_is_restored_into_an_empty_one(postgresql, tmp_path, passphrases):
    import psycopg

    first, keys = passphrases
    with psycopg.connect(postgresql, autocommit=True) as server:
        server.execute("CREATE ROLE keeper LOGIN PASSWORD 'x'")
        for name in ("one", "two"):
            server.execute(f"CREATE DATABASE {name} OWNER keeper")
    address = postgresql.replace("//postgres:@", "//keeper:x@")

    def machine(home, database):
        return Machine(
            tmp_path / home,
            {"WELLPOST_DATABASE": address.replace("/postgres?", f"/{database}?")},
        )

    one = machine("one", "one")
    says(one.run("-c", FILL), 0)
    place = tmp_path / "backup"
    says(one.run("backup", str(place), *first, *keys), 0)
    two = machine("two", "two")
    says(two.run("restore", str(place), *first, *keys), 0, "restored to the database two")
    says(two.run("-c", READ), 0, "My knee | It hurts a lot.\n220000")
    says(two.run("audit", "verify"), 0, "rows are as they were sealed, by 1 checkpoints")
    says(machine("three", "two").run("restore", str(place), *first, *keys), 2, "is not empty")
