"""The server's database of the tests: migrated once, and gone back to after a test that committed.

Migrating takes eight seconds, and Django's own way back a tenth of one (one on PostgreSQL).
"""

from __future__ import annotations

import fcntl
import gc
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection, transaction

OF_MIGRATING = {"django_migrations", "django_content_type", "auth_permission"}
"""The tables that hold what migrating puts there."""


class Migrated:
    """What the migrations leave: on SQLite a copy, which workers share; else the empty tables."""

    def __init__(self, shared: Path | None) -> None:
        """With the folder of all workers, where there are several."""
        self._shared = shared / "migrated.sqlite3" if shared else None
        self._copy: sqlite3.Connection | None = None

    def begin(self) -> None:
        """Before it is migrated: the worker that comes first does it, the others take its copy.

        A fifth of migrating would go into looking for garbage, over and over.
        """
        gc.disable()
        if self._shared is None or connection.vendor != "sqlite":
            return
        self._lock = self._shared.with_suffix(".lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        if self._shared.exists():
            name = str(connection.creation._get_test_db_name())
            self._held = sqlite3.connect(name, uri=True)  # it goes with the last that is connected
            with closing(sqlite3.connect(self._shared)) as made:
                made.backup(self._held)

    def keep(self) -> None:
        """After it was migrated."""
        gc.enable()
        if connection.vendor != "sqlite":
            return
        self._copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.ensure_connection()
        connection.connection.backup(self._copy)
        if self._shared is not None:
            if not self._shared.exists():
                with closing(sqlite3.connect(self._shared)) as made:
                    self._copy.backup(made)
            self._lock.close()

    def restore(self) -> None:
        """Nothing that a test committed is left."""
        if self._copy is not None:
            connection.ensure_connection()
            self._copy.backup(connection.connection)
        elif connection.vendor == "postgresql":
            tables = connection.introspection.django_table_names(only_existing=True)
            emptied = [f'DELETE FROM "{name}"' for name in {*tables} - OF_MIGRATING]
            with transaction.atomic(), connection.cursor() as cursor:
                # No trigger runs then: neither those of references nor those that keep rows.
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute("; ".join(emptied))
