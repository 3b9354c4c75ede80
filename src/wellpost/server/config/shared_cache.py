"""What the processes of the server share for a while: how often somebody tried, above all.

Django's cache in a table, but for two things. Django looks for a key, and then inserts it: of two
who do so at once one is refused by the database, which PostgreSQL logs as an error each time. Here
it is one statement, and nobody is refused. And Django keeps 300 keys, throwing out others by their
names: a busy day, or somebody with many addresses, would have wiped out the counts that stop a
guess. Here a key goes when its time is over, and not before; each try is on record besides, so the
table never grows as the audit does.
"""

from __future__ import annotations

import base64
import pickle
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction

SWEPT_EVERY = 600
"""Seconds, in each process of the server."""
_INSERT = (
    "INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s) "
    "ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
)
_STATEMENTS: Mapping[str, str] = {
    "set": _INSERT,
    "add": _INSERT + " WHERE {table}.expires < %s",
    "touch": "UPDATE {table} SET expires = %s WHERE cache_key = %s",
}
_SWEEP = (
    "DELETE FROM {table} WHERE cache_key IN "
    "(SELECT cache_key FROM {table} WHERE expires < %s {unless_written})"
)


class SharedCache(DatabaseCache):
    """Django's in everything but how a key is written, and when one is thrown out."""

    _table: str

    def _base_set(self, mode: str, key: str, value: object, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """Write the key in one statement: whether it was written. `add` writes none that holds."""
        ends = self._moment(self.get_backend_timeout(timeout))
        text = base64.b64encode(pickle.dumps(value)).decode("ascii")
        given = {
            "set": [key, text, ends],
            "add": [key, text, ends, self._moment(time.time())],
            "touch": [ends, key],
        }
        try:
            return self._run(_STATEMENTS[mode], given[mode]) > 0
        except DatabaseError:
            return False  # as Django has it: what is counted by it is then refused

    def sweep(self) -> int:
        """Throw out what is over; how many that were. What is being written is left."""
        locks = connections[DEFAULT_DB_ALIAS].features.has_select_for_update_skip_locked
        unless_written = "FOR UPDATE SKIP LOCKED" if locks else ""
        statement = _SWEEP.replace("{unless_written}", unless_written)
        return self._run(statement, [self._moment(time.time())])

    def _run(self, statement: str, given: list[Any]) -> int:
        connection = connections[DEFAULT_DB_ALIAS]
        table = connection.ops.quote_name(self._table)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table=table), given)
            return int(cursor.rowcount)

    def _moment(self, seconds: float | None) -> object:
        """A moment as the database takes it, in whole seconds; None: the last there is."""
        whole = datetime.max if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
        ops: Any = connections[DEFAULT_DB_ALIAS].ops
        return ops.adapt_datetimefield_value(whole.replace(microsecond=0))


class Rounds:
    """Sweeps the shared cache when that is due."""

    def __init__(self) -> None:
        self._due = 0.0

    def __call__(self) -> None:
        """One round."""
        if self._due <= time.monotonic():
            self._due = time.monotonic() + SWEPT_EVERY
            cache = caches[DEFAULT_CACHE_ALIAS]
            if isinstance(cache, SharedCache):
                cache.sweep()
