"""Keys made anew: nothing is lost however often a run is cut off, and people work meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models

from wellpost.cli.main import main
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock
from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.emergency import begin_emergency, reason_of
from wellpost.server.messaging.keys.file import FileKeyProvider
from wellpost.server.messaging.keys.opened import opened_keys
from wellpost.server.messaging.keys.provider import KeyProviderError, provider
from wellpost.server.messaging.keys.signer import CheckpointSigner
from wellpost.server.messaging.models import Epoch, PartyKey, Thread
from wellpost.server.messaging.rotation.epochs import renew_epochs
from wellpost.server.messaging.rotation.holdings import HOLDINGS, counted
from wellpost.server.messaging.rotation.rewrapping import rotate

pytestmark = pytest.mark.postgresql


class PulledPlugError(BaseException):
    """The machine stops here."""


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """Keys of the test's own."""
    settings.HOME = tmp_path
    return tmp_path


def keys_in(home):
    return sorted(each.stem for each in (home / "keys").glob("*.key"))


def read(message, by):
    """The texts of the thread, by somebody whose keys nobody holds opened."""
    opened_keys.forget()
    return [each.text for each in queries.open_thread(message.thread_id, by).messages]


# The key-encryption key


def test_everything_is_under_the_new_key_and_opens(first, alice, dr_diaz, home):
    access = begin_emergency(patient=alice, by=dr_diaz.user, reason="Nobody else is here now.")
    (old,) = keys_in(home)
    run = rotate()
    assert run.made and run.rewrapped == 3 and not run.unopened
    assert set(counted()) == {run.key_id} != {old}
    assert (home / "keys" / f"{old}.key").exists()
    assert read(first, alice.user) == ["All values are as they should be."]
    access.refresh_from_db()
    assert reason_of(access) == "Nobody else is here now."


def test_the_old_key_is_needed_no_more(first, alice, home):
    (old,) = keys_in(home)
    rotate()
    (home / "keys" / f"{old}.key").unlink()
    provider.cache_clear()
    assert read(first, alice.user) == ["All values are as they should be."]


def test_every_column_that_names_a_key_is_held():
    named = {
        (model._meta.label, each.name)
        for model in apps.get_models()
        for each in model._meta.concrete_fields
        if each.name.endswith("key_id") and isinstance(each, models.CharField)
        and model._meta.app_config.name.startswith("wellpost.")
    }  # fmt: skip
    assert named == {(each.model._meta.label, each.key_id) for each in HOLDINGS}


@pytest.mark.parametrize("step", range(1, 8))
def test_a_run_that_is_cut_off_is_finished_by_the_next(
    first, alice, bob, carol, home, monkeypatch, step
):
    """Whatever step the plug is pulled at: one new key, everything under it, all still opens."""
    from wellpost.server.messaging.rotation import rewrapping

    for each in (bob, carol):
        actions.revoke_key(holder=each, by=None)
    monkeypatch.setattr(rewrapping, "TOGETHER", 2)
    steps = []

    def pulled(self, *args, **kwargs):
        steps.append(1)
        if len(steps) == step:
            raise PulledPlugError
        return wrap(self, *args, **kwargs)

    wrap = FileKeyProvider.wrap
    with monkeypatch.context() as patch:
        patch.setattr(FileKeyProvider, "wrap", pulled)
        finished = attempt_to_rotate()
    assert finished == (step > PartyKey.objects.count())
    assert read(first, alice.user) == ["All values are as they should be."]
    if not finished:
        assert not rotate().made
    assert len(keys_in(home)) == 2
    assert set(counted()) == {keys_in(home)[-1]}
    assert read(first, alice.user) == ["All values are as they should be."]


def attempt_to_rotate():
    """Whether the plug was not pulled."""
    try:
        rotate()
    except PulledPlugError:
        return False
    return True


def test_a_row_changed_from_outside_is_an_alarm_and_stops_no_other(first, alice, bob, home):
    actions.revoke_key(holder=bob, by=None)
    key = PartyKey.objects.filter(party_id=bob.pk).first()
    PartyKey.objects.filter(pk=key.pk).update(wrapped_private_key=b"x" * 60)
    run = rotate()
    assert run.unopened == {key.pk}
    alarm = AuditRow.objects.get(deed="seal_broken")
    assert alarm.target_id == str(key.pk)
    assert counted()[run.key_id] == PartyKey.objects.count() - 1


def test_a_message_is_sent_and_read_between_two_steps(first, alice, bob, home, fresh_key):
    """Half is under the old key, half under the new one: both sides write and read."""
    actions.revoke_key(holder=bob, by=None)
    seen = []

    def said(done, of):
        sent = actions.send_message(
            thread=first.thread, by=alice.user, body=f"Between, at {done}", client_key=fresh_key()
        )
        seen.append(read(sent, alice.user)[-1])

    rotate(said)
    assert seen and all(each.startswith("Between, at") for each in seen)


def test_a_process_that_runs_already_wraps_under_the_new_key(first, practice, home):
    running = FileKeyProvider(home / "keys")
    before = running.key_in_force()
    run = rotate()
    assert running.key_in_force() == run.key_id != before


def test_what_signs_the_checkpoints_is_wrapped_again(first, home):
    public = CheckpointSigner().public_key()
    run = rotate()
    assert run.key_id in (home / "keys" / "checkpoints.json").read_text()
    assert CheckpointSigner().public_key() == public


def test_the_rotation_is_on_record_from_its_beginning(first, home):
    run = rotate()
    begun, done = AuditRow.objects.filter(target_id=run.key_id).order_by("pk")
    assert (begun.deed, done.deed) == ("key_rotation_begun", "keys_rotated")
    assert begun.details["made"] is True and done.details["rewrapped"] == run.rewrapped
    assert begun.actor_kind == "machine"


def test_a_second_key_made_in_the_same_second_is_the_newer_one(home):
    made = [FileKeyProvider(home / "keys").renew() for _ in range(4)]
    assert made == sorted(made) == keys_in(home)


def test_a_key_with_a_name_of_its_own_is_asked_about(home):
    files = FileKeyProvider(home / "keys")
    files.key_in_force()
    (files.folder / "zebra.key").write_bytes(b"z" * 32)
    with pytest.raises(KeyProviderError, match="zebra"):
        files.renew()


# Epochs


@pytest.fixture
def in_a_year(monkeypatch):
    now = clock.now()
    return lambda days: monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=days))


def test_old_epochs_are_renewed_and_young_ones_are_not(
    first, alice, dr_chen, practice, fresh_key, in_a_year
):
    in_a_year(100)
    young = actions.start_thread(
        practice=practice, patient=alice, by=dr_chen.user, subject="Young", body="New.",
        client_key=fresh_key(),
    )  # fmt: skip
    in_a_year(110)
    assert renew_epochs(practice, timedelta(days=90)) == (1, 0)
    assert renew_epochs(practice, timedelta(days=90)) == (0, 0)
    assert Epoch.objects.filter(thread=first.thread_id).count() == 2
    assert Epoch.objects.filter(thread=young.thread_id).count() == 1
    row = AuditRow.objects.get(deed="epoch_begun")
    assert row.details == {"epoch": 2, "begun_for": "renewed", "keys_opened": 1}


def test_both_epochs_open_and_the_subject_does(first, alice, amir, practice, fresh_key):
    renew_epochs(practice, timedelta(0))
    sent = actions.send_message(
        thread=first.thread, by=alice.user, body="After", client_key=fresh_key()
    )
    assert sent.epoch.number == 2
    for by in (alice.user, amir.user):
        opened_keys.forget()
        opened = queries.open_thread(first.thread_id, by)
        assert [each.text for each in opened.messages][-1] == "After"
        assert opened.subject == "Your blood test" and not opened.tampered


def test_a_closed_conversation_and_another_practices_are_left_alone(
    first, dr_chen, practice, other_practice
):
    actions.lock_thread(thread=first.thread, by=dr_chen.user)
    assert renew_epochs(practice, timedelta(0)) == (0, 0)
    assert renew_epochs(other_practice, timedelta(0)) == (0, 0)


def test_a_thread_that_does_not_open_stops_no_other(first, alice, dr_chen, practice, fresh_key):
    other = actions.start_thread(
        practice=practice, patient=alice, by=dr_chen.user, subject="Other", body="Two.",
        client_key=fresh_key(),
    )  # fmt: skip
    Thread.objects.filter(pk=first.thread_id).update(subject_sealed=b"x" * 40)
    assert renew_epochs(practice, timedelta(0)) == (1, 1)
    assert Epoch.objects.filter(thread=other.thread_id).count() == 2
    assert AuditRow.objects.filter(deed="seal_broken").count() == 1


# The command


@pytest.fixture
def wellpost(monkeypatch, capsys):
    from wellpost.server.config import serving

    monkeypatch.setattr(serving, "prepare_database", lambda: None)

    def run(*words):
        status = main(["keys", *words])
        return status, capsys.readouterr()

    return run


def test_the_command_rotates_lists_and_renews(wellpost, first, practice, home):
    (old,) = keys_in(home)
    status, said = wellpost("rotate")
    assert status == 0 and "is in force and wraps everything: 2 wrapped again." in said.out
    _, said = wellpost("list")
    assert f"{keys_in(home)[-1]}: in force, wraps 2" in said.out
    assert old not in said.out
    status, said = wellpost("renew-epochs", "--practice", practice.tin, "--older-than", "0")
    assert status == 0 and "1 conversations have a new key." in said.out


@pytest.mark.parametrize(
    "words", [("--practice", "1", "--older-than", "3"), ("--practice", "x", "--older-than", "-1")]
)
def test_the_command_refuses_what_it_cannot_read(wellpost, db, words):
    status, said = wellpost("renew-epochs", *words)
    assert status == 2 and ("no such practice" in said.err or "cannot be read" in said.err)
