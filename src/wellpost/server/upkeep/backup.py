"""A backup of the whole server in one sealed file; people keep working meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection

from wellpost import __version__
from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.messaging.models import PartyKey

from . import snapshots
from .archive import ArchiveWriter, Opening
from .key_files import plain_files, sealed_keys
from .sealed_stream import SealedWriter, check_passphrase


def make_backup(place: Path, passphrase: str, keys_passphrase: str = "") -> dict[str, Any]:
    """Write the backup; its manifest. With `keys_passphrase` the keys are in it, sealed by that.

    RequestError for passphrases too short or the same, and where the file stands already.
    """
    if "audit_auditrow" not in connection.introspection.table_names():
        raise RequestError("there is nothing to back up here yet. Is WELLPOST_HOME right?")
    check_passphrase(passphrase)
    if keys_passphrase and check_passphrase(keys_passphrase) == passphrase:
        raise RequestError("the keys need a passphrase of their own; give another one.")
    with _new_file(place) as file:
        manifest = _write(file, passphrase, keys_passphrase)
    size = place.stat().st_size
    details = {"bytes": size, "keys_inside": bool(keys_passphrase)}
    record(by=None, deed=Deed.BACKED_UP, target_kind="backup", details=details)
    return manifest


def _write(file: IO[bytes], passphrase: str, keys_passphrase: str) -> dict[str, Any]:
    """The checkpoints first: each then signs rows that the database has. The keys last: what was
    wrapped under a newer one meanwhile opens.
    """
    archive = ArchiveWriter(SealedWriter(file, passphrase), _opening(bool(keys_passphrase)))
    for name, data in plain_files(settings.HOME, Path(settings.CHECKPOINTS)):
        archive.add(name, data)
    with snapshots.one_moment():
        for name, data in _database_parts():
            archive.add(name, data)
    if keys_passphrase:
        archive.add(*sealed_keys(settings.HOME, keys_passphrase))
    return archive.close()


def _opening(keys_inside: bool) -> Opening:
    used = PartyKey.objects.order_by("wrapping_key_id").values_list("wrapping_key_id", flat=True)
    return Opening(
        version=__version__,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        database=connection.vendor,
        migrations=snapshots.applied_migrations(),
        keys=list(used.distinct()),
        keys_inside=keys_inside,
    )


def _database_parts() -> Iterator[Any]:
    if connection.vendor == "sqlite":
        return snapshots.sqlite_parts(settings.HOME)
    return snapshots.postgresql_parts()


@contextmanager
def _new_file(place: Path) -> Iterator[IO[bytes]]:
    """A file for its owner alone, under its name only when it is whole and on the disk."""
    if place.exists():
        raise RequestError(f"{place} is there already; give a new name.")
    if not place.parent.is_dir():
        raise RequestError(f"{place.parent} is no folder; make it first.")
    part = place.with_name(f"{place.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(place)
    except OSError as error:
        raise RequestError(f"{place} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
