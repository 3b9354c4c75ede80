"""What the processes of the server share for a while: how often somebody tried, above all.

Django's cache in a table, but for three things. Django looks for a key, and then inserts it: of two
who do so at once one is refused by the database, which PostgreSQL logs as an error each time. Here
it is one statement, and nobody is refused. And Django keeps 300 keys, throwing out others by their
names: a busy day, or somebody with many addresses, would have wiped out the counts that stop a
guess. Here a key goes when its time is over, and not before; each try is on record besides, so the
table never grows as the audit does. And Django keeps Python objects as they were (pickle), whose
reading can run anything: who can write to the database would have run it in the server. Here a
value is JSON, and what is none is as if it were not there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
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
_READ = "SELECT cache_key, value FROM {table} WHERE expires >= %s AND cache_key IN ({keys})"
_SWEEP = (
    "DELETE FROM {table} WHERE cache_key IN "
    "(SELECT cache_key FROM {table} WHERE expires < %s {unless_written})"
)


class SharedCache(DatabaseCache):
    """Django's in everything but how a key is written and read, and when one is thrown out."""

    _table: str

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """The values of those keys that are there and hold. What is over goes with the sweep."""
        asked = {self.make_and_validate_key(key, version=version): key for key in keys}
        if not asked:
            return {}
        connection = connections[DEFAULT_DB_ALIAS]
        marks = ", ".join(["%s"] * len(asked))
        statement = _READ.format(table=connection.ops.quote_name(self._table), keys=marks)
        with connection.cursor() as cursor:
            cursor.execute(statement, [self._moment(time.time()), *asked])
            return {asked[key]: value for key, text in cursor for value in _read(text)}

    def _base_set(self, mode: str, key: str, value: object, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """Write the key in one statement: whether it was written. `add` writes none that holds.

        TypeError for a value that JSON has no words for.
        """
        ends, text = self._moment(self.get_backend_timeout(timeout)), json.dumps(value)
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

    def _moment(self, seconds: float | None) -> Any:
        """A moment as the database takes it, in whole seconds; None: the last there is."""
        whole = datetime.max if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
        ops: Any = connections[DEFAULT_DB_ALIAS].ops
        return ops.adapt_datetimefield_value(whole.replace(microsecond=0))


def _read(text: str) -> Sequence[object]:
    """The value, or none where somebody else, or an older Wellpost, wrote what is not JSON."""
    try:
        return [json.loads(text)]
    except ValueError:
        return []


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
