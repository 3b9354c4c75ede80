"""That an app read: each time in the audit, and once a day as a use of the record that counts."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import User
from wellpost.server.records.uses import use
from wellpost.server.smart.models import Connection

from .reader import Reader

GRAIN = timedelta(minutes=5)
"""Between two notes of when an app last read."""


def note(reader: Reader, what: str, found: int) -> None:
    """Put a read on record before it is answered.

    `what` names the kind or operation, never what was searched for. The first of a day, an app and
    a user is the portal action that stands for all of them; it brings its own audit row.
    """
    today = clock.today(reader.held.time_zone)
    if reader.held.counted_on != today:
        _use(reader, what)
    else:
        _record(reader, what, found)
    _touch(reader)


@transaction.atomic
def _use(reader: Reader, what: str) -> None:
    """Of two reads at once the second finds that it is counted."""
    today = clock.today(reader.held.time_zone)
    held = Connection.objects.filter(pk=reader.held.connection_id).exclude(counted_on=today)
    if held.update(counted_on=today):
        by, app = reader.connection.user, reader.held.app_name[:200]
        use(by=by, patient=reader.patient, action="api", what=what, through=app)
    else:
        _record(reader, what, 0)


def _record(reader: Reader, what: str, found: int) -> None:
    held = reader.held
    record(
        by=User(pk=held.user_id),
        deed=Deed.RECORD_READ_BY_APP,
        practice_id=held.practice_id,
        patient_id=held.patient_id,
        target_kind="connection",
        target_id=held.connection_id,
        category="record",
        details={"what": what, "app": held.app_id, "found": found},
    )


def _touch(reader: Reader) -> None:
    last, now = reader.held.last_used_at, clock.now()
    if last is None or now - last > GRAIN:
        Connection.objects.filter(pk=reader.held.connection_id).update(last_used_at=now)
