"""A server made from a backup, in an empty home and an empty database; or nothing at all.

The file is read twice: first to its end, so that nothing is begun with one that is cut or altered;
then into a folder beside, in the home, and into the database. Only when all of it stands, the
files go to their places. Django is loaded after the home was seen to be empty: loading it makes
files there.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wellpost.errors import DataRefusedError, RequestError

from .archive import Archive, Part
from .key_files import FILE, KEYS_PART, put, unsealed_keys

SQLITE = "wellpost.sqlite3"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Restored:
    """What was restored: when it was made, and the files of keys still to be put back."""

    made_at: str
    missing_keys: list[str]
    database: str


def restore(
    place: Path, passphrase: str, keys_passphrase: str = "", say: Say = lambda what: None
) -> Restored:
    """Restore the backup. RequestError or DataRefusedError for what is not empty, another
    database or a later version, a wrong passphrase, a file that is not whole: nothing is done.
    """
    home = Path(os.environ.get("WELLPOST_HOME", "var")).resolve()
    _check_empty(home)
    say("reading the backup to its end")
    archive = Archive(place, passphrase)
    _check_kind(archive)
    if keys_passphrase and not archive.opening.keys_inside:
        raise RequestError(f"{place} holds no keys; leave the keys' passphrase out.")
    archive.check()
    with _beside(home) as stage:
        kept = _stage(archive, stage, keys_passphrase)
        os.environ["WELLPOST_HOME"] = str(stage)
        _fill(archive, stage, say)
        database = _settle(stage, home, kept, archive)
    return Restored(archive.opening.made_at, _missing(archive, home), database)


def _check_empty(home: Path) -> None:
    held = sorted(each.name for each in home.iterdir()) if home.is_dir() else []
    if held:
        raise RequestError(
            f"{home} is not empty: it holds {held[0]}"
            + (f" and {len(held) - 1} more" if held[1:] else "")
            + ". Give WELLPOST_HOME a folder that is empty, or not there yet; nothing was done."
        )
    if os.environ.get("WELLPOST_DATABASE", "").startswith("sqlite:///"):
        raise RequestError("leave WELLPOST_DATABASE out: SQLite is restored into WELLPOST_HOME.")


def _check_kind(archive: Archive) -> None:
    address = os.environ.get("WELLPOST_DATABASE", "")
    here = "postgresql" if address.startswith(("postgresql://", "postgres://")) else "sqlite"
    if archive.opening.database != here:
        raise RequestError(
            f"{archive.place} is of a {archive.opening.database} database, and WELLPOST_DATABASE "
            f"names a {here} one; nothing was done."
        )


@contextmanager
def _beside(home: Path) -> Iterator[Path]:
    """A folder in the home that is gone afterwards; so is a home made for nothing."""
    made = not home.exists()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    stage = home / f"restoring-{secrets.token_hex(4)}"
    stage.mkdir(mode=0o700)
    try:
        yield stage
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        if made:
            shutil.rmtree(home, ignore_errors=True)
        raise
    shutil.rmtree(stage, ignore_errors=True)


def _stage(archive: Archive, stage: Path, keys_passphrase: str) -> list[str]:
    """Write the files into the stage; their places in it."""
    kept = []
    for name, data in archive.parts():
        if name == KEYS_PART and keys_passphrase:
            for key, held in unsealed_keys(b"".join(data), keys_passphrase).items():
                kept.append(_placed(stage, key, iter([held])))
        elif name == "database.sqlite3":
            kept.append(_placed(stage, SQLITE, data))
        elif name.startswith(FILE):
            kept.append(_placed(stage, name.removeprefix(FILE), data))
    return kept


def _placed(stage: Path, name: str, data: Iterator[bytes]) -> str:
    if ".." in Path(name).parts or Path(name).is_absolute():
        raise DataRefusedError(f"the backup holds a file {name!r}, which is no place in a home.")
    put(stage / name, data)
    return name


def _fill(archive: Archive, stage: Path, say: Say) -> None:
    """The database as it was, then brought up to date; removed again where that fails."""
    from wellpost.server.config import serving

    if (stage / SQLITE).exists():
        _check_sqlite(stage / SQLITE)
    serving.set_up()
    from django.db import connection

    from . import snapshots

    _check_version(archive)
    postgresql = connection.vendor == "postgresql"
    if postgresql and not snapshots.is_empty():
        raise RequestError(f"{serving.database_in_words()} is not empty; nothing was done.")
    try:
        if postgresql:
            say("making the tables")
            snapshots.make_tables(archive.opening.migrations)
            say("filling the tables")
            snapshots.copy_in(_tables_of(archive))
        say("bringing the database up to date")
        serving.prepare_database()
        _record(archive)
    except BaseException:
        if postgresql:
            snapshots.remove_tables()
        raise
    finally:
        connection.close()


def _tables_of(archive: Archive) -> Iterator[Part]:
    for name, data in archive.parts():
        if not name.startswith(FILE) and name != KEYS_PART:
            yield name, data


def _check_sqlite(place: Path) -> None:
    with closing(sqlite3.connect(place)) as held:
        found = held.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise DataRefusedError(f"the database in the backup is damaged ({found}).")


def _check_version(archive: Archive) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = {".".join(each) for each in MigrationLoader(None).disk_migrations or {}}
    if unknown := [each for each in archive.opening.migrations if each not in known]:
        raise RequestError(
            f"{archive.place} was made by version {archive.opening.version}, whose database has "
            f"{len(unknown)} changes that this version does not know, the first is {unknown[0]}. "
            "Restore it with that version or a later one; nothing was done."
        )


def _record(archive: Archive) -> None:
    from wellpost.server.audit.actions import record
    from wellpost.server.audit.deeds import Deed

    details = {"made_at": archive.opening.made_at}
    record(by=None, deed=Deed.RESTORED, target_kind="backup", details=details)


def _settle(stage: Path, home: Path, kept: list[str], archive: Archive) -> str:
    """Move every file to its place, the database last."""
    from wellpost.server.config import serving

    moved: list[Path] = []
    try:
        for name in sorted(kept, key=lambda each: each == SQLITE):
            to = home / name
            to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            (stage / name).rename(to)
            moved.append(to)
    except OSError as error:
        for each in moved:
            each.unlink()
        if archive.opening.database == "postgresql":
            from . import snapshots

            snapshots.remove_tables()
        raise RequestError(f"{home} cannot be written: {error.strerror}.") from None
    if archive.opening.database == "sqlite":
        return str(home / SQLITE)
    return serving.database_in_words()


def _missing(archive: Archive, home: Path) -> list[str]:
    """The files of keys that the messages need and that are not there."""
    from django.conf import settings

    if not str(getattr(settings, "KEY_PROVIDER", "")).endswith("FileKeyProvider"):
        return []
    wanted = [f"keys/{each}.key" for each in archive.opening.keys]
    secret: list[Any] = [] if os.environ.get("WELLPOST_SECRET_KEY") else ["secret-key"]
    return [each for each in [*secret, *wanted] if not (home / each).exists()]
