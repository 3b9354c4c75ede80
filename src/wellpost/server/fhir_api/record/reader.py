"""Who asks with a token: which app, for whom, of which record, within which scopes.

Everything is looked up at each request, in one statement, so that what ended a moment ago gives
nothing any more: the connection, the practice's approval, the representative's authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import CharField, Exists, OuterRef, QuerySet, UUIDField
from django.http import HttpRequest
from django.utils import timezone

from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import Permission, may
from wellpost.server.prepared import Prepared, PreparedRows, Slot
from wellpost.server.smart import scopes
from wellpost.server.smart.models import AccessToken, Approval, Connection, Decision

from ..outcomes import Refused


class Held(NamedTuple):
    """What is known of a token, in the order of `FIELDS`."""

    expires: datetime
    scope: str
    connection_id: UUID
    ended_at: datetime | None
    counted_on: date | None
    last_used_at: datetime | None
    app_id: int
    app_name: str
    user_id: UUID
    user_is_active: bool
    patient_id: UUID
    patient_user_id: UUID | None
    merged_into_id: UUID | None
    practice_id: UUID
    time_zone: str
    approved: bool
    has_merged: bool


FIELDS = (
    "expires",
    "scope",
    "connection_id",
    "connection__ended_at",
    "connection__counted_on",
    "connection__last_used_at",
    "connection__app_id",
    "connection__app__name",
    "connection__user_id",
    "connection__user__is_active",
    "connection__patient_id",
    "connection__patient__user_id",
    "connection__patient__merged_into_id",
    "connection__patient__practice_id",
    "connection__patient__practice__time_zone",
    "approved",
    "has_merged",
)


@dataclass(frozen=True)
class Reader:
    """An app that reads one record for its user, as far as `held.scope` goes."""

    held: Held
    records: tuple[UUID, ...]
    """The patient's record and those merged into it."""

    @property
    def scope(self) -> str:
        """What the app was let to do."""
        return self.held.scope

    @cached_property
    def connection(self) -> Connection:
        """The consent, with its people; looked up where more than the token's row is needed."""
        return _CONNECTIONS(connection=self.held.connection_id)[0]

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


def _connections() -> QuerySet[Connection]:
    joined = Connection.objects.select_related(
        "app", "user", "patient__practice", "patient__merged_into__practice"
    )
    return joined.filter(pk=Slot("connection", Connection._meta.pk))


_CONNECTIONS = Prepared(_connections)


def reader_of(request: HttpRequest) -> Reader:
    """The reader whose token the request brings; 401 without one that is good today."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not token:
        raise _unknown("Bring the access token of an app that the patient let in.", None)
    digest = sha256(token.strip().encode()).hexdigest()
    rows = _TOKENS(digest=digest)
    held = Held(*rows[0]) if rows else None
    if held is None or held.expires <= timezone.now():
        raise _unknown("The token is not known here, or its hour is over.")
    request.asks_for = User(pk=held.user_id)  # type: ignore[attr-defined]  # told by `refused`
    reader = Reader(held, _records(held))
    _require_still_allowed(reader)
    return reader


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


def _tokens() -> Any:
    approvals = Approval.objects.filter(
        app=OuterRef("connection__app"),
        practice=OuterRef("connection__patient__practice"),
        decision=Decision.APPROVED,
    )
    merged = Patient.objects.filter(merged_into=OuterRef("connection__patient"))
    held = AccessToken.objects.filter(
        token_checksum=Slot("digest", CharField()), connection__isnull=False
    )
    told = held.annotate(approved=Exists(approvals), has_merged=Exists(merged))
    return told.values_list(*FIELDS)


def _records(held: Held) -> tuple[UUID, ...]:
    kept = held.merged_into_id or held.patient_id
    if not held.has_merged and kept == held.patient_id:
        return (held.patient_id,)
    return (kept, *(key for (key,) in _MERGED(kept=kept)))


_TOKENS = PreparedRows(_tokens)
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
