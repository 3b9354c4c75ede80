"""Keys: the file provider, the parties' pairs, and what is held in memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.worlds.waiting import HUNG
from wellpost.server.messaging.envelope import EpochKeys, new_key
from wellpost.server.messaging.errors import TamperedError
from wellpost.server.messaging.keys import opened
from wellpost.server.messaging.keys.file import FileKeyProvider
from wellpost.server.messaging.keys.opened import OpenedKeys
from wellpost.server.messaging.keys.parties import keys_of, party_of, private_key, public_key
from wellpost.server.messaging.keys.provider import KeyProviderError, Wrapped, provider
from wellpost.server.messaging.models import PartyKey

from .test_envelope import thread_place

# The file provider


@pytest.fixture
def files(tmp_path) -> FileKeyProvider:
    return FileKeyProvider(tmp_path / "keys")


def test_the_first_key_is_made_once_and_only_its_owner_reads_it(files):
    first = files.key_in_force()
    place = files.folder / f"{first}.key"
    assert place.stat().st_mode & 0o777 == 0o600
    assert files.folder.stat().st_mode & 0o777 == 0o700
    assert len(place.read_bytes()) == 32
    assert FileKeyProvider(files.folder).key_in_force() == first


def test_many_that_start_together_make_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _: FileKeyProvider(tmp_path / "k").key_in_force(), range(16)))
    assert len(names) == 1
    assert len(list((tmp_path / "k").glob("*.key"))) == 1


def test_a_secret_comes_back_under_its_context_alone(files):
    wrapped = files.wrap(b"secret", b"context")
    assert files.unwrap(wrapped, b"context") == b"secret"
    with pytest.raises(TamperedError):
        files.unwrap(wrapped, b"other")
    with pytest.raises(TamperedError):
        files.unwrap(Wrapped(wrapped.key_id, wrapped.data[:-1] + b"\x00"), b"context")


def test_a_newer_key_wraps_and_the_older_one_still_unwraps(files):
    before = files.wrap(b"secret", b"")
    newer = files.folder / "99991231T000000-00000000.key"
    newer.write_bytes(new_key())
    newer.chmod(0o600)
    again = FileKeyProvider(files.folder)
    assert again.wrap(b"other", b"").key_id == newer.stem
    assert again.unwrap(before, b"") == b"secret"


def test_a_key_that_others_can_read_is_refused(files):
    wrapped = files.wrap(b"secret", b"")
    (files.folder / f"{wrapped.key_id}.key").chmod(0o644)
    with pytest.raises(KeyProviderError, match="mode 0644"):
        FileKeyProvider(files.folder).unwrap(wrapped, b"")


def test_a_key_that_is_gone_is_asked_for(files):
    wrapped = files.wrap(b"secret", b"")
    (files.folder / f"{wrapped.key_id}.key").unlink()
    with pytest.raises(KeyProviderError, match="Put it back from the backup"):
        FileKeyProvider(files.folder).unwrap(wrapped, b"")


def test_a_cut_key_is_refused(files):
    wrapped = files.wrap(b"secret", b"")
    (files.folder / f"{wrapped.key_id}.key").write_bytes(b"short")
    with pytest.raises(KeyProviderError, match="5 bytes; a key has 32"):
        FileKeyProvider(files.folder).unwrap(wrapped, b"")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", ""])
def test_a_key_name_leads_nowhere_else(files, name):
    with pytest.raises(TamperedError):
        files.unwrap(Wrapped(name, b"data"), b"")


def test_the_key_that_wraps_is_in_the_home_and_not_in_the_database(settings, alice):
    keys_of([party_of(alice)])
    key = PartyKey.objects.get(party_id=alice.pk)
    assert (settings.HOME / "keys" / f"{key.wrapping_key_id}.key").exists()


# The parties' keys


def test_a_party_has_one_key_however_often_asked(alice, practice):
    first = keys_of([party_of(alice), party_of(practice)])
    assert keys_of([party_of(alice)])[party_of(alice)] == first[party_of(alice)]
    assert PartyKey.objects.count() == 2


def test_a_pair_fits(alice):
    key = keys_of([party_of(alice)])[party_of(alice)]
    assert private_key(key).public_key() == public_key(key)


@pytest.mark.parametrize("change", ["party_id", "party_kind", "suite", "public_key"])
def test_a_key_given_to_somebody_else_does_not_open(alice, bob, change):
    keys = keys_of([party_of(alice), party_of(bob)])
    key, other = keys[party_of(alice)], keys[party_of(bob)]
    values = {
        "party_id": bob.pk, "party_kind": "practice", "suite": 2, "public_key": other.public_key,
    }  # fmt: skip
    setattr(key, change, values[change])
    with pytest.raises(TamperedError):
        private_key(key)


def test_the_patients_key_exists_from_the_day_the_record_does(practice, sam_staff):
    from wellpost.server.people.actions import add_patient

    patient = add_patient(practice=practice, by=sam_staff, given_name="Dora", family_name="Dale")
    assert PartyKey.objects.filter(party_id=patient.pk).count() == 1


def test_the_provider_is_chosen_by_a_setting(settings):
    settings.KEY_PROVIDER = "tests.server.messaging.test_keys.Other"
    assert isinstance(provider(), Other)


class Other(FileKeyProvider):
    """Another place for keys."""


# What is held


@pytest.fixture
def held(monkeypatch) -> OpenedKeys:
    kept = OpenedKeys()
    monkeypatch.setattr(kept, "_wake_later", lambda seconds: None)
    return kept


def test_opened_keys_are_the_openers_own_and_end_after_five_minutes(held, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(opened.time, "monotonic", lambda: now[0])
    user, keys = uuid4(), EpochKeys(thread_place(), new_key())
    name = (user, keys.place, b"wrap")
    held.put(name, keys)
    assert held.get(name) is keys
    assert held.get((uuid4(), keys.place, b"wrap")) is None
    assert held.get((user, thread_place(epoch=2), b"wrap")) is None
    assert held.get((user, keys.place, b"changed")) is None
    now[0] += 299
    assert held.get(name) is keys
    now[0] += 2
    assert held.get(name) is None


def test_an_idle_process_lets_go_as_well(monkeypatch):
    monkeypatch.setattr(opened, "HELD_SECONDS", -0.9)
    kept, keys = OpenedKeys(), EpochKeys(thread_place(), new_key())
    kept.put((uuid4(), keys.place, b""), keys)
    kept._timer.join(HUNG)
    assert not kept._held


def test_signing_out_forgets_the_openers_keys_alone(held):
    one, other = uuid4(), uuid4()
    keys = EpochKeys(thread_place(), new_key())
    for user in (one, other):
        held.put((user, keys.place, b""), keys)
    held.forget(one)
    assert held.get((one, keys.place, b"")) is None
    assert held.get((other, keys.place, b"")) is keys


def test_no_key_shows_itself():
    keys = EpochKeys(thread_place(), new_key())
    assert keys.secret.hex() not in repr(keys)
    assert repr(keys.secret) not in repr(keys)
