"""Many threads, sealed as the server seals them but written in bulk; and whether they open."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator

from django.conf import settings

from wellpost.server.clock import time as clock
from wellpost.server.messaging.envelope import EpochKeys, new_key, wrap
from wellpost.server.messaging.keys import parties
from wellpost.server.messaging.keys.provider import provider
from wellpost.server.messaging.models import Epoch, KeyWrap, PartyKey, Thread
from wellpost.server.messaging.places import thread_place
from wellpost.server.messaging.rotation.holdings import counted
from wellpost.server.messaging.suites import CURRENT
from wellpost.server.people.models import Patient, Practice

TOGETHER = 1000


def fill(practice: Practice, threads: int) -> Iterator[int]:
    """So many threads with one patient each; gives how many there are, now and then."""
    own = parties.keys_of([parties.party_of(practice)])[parties.party_of(practice)]
    for done in range(0, threads, TOGETHER):
        _fill(practice, own, min(TOGETHER, threads - done))
        yield min(done + TOGETHER, threads)


def open_some(many: int) -> int:
    """How many of so many keys, taken at random, do not open or do not fit their other half."""
    drawn = random.sample(list(PartyKey.objects.values_list("pk", flat=True)), many)
    keys = PartyKey.objects.filter(pk__in=drawn)
    return sum(parties.private_key(key).public_key() != parties.public_key(key) for key in keys)


def left() -> int:
    """How many secrets are not under the key in force."""
    provider.cache_clear()
    in_force = provider().key_in_force()
    return sum(rows for key_id, rows in counted().items() if key_id != in_force)


def key_files() -> int:
    """How many key-encryption keys there are."""
    return len(list((settings.HOME / "keys").glob("*.key")))


def _fill(practice: Practice, own: PartyKey, many: int) -> None:
    moment = clock.now()
    patients = [
        Patient(practice=practice, given_name="Patient", family_name=uuid.uuid4().hex)
        for _ in range(many)
    ]
    Patient.objects.bulk_create(patients)
    keys = [parties._made(parties.party_of(each)) for each in patients]
    PartyKey.objects.bulk_create(keys)
    threads = [
        Thread(
            practice=practice, patient=each, started_at=moment, last_message_at=moment,
            subject_nonce=b"", subject_sealed=b"",
        )
        for each in patients
    ]  # fmt: skip
    epochs = [
        Epoch(thread=each, number=1, suite=CURRENT.number, opened_at=moment, reason="bench")
        for each in threads
    ]
    opened = [
        EpochKeys(thread_place(thread, epoch), new_key())
        for thread, epoch in zip(threads, epochs, strict=True)
    ]
    for thread, held in zip(threads, opened, strict=True):
        thread.subject_nonce, thread.subject_sealed = held.seal_subject("A matter")
    Thread.objects.bulk_create(threads)
    Epoch.objects.bulk_create(epochs)
    KeyWrap.objects.bulk_create(
        KeyWrap(epoch=epoch, party_key=key, sealed=wrap(held, key.pk, parties.public_key(key)))
        for epoch, held, patients_key in zip(epochs, opened, keys, strict=True)
        for key in (patients_key, own)
    )
