"""Who asks with a token: which app, for whom, of which record, within which scopes.

Everything is looked up at each request, in one statement, so that what ended a moment ago gives
nothing any more: the connection, the practice's approval, the representative's authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import CharField, Exists, OuterRef, UUIDField
from django.http import HttpRequest
from django.utils import timezone

from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import Permission, may
from wellpost.server.prepared import Prepared, Slot
from wellpost.server.smart import scopes
from wellpost.server.smart.models import AccessToken, App, Approval, Connection, Decision

from ..outcomes import Refused


@dataclass(frozen=True)
class Reader:
    """An app that reads one record for its user, as far as `scope` goes."""

    connection: Connection
    scope: str
    records: tuple[UUID, ...]
    """The patient's record and those merged into it."""

    @property
    def user(self) -> User:
        """Who let the app in."""
        return self.connection.user

    @property
    def app(self) -> App:
        """The app."""
        return self.connection.app

    @property
    def patient(self) -> Patient:
        """Whose record it is."""
        return self.connection.patient

    @cached_property
    def time_zone(self) -> ZoneInfo:
        """The practice's, in which dates without one are read."""
        return ZoneInfo(self.patient.practice.time_zone)

    def may(self, kind: str, deed: str) -> tuple[scopes.Constraint, ...]:
        """Under what it may read (`r`), search (`s`) or create (`c`) that kind; 403 if not."""
        found = scopes.constraints(self.scope, kind, deed)
        if found is None:
            raise _beyond(f"patient/{kind}.{deed}")
        return found


def reader_of(request: HttpRequest) -> Reader:
    """The reader whose token the request brings; 401 without one that is good today."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not token:
        raise _unknown("Bring the access token of an app that the patient let in.", None)
    digest = sha256(token.strip().encode()).hexdigest()
    held = next(iter(_TOKENS(digest=digest)), None)
    if held is None or held.expires <= timezone.now() or held.connection is None:
        raise _unknown("The token is not known here, or its hour is over.")
    _require_still_allowed(held.connection, approved=held.approved)
    return Reader(held.connection, held.scope, _records(held))


def _require_still_allowed(connection: Connection, *, approved: bool) -> None:
    """As `smart.access.still_allowed`, with no more statements for a patient's own record."""
    patient, user = connection.patient, connection.user
    own = patient.user_id == user.pk and patient.merged_into_id is None and user.is_active
    if connection.ended_at is not None or not approved:
        raise _unknown("Access was ended.")
    if not own and not may(user, Permission.CONNECT_APPS, patient):
        raise _unknown("Who let the app in may no longer see this record.")


class _Held(Protocol):
    """A token with what is asked about it in the same statement."""

    connection: Connection | None
    expires: datetime
    scope: str
    approved: bool
    has_merged: bool


def _tokens() -> Any:
    approvals = Approval.objects.filter(
        app=OuterRef("connection__app"),
        practice=OuterRef("connection__patient__practice"),
        decision=Decision.APPROVED,
    )
    merged = Patient.objects.filter(merged_into=OuterRef("connection__patient"))
    held = AccessToken.objects.filter(token_checksum=Slot("digest", CharField()))
    joined = held.select_related(
        "connection__app", "connection__user", "connection__patient__practice"
    )
    return joined.annotate(approved=Exists(approvals), has_merged=Exists(merged)).only(
        "expires",
        "scope",
        "connection__app__name",
        "connection__user__is_active",
        "connection__user__name",
        "connection__patient__practice__time_zone",
        "connection__patient__practice__name",
        "connection__patient__practice__phone",
        "connection__patient__practice__tin",
        "connection__patient__created_at",
        "connection__patient__user_id",
        "connection__patient__merged_into_id",
        "connection__ended_at",
        "connection__counted_on",
        "connection__last_used_at",
    )


def _records(held: _Held) -> tuple[UUID, ...]:
    patient = held.connection.patient if held.connection else None
    if patient is None:
        return ()
    kept = patient.merged_into_id or patient.pk
    if not held.has_merged and kept == patient.pk:
        return (patient.pk,)
    return (kept, *(each.pk for each in _MERGED(kept=kept)))


_TOKENS = Prepared(_tokens)
_MERGED = Prepared(
    lambda: Patient.objects.filter(merged_into=Slot("kept", UUIDField())).order_by("pk").only("pk")
)


def _unknown(sentence: str, error: str | None = "invalid_token") -> Refused:
    said = f', error="{error}", error_description="{sentence}"' if error else ""
    return Refused(401, "login", sentence, {"WWW-Authenticate": f'Bearer realm="Wellpost"{said}'})


def _beyond(scope: str) -> Refused:
    sentence = f"The app was not let to do this; it would need {scope}."
    said = f'Bearer realm="Wellpost", error="insufficient_scope", scope="{scope}"'
    return Refused(403, "forbidden", sentence, {"WWW-Authenticate": said})
