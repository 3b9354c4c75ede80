"""New epochs for threads in which somebody holds a key who should not, and revoked keys."""

from __future__ import annotations

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import Patient, Practice, Representative, User
from wellpost.server.people.permissions import Permission, require

from .access import representatives_of, threads_on_side_of
from .epochs import EpochInForce, for_writing, share
from .keys.opened import opened_keys
from .keys.parties import holder_of, keys_of, party_of, replaced
from .keys.ring import KeyRing
from .models import KeyWrap, PartyKey, Thread, ThreadState
from .threads import thread_with_parties, with_parties
from .writing import SUBJECT_COLUMNS


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
    old = keys_of([party_of(holder)])[party_of(holder)]
    new = replaced(old)
    _wrap_again(old)
    opened_keys.forget()
    record(
        by=by,
        deed=Deed.KEY_REVOKED,
        target=old,
        practice_id=_practice_of(holder).pk,
        details={"party": old.party_kind, "replaced_by": str(new.pk)},
    )
    return new


def _practice_of(holder: Patient | Representative | Practice) -> Practice:
    if isinstance(holder, Practice):
        return holder
    return holder.practice if isinstance(holder, Patient) else holder.patient.practice


def _wrap_again(old: PartyKey) -> None:
    ring = KeyRing(None)
    for wrap in KeyWrap.objects.filter(party_key=old).select_related("epoch", "party_key"):
        thread = with_parties(Thread.objects.filter(pk=wrap.epoch.thread_id)).get()
        share(wrap.epoch, ring.open(wrap, thread), [holder_of(old)])


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
