"""New epochs for threads in which somebody holds a key who should not, and revoked keys."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import Patient, Practice, Representative, User
from wellpost.server.people.permissions import Permission, require

from .access import representatives_of, threads_on_side_of
from .envelope import wrap
from .epochs import EpochInForce, for_writing
from .keys.opened import opened_keys
from .keys.parties import Party, keys_of, party_of, public_key, replaced
from .keys.ring import KeyRing, wraps_of
from .models import KeyWrap, PartyKey, Thread, ThreadState
from .threads import thread_with_parties, with_parties
from .writing import SUBJECT_COLUMNS

TOGETHER = 200
"""Threads whose keys are wrapped again in one step."""


@transaction.atomic
def renew_threads_of(patient: Patient, by: User | None = None) -> int:
    """Begin a new epoch in each open thread of the patient that needs one; how many did."""
    threads = Thread.objects.filter(threads_on_side_of(patient)).exclude(state=ThreadState.LOCKED)
    found = threads.order_by("pk").values_list("pk", flat=True)
    return sum(_renewed(thread_with_parties(each, locked=True), by) for each in found)


@transaction.atomic
def revoke_key(*, holder: Patient | Representative | Practice, by: User | None) -> PartyKey:
    """Give the party a new key, for a reason the practice has (a copy may be in wrong hands).

    History stays readable: each epoch is wrapped again for the new key. What is written from
    the next message on is under an epoch that the old key never opened.
    """
    require(by, Permission.MANAGE_PEOPLE, _practice_of(holder))
    old, new = replace_key(holder)
    opened_keys.forget()
    record(
        by=by,
        deed=Deed.KEY_REVOKED,
        target=old,
        practice_id=_practice_of(holder).pk,
        details={"party": old.party_kind, "replaced_by": str(new.pk)},
    )
    return new


def replace_key(holder: Patient | Representative | Practice) -> tuple[PartyKey, PartyKey]:
    """The old key, revoked, and the new one, for which every epoch that the old one held is
    wrapped again. The practice opens them: the old key itself is not needed, and may be lost.
    """
    old = keys_of([party_of(holder)])[party_of(holder)]
    new = replaced(old)
    _wrap_again(old, new, party_of(_practice_of(holder)))
    return old, new


def _practice_of(holder: Patient | Representative | Practice) -> Practice:
    if isinstance(holder, Practice):
        return holder
    return holder.practice if isinstance(holder, Patient) else holder.patient.practice


def _wrap_again(old: PartyKey, new: PartyKey, practice: Party) -> None:
    """Some threads at a time, so that a practice's own key can be revoked as well."""
    held = KeyWrap.objects.filter(party_key=old).order_by().values_list("epoch__thread")
    threads = sorted(thread for (thread,) in held.distinct())
    for start in range(0, len(threads), TOGETHER):
        _wrap_threads_again(old, new, practice, threads[start : start + TOGETHER])


def _wrap_threads_again(
    old: PartyKey, new: PartyKey, practice: Party, thread_ids: Sequence[UUID]
) -> None:
    """Locked: a message on its way is stored before, or waits and is sealed for the new key."""
    ring, public = KeyRing(None), public_key(new)
    found = with_parties(Thread.objects.filter(pk__in=thread_ids)).order_by("pk")
    threads = {each.pk: each for each in found.select_for_update(of=("self",))}
    openers = wraps_of([practice], thread_ids)
    made = []
    for each in KeyWrap.objects.filter(party_key=old, epoch__thread__in=thread_ids).select_related(
        "epoch", "party_key"
    ):
        thread = threads[each.epoch.thread_id]
        opener = openers.get((thread.pk, each.epoch.number), each)
        keys = ring.open(opener, thread)
        made.append(KeyWrap(epoch=each.epoch, party_key=new, sealed=wrap(keys, new.pk, public)))
    KeyWrap.objects.bulk_create(made, ignore_conflicts=True)


def _renewed(thread: Thread, by: User | None) -> bool:
    ring = KeyRing(None)
    representatives = representatives_of(thread.patient)
    epoch = for_writing(thread, ring, party_of(thread.practice), representatives)
    if epoch.begun_for:
        thread.save(update_fields=SUBJECT_COLUMNS)
        _record(thread, epoch, ring, by)
    return bool(epoch.begun_for)


def _record(thread: Thread, epoch: EpochInForce, ring: KeyRing, by: User | None) -> None:
    details = {
        "epoch": epoch.epoch.number,
        "begun_for": epoch.begun_for,
        "keys_opened": ring.opened,
    }
    record(by=by, deed=Deed.EPOCH_BEGUN, target=thread, details=details)
