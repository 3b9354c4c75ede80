"""Sessions in the database, each read by one prepared statement: every request begins with it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone

from wellpost.server.prepared import Prepared, Slot


def _sessions() -> QuerySet[Session]:
    key, now = Slot("key", CharField()), Slot("now", DateTimeField())
    return Session.objects.filter(session_key=key, expire_date__gt=now)


_SESSIONS = Prepared(_sessions)


class SessionStore(db.SessionStore):
    """Django's own, but for how one is read.

    Being a request's first statement, the reading also shows whether the connection still lives
    (PostgreSQL may have been started anew): Django's question before it (CONN_HEALTH_CHECKS) is
    left out, and a dead connection is opened again.
    """

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of sessions."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = self._read()
        if not found:
            self._session_key: Any = None
            return None
        return found[0]

    def _read(self) -> list[Session]:
        asked = {"key": self.session_key, "now": timezone.now()}
        if connection.in_atomic_block:
            return _SESSIONS(**asked)
        held: Any = connection  # the stubs do not know the mark
        held.health_check_done = True
        try:
            return _SESSIONS(**asked)
        except OperationalError:
            connection.close()
            return _SESSIONS(**asked)
