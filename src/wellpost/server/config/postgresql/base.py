"""Django's PostgreSQL, which asks whether a connection still stands without a statement."""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base

AT_ONCE = 0


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
