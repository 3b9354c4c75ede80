"""Sessions in the database, each read with whose it is by one prepared statement: every page begins
with it.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone

from wellpost.server.people.backend import brought, standing
from wellpost.server.people.models import SignIn, User
from wellpost.server.people.session_keys import DEVICE, SEEN, SIGNED_ON, began, moment
from wellpost.server.prepared import Prepared, Slot


def _sessions() -> QuerySet[SignIn]:
    key, now = Slot("key", CharField()), Slot("now", DateTimeField())
    held = SignIn.objects.filter(session_key=key, expire_date__gt=now).select_related("user")
    told = ("device", "began_at", "last_used_at", "subject_there", "session_there")
    return held.defer(*told).annotate(**standing("user"))


_SESSIONS = Prepared(_sessions)


class SessionStore(db.SessionStore):
    """Django's own, but for how one is read, and that a row says whose it is.

    A row that was deleted is not made again by a request under way: Django updates it, finds none,
    and refuses (SessionInterrupted).
    """

    @classmethod
    def get_model_class(cls) -> type[SignIn]:
        """The table of sessions."""
        return SignIn

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row, with whose it is, since when, last used when, on what, and who they are to the
        practice's own sign-in.
        """
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.device = data.get(DEVICE, "")
        row.began_at, row.last_used_at = began(data), moment(data, SEEN)
        there = data.get(SIGNED_ON, {})
        row.subject_there, row.session_there = there.get("subject", ""), there.get("session", "")
        return row

    def save(self, must_create: bool = False) -> None:
        """Django takes every fault of the database for a row that was deleted, and tells people
        that they signed out. A database that went away is a fault of ours.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise

    def _get_session_from_db(self) -> SignIn | None:
        found = next(iter(_SESSIONS(key=self.session_key, now=timezone.now())), None)
        brought.set(_user_of(found) if found else None)
        if found is None:
            self._session_key: Any = None
        return found


def _user_of(held: Any) -> User | None:
    """Whose it is, with what was asked of them along with it."""
    user: Any = held.user
    if user:
        user.has_worked, user.has_represented = held.has_worked, held.has_represented
    return cast(User | None, user)
