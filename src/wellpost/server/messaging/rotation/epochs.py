"""New epochs for the threads of a practice: what is written next is under a key made anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice

from .. import alarms
from ..access import representatives_of
from ..epochs import begin, parties_to, wraps_in_force
from ..errors import TamperedError
from ..keys.parties import holder_of, party_of
from ..keys.ring import KeyRing
from ..models import Epoch, Thread, ThreadState
from ..places import located, open_subject
from ..threads import thread_with_parties
from ..writing import SUBJECT_COLUMNS
from .rewrapping import Said

TOGETHER = 500
RENEWED = "renewed"


def renew_epochs(
    practice: Practice, older_than: timedelta, said: Said = lambda done, of: None
) -> tuple[int, int]:
    """Begin a new epoch in each thread of the practice in which one may write and whose epoch is
    older; how many were begun, and in how many an alarm was sounded because a key did not open.

    Each thread is a transaction of its own: a run that was cut off goes on where it stopped.
    """
    before = clock.now() - older_than
    total, begun, broken = _old(practice, before).count(), 0, 0
    for thread_id in _each(practice, before):
        renewed = _renewed(thread_id, before)
        begun, broken = begun + (renewed is True), broken + (renewed is None)
        said(begun + broken, max(total, begun + broken))
    details = {"epochs": begun, "unopened": broken, "older_than_days": older_than.days}
    record(
        by=None, deed=Deed.EPOCHS_RENEWED, target=practice, practice_id=practice.pk,
        details=details,
    )  # fmt: skip
    return begun, broken


def _old(practice: Practice, before: datetime) -> QuerySet[Epoch]:
    found = Epoch.objects.filter(
        thread__practice=practice, thread__destruction=None, opened_at__lt=before,
        number=F("thread__subject_epoch"),
    )  # fmt: skip
    return found.exclude(thread__state=ThreadState.LOCKED)


def _each(practice: Practice, before: datetime) -> Iterator[UUID]:
    """The threads, some at a time, by their identifiers."""
    old = _old(practice, before).order_by("thread").values_list("thread", flat=True)
    some = list(old[:TOGETHER])
    while some:
        yield from some
        some = list(old.filter(thread__gt=some[-1])[:TOGETHER])


def _renewed(thread_id: UUID, before: datetime) -> bool | None:
    """Whether an epoch was begun; not where somebody wrote and began one meanwhile. None: an
    alarm, which is on record.
    """
    try:
        with transaction.atomic():
            return _begun(thread_with_parties(thread_id, locked=True), before)
    except TamperedError as error:
        alarms.sound(error, None)
        return None


def _begun(thread: Thread, before: datetime) -> bool:
    wraps = wraps_in_force(thread)
    own = [each for each in wraps if holder_of(each.party_key) == party_of(thread.practice)]
    if not own:
        raise located("key", thread, thread.pk)
    if own[0].epoch.opened_at >= before or thread.state == ThreadState.LOCKED:
        return False
    ring = KeyRing(None)
    subject = open_subject(thread, ring.open(own[0], thread))
    parties = parties_to(thread, representatives_of(thread.patient))
    begun = begin(thread, parties, subject, RENEWED)
    thread.save(update_fields=SUBJECT_COLUMNS)
    details = {"epoch": begun.epoch.number, "begun_for": RENEWED, "keys_opened": ring.opened}
    record(by=None, deed=Deed.EPOCH_BEGUN, target=thread, details=details)
    return True
