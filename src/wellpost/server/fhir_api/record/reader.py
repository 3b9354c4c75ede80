"""Who asks with a token: which app, for whom, of which record, within which scopes.

Everything is looked up at each request, in one statement, so that what ended a moment ago gives
nothing any more: the connection, the practice's approval, the representative's authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import UUIDField
from django.http import HttpRequest
from django.utils import timezone

from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import Permission, may
from wellpost.server.prepared import PreparedRows, Slot
from wellpost.server.smart import scopes
from wellpost.server.smart.models import Connection

from ..outcomes import Refused
from .held import Held, connection, held_by, held_with_people


@dataclass(frozen=True)
class Reader:
    """An app that reads one record for its user, as far as `held.scope` goes."""

    held: Held
    records: tuple[UUID, ...]
    """The patient's record and those merged into it."""
    brought: Connection | None = None
    """The consent with its people, where it was looked up with the token."""

    @property
    def scope(self) -> str:
        """What the app was let to do."""
        return self.held.scope

    @cached_property
    def connection(self) -> Connection:
        """The consent, with its people; looked up where more than the token's row is needed."""
        return self.brought or connection(self.held.connection_id)

    @property
    def patient(self) -> Patient:
        """Whose record it is."""
        return self.connection.patient

    @cached_property
    def time_zone(self) -> ZoneInfo:
        """The practice's, in which dates without one are read."""
        return ZoneInfo(self.held.time_zone)

    def may(self, kind: str, deed: str) -> tuple[scopes.Constraint, ...]:
        """Under what it may read (`r`), search (`s`) or create (`c`) that kind; 403 if not."""
        found = scopes.constraints(self.scope, kind, deed)
        if found is None:
            raise _beyond(f"patient/{kind}.{deed}")
        return found


def reader_of(request: HttpRequest, *, with_people: bool = False) -> Reader:
    """The reader whose token the request brings; 401 without one that is good today.

    `with_people`: who let the app in and of whom is needed in any case, so it is brought at once.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not token:
        raise _unknown("Bring the access token of an app that the patient let in.", None)
    digest = sha256(token.strip().encode()).hexdigest()
    held, brought = _looked_up(digest, with_people)
    if held is None or held.expires <= timezone.now():
        raise _unknown("The token is not known here, or its hour is over.")
    request.asks_for = User(pk=held.user_id)  # type: ignore[attr-defined]  # told by `refused`
    reader = Reader(held, _records(held), brought)
    _require_still_allowed(reader)
    return reader


def _looked_up(digest: str, with_people: bool) -> tuple[Held | None, Connection | None]:
    if with_people:
        return held_with_people(digest) or (None, None)
    return held_by(digest), None


def _require_still_allowed(reader: Reader) -> None:
    """As `smart.access.still_allowed`, with no more statements for a patient's own record."""
    held = reader.held
    if held.ended_at is not None or not held.approved:
        raise _unknown("Access was ended.")
    own = held.patient_user_id == held.user_id and held.merged_into_id is None
    if own and held.user_is_active:
        return
    if not may(reader.connection.user, Permission.CONNECT_APPS, reader.patient):
        raise _unknown("Who let the app in may no longer see this record.")


def _records(held: Held) -> tuple[UUID, ...]:
    kept = held.merged_into_id or held.patient_id
    if not held.has_merged and kept == held.patient_id:
        return (held.patient_id,)
    return (kept, *(key for (key,) in _MERGED(kept=kept)))


_MERGED = PreparedRows(
    lambda: (
        Patient.objects.filter(merged_into=Slot("kept", UUIDField()))
        .order_by("pk")
        .values_list("pk")
    )
)


def _unknown(sentence: str, error: str | None = "invalid_token") -> Refused:
    said = f', error="{error}", error_description="{sentence}"' if error else ""
    return Refused(401, "login", sentence, {"WWW-Authenticate": f'Bearer realm="Wellpost"{said}'})


def _beyond(scope: str) -> Refused:
    sentence = f"The app was not let to do this; it would need {scope}."
    said = f'Bearer realm="Wellpost", error="insufficient_scope", scope="{scope}"'
    return Refused(403, "forbidden", sentence, {"WWW-Authenticate": said})
