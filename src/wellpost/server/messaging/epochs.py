"""Epochs of a thread: begun, shared with parties, and begun anew when a party leaves.

What a party may open follows from its wraps; nobody is ever added to an epoch in silence, and
no message is sealed in an epoch that somebody holds who has left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import IntegerField, QuerySet, UUIDField

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Representative
from wellpost.server.prepared import Prepared, Slot

from .envelope import EpochKeys, new_key, wrap
from .keys.parties import Party, holder_of, keys_of, party_of, public_key
from .keys.ring import KeyRing
from .models import Epoch, KeyWrap, PartyKey, Thread
from .places import located, open_subject, thread_place
from .suites import CURRENT

YEAR = timedelta(days=365)


@dataclass(frozen=True, repr=False)
class EpochInForce:
    """The epoch that the next message is sealed in, and its keys; and the patient's own key, of
    which the key of their index of words is derived.
    """

    epoch: Epoch
    keys: EpochKeys
    begun_for: str = ""
    patients_key: PartyKey | None = None


def parties_to(thread: Thread, representatives: Iterable[Representative]) -> set[Party]:
    """Who holds the keys of what is written now: patient, representatives, practice."""
    each = (party_of(representative) for representative in representatives)
    return {party_of(thread.practice), party_of(thread.patient), *each}


def begin(thread: Thread, parties: Iterable[Party], subject: str, reason: str) -> EpochInForce:
    """A new epoch under a new random key, wrapped for the parties; the subject sealed anew in it.

    The caller holds the thread's lock and saves the thread (subject_*).
    """
    first = thread.subject_epoch if thread.last_sequence == 0 else thread.subject_epoch + 1
    epoch = Epoch(thread=thread, number=first, suite=CURRENT.number, reason=reason)
    epoch.opened_at = clock.now()
    epoch.save(force_insert=True)
    keys = EpochKeys(thread_place(thread, epoch), new_key())
    shared = share(epoch, keys, parties)
    thread.subject_epoch = epoch.number
    thread.subject_nonce, thread.subject_sealed = keys.seal_subject(subject)
    return EpochInForce(epoch, keys, reason, shared.get(party_of(thread.patient)))


def share(epoch: Epoch, keys: EpochKeys, parties: Iterable[Party]) -> dict[Party, PartyKey]:
    """Wrap the epoch's key for each of the parties; gives the key of each."""
    found = keys_of(parties)
    wraps = [_wrapped(epoch, keys, party_key) for party_key in found.values()]
    KeyWrap.objects.bulk_create(wraps, ignore_conflicts=True)
    return found


def wraps_in_force(thread: Thread) -> list[KeyWrap]:
    """Every party's wrap of the epoch in force, which is the one the subject is sealed in."""
    return _WRAPS(thread=thread.pk, number=thread.subject_epoch)


def _wraps() -> QuerySet[KeyWrap]:
    thread, number = Slot("thread", UUIDField()), Slot("number", IntegerField())
    wraps = KeyWrap.objects.filter(epoch__thread=thread, epoch__number=number)
    return wraps.select_related("epoch", "party_key")


_WRAPS = Prepared(_wraps)


def for_writing(
    thread: Thread, ring: KeyRing, opener: Party, representatives: list[Representative]
) -> EpochInForce:
    """The epoch for the next message: the one in force, shared with who joined, or a new one.

    The caller holds the thread's lock. When a new one was begun (`begun_for`), the caller saves
    the thread's subject columns.
    """
    wraps = wraps_in_force(thread)
    parties = parties_to(thread, representatives)
    keys = ring.open(_wrap_for(opener, wraps, thread), thread)
    epoch = wraps[0].epoch
    if reason := _reason_to_begin(epoch, wraps, parties):
        return begin(thread, parties, open_subject(thread, keys), reason)
    held = {holder_of(each.party_key): each.party_key for each in wraps}
    if joined := parties - set(held):
        share(epoch, keys, joined)
    return EpochInForce(epoch, keys, patients_key=held.get(party_of(thread.patient)))


def _wrap_for(opener: Party, wraps: list[KeyWrap], thread: Thread) -> KeyWrap:
    """The opener's own wrap; one who joined since is let in by the practice's."""
    by_party = {holder_of(each.party_key): each for each in wraps}
    found = by_party.get(opener) or by_party.get(party_of(thread.practice))
    if found is None:
        raise located("key", thread, thread.pk)
    return found


def _reason_to_begin(epoch: Epoch, wraps: list[KeyWrap], parties: set[Party]) -> str:
    holders = {holder_of(each.party_key) for each in wraps}
    if any(each.party_key.revoked_at for each in wraps):
        return "key_revoked"
    if holders - parties:
        return "party_left"
    return "yearly" if clock.now() - epoch.opened_at >= YEAR else ""


def _wrapped(epoch: Epoch, keys: EpochKeys, key: PartyKey) -> KeyWrap:
    return KeyWrap(epoch=epoch, party_key=key, sealed=wrap(keys, key.pk, public_key(key)))
