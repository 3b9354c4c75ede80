"""Notices that could not be sent: seen by an administrator, tried again or given up."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import Permission, require

from .models import Notice, Stopped


def dead_letters(practice: Practice | None = None) -> QuerySet[Notice]:
    """Those to people of the practice (who work there, its patients, who acts for them), or
    (None) to anybody; the latest first.
    """
    dead = Notice.objects.filter(stopped_as=Stopped.FAILED)
    if practice is not None:
        dead = dead.filter(user__in=_people(practice))
    return dead.select_related("user").order_by("-stopped_at", "pk")


@transaction.atomic
def try_again(*, notice: Notice, practice: Practice | None, by: User | None) -> None:
    """Send it at the next round, with all its attempts before it. RequestError where it is no
    longer a dead letter. `practice` None: the machine's own command line.
    """
    held = _held(notice, practice, by)
    held.stopped_at, held.stopped_as = None, ""
    held.attempts, held.due_at = 0, clock.now()
    held.save(update_fields=["stopped_at", "stopped_as", "attempts", "due_at"])
    _record(held, practice, by, "again")


@transaction.atomic
def discard(*, notice: Notice, practice: Practice | None, by: User | None) -> None:
    """Give it up. RequestError where it is no longer a dead letter."""
    held = _held(notice, practice, by)
    held.stopped_at, held.stopped_as = clock.now(), Stopped.DISCARDED
    held.save(update_fields=["stopped_at", "stopped_as"])
    _record(held, practice, by, "discarded")


def _held(notice: Notice, practice: Practice | None, by: User | None) -> Notice:
    if practice is not None:
        require(by, Permission.RUN_SERVER, practice)
    there = dead_letters(practice).select_related(None).select_for_update()
    found = there.filter(pk=notice.pk).first()
    if found is None:
        raise RequestError("That notice is no longer among those that could not be sent.")
    return found


def _people(practice: Practice) -> QuerySet[User]:
    here = Q(memberships__practice=practice) | Q(clinician__memberships__practice=practice)
    cared_for = Q(patients__practice=practice) | Q(representations__patient__practice=practice)
    return User.objects.filter(here | cared_for)


def _record(notice: Notice, practice: Practice | None, by: User | None, what: str) -> None:
    place = practice.pk if practice else None
    record(
        by=by, deed=Deed.NOTICE_HANDLED, target=notice, practice_id=place, details={"done": what}
    )
