"""Django's PostgreSQL, which asks whether a connection still stands without a statement, and runs
statements that are prepared once.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import psycopg
from django.db.backends.postgresql import base
from psycopg.types.datetime import TimestamptzLoader

AT_ONCE = 0
T = TypeVar("T")


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's in everything else."""

    def is_usable(self) -> bool:
        """Asked before each request. A server that went away closed the line, which can be read
        from then; where there is something to read, Django asks with a statement, as ever.
        """
        held: Any = self.connection
        if held.closed:
            return False
        line = select.poll()
        line.register(held.pgconn.socket, select.POLLIN)
        return not line.poll(AT_ONCE) or super().is_usable()

    def run_prepared(self, sql: str, values: Sequence[Any], answer: Callable[[Any], T]) -> T:
        """What `answer` makes of the cursor after the statement, which the server plans once."""
        self.validate_no_broken_transaction()
        self.close_if_health_check_failed()  # as Django's own cursors do, once a request
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = self._cursor_for_prepared()
            cursor.execute(sql, values, prepare=True)
            return answer(cursor)

    def _cursor_for_prepared(self) -> psycopg.Cursor[Any]:
        """One for each connection. It reads moments in UTC, as Django's do, but not in Python."""
        driver: Any = self.connection
        held: psycopg.Cursor[Any] | None = getattr(self, "_prepared", None)
        if held is None or held.connection is not driver:
            if driver.prepare_threshold is None:  # Django's own cursors never prepare
                driver.prepare_threshold = 0
            held = self._prepared = psycopg.Cursor(driver)
            held.adapters.register_loader("timestamptz", TimestamptzLoader)
        return held
