"""Letting a party into epochs that exist already: the practice, a party itself, wraps again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import Patient, Representative, User

from .access import threads_on_side_of
from .epochs import share
from .keys.parties import party_of
from .keys.ring import KeyRing, wraps_of
from .models import Epoch, Thread
from .places import located
from .threads import with_parties


@transaction.atomic
def grant(
    representative: Representative, by: User | None = None, thread: Thread | None = None
) -> int:
    """Wrap for the representative every epoch that was in force on or after their first day and
    that they do not hold yet; how many those were. What ended before stays closed to them.
    In this one thread, or in all of the patient's.
    """
    asked = Q(pk=thread.pk) if thread else threads_on_side_of(representative.patient)
    threads = list(with_parties(Thread.objects.filter(asked, destruction=None)))
    held = wraps_of([party_of(representative)], [each.pk for each in threads])
    missing = [
        (thread, epoch)
        for thread, epoch in _granted(threads, representative.starts_on)
        if (thread.pk, epoch.number) not in held
    ]
    if missing:
        _share(missing, representative)
        _record(missing, representative, by)
    return len(missing)


def grant_all(patient: Patient, representatives: Iterable[Representative]) -> None:
    """The same for each of them: after records were merged."""
    for each in representatives:
        grant(each)


def _share(missing: Sequence[tuple[Thread, Epoch]], representative: Representative) -> None:
    ring = KeyRing(None)
    practice = party_of(missing[0][0].practice)
    wraps = wraps_of([practice], {thread.pk for thread, _ in missing})
    for thread, epoch in missing:
        wrap = wraps.get((thread.pk, epoch.number))
        if wrap is None:
            raise located("key", thread, epoch.pk)
        share(epoch, ring.open(wrap, thread), [party_of(representative)])


def _granted(threads: Sequence[Thread], since: date) -> Iterable[tuple[Thread, Epoch]]:
    """The epochs of the threads that were in force on the day or later."""
    epochs = Epoch.objects.filter(thread__in=threads).order_by("thread", "number")
    by_thread: dict[object, list[Epoch]] = {}
    for epoch in epochs:
        by_thread.setdefault(epoch.thread_id, []).append(epoch)
    for thread in threads:
        zone = ZoneInfo(thread.practice.time_zone)
        mine = by_thread.get(thread.pk, [])
        for epoch, following in pairwise(mine):
            if following.opened_at.astimezone(zone).date() >= since:
                yield thread, epoch
        yield from ((thread, epoch) for epoch in mine[-1:])


def _record(
    granted: Sequence[tuple[Thread, Epoch]], representative: Representative, by: User | None
) -> None:
    threads = sorted({str(thread.pk) for thread, _ in granted})
    record(
        by=by,
        deed=Deed.KEYS_GRANTED,
        target=representative,
        practice_id=granted[0][0].practice_id,
        patient_id=representative.patient_id,
        details={"threads": threads, "keys_opened": len(granted)},
    )
