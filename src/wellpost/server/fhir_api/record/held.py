"""What is known of a token, looked up in one statement at each request."""

from __future__ import annotations

from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, QuerySet

from wellpost.server.people.models import Patient
from wellpost.server.prepared import Prepared, PreparedRows, Slot
from wellpost.server.smart.models import AccessToken, App, Approval, Connection, Decision


class Held(NamedTuple):
    """A token, the consent it stands for, and whether the practice's approval stands. `FIELDS`
    are its columns in their order, `PARTS` the same of a connection with its people.
    """

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


OF_CONNECTION = (
    "ended_at",
    "counted_on",
    "last_used_at",
    "app_id",
    "app__name",
    "user_id",
    "user__is_active",
    "patient_id",
    "patient__user_id",
    "patient__merged_into_id",
    "patient__practice_id",
    "patient__practice__time_zone",
)
FIELDS = (
    *("expires", "scope", "connection_id"),
    *(f"connection__{each}" for each in OF_CONNECTION),
    *("approved", "has_merged"),
)
PARTS = attrgetter(
    *("token_expires", "token_scope", "pk"),
    *(each.replace("__", ".") for each in OF_CONNECTION),
    *("approved", "has_merged"),
)


def held_by(digest: str) -> Held | None:
    """The token with this SHA-256, in hexadecimal; None where no app was given it."""
    rows = _TOKENS(digest=digest)
    return Held(*rows[0]) if rows else None


def held_with_people(digest: str) -> tuple[Held, Connection] | None:
    """The same, with the consent itself, its user, patient and practice joined."""
    found = _CONNECTIONS_OF_TOKEN(digest=digest)
    return (Held(*PARTS(found[0])), found[0]) if found else None


def connection(key: UUID) -> Connection:
    """The consent with its people, where more than the token's row is needed."""
    return _CONNECTIONS(connection=key)[0]


def _tokens() -> Any:
    held = AccessToken.objects.filter(token_checksum=_DIGEST, connection__isnull=False)
    return held.annotate(**_standing("connection__")).values_list(*FIELDS)


def _connections_of_token() -> QuerySet[Connection]:
    held = _with_people().filter(access_tokens__token_checksum=_DIGEST)
    return held.annotate(
        token_expires=F("access_tokens__expires"),
        token_scope=F("access_tokens__scope"),
        **_standing(""),
    )


def _standing(connection: str) -> dict[str, Exists]:
    """Whether the practice's approval stands, and whether the patient has merged records."""
    approvals = Approval.objects.filter(
        app=OuterRef(f"{connection}app"),
        practice=OuterRef(f"{connection}patient__practice"),
        decision=Decision.APPROVED,
    )
    merged = Patient.objects.filter(merged_into=OuterRef(f"{connection}patient"))
    return {"approved": Exists(approvals), "has_merged": Exists(merged)}


def _with_people() -> QuerySet[Connection]:
    """Of the app no more than its name: neither its secret nor how it was registered."""
    joined = Connection.objects.select_related(
        "app", "user", "patient__practice", "patient__merged_into"
    )
    registered = {each.name for each in App._meta.concrete_fields} - {"id", "name"}
    return joined.defer("user__password", *(f"app__{each}" for each in registered))


_DIGEST = Slot("digest", CharField())
_TOKENS = PreparedRows(_tokens)
_CONNECTIONS_OF_TOKEN = Prepared(_connections_of_token)
_CONNECTIONS = Prepared(lambda: _with_people().filter(pk=Slot("connection", Connection._meta.pk)))
