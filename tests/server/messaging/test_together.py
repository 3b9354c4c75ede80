"""Many who send at once: nothing lost, nothing twice, one order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, close_old_connections, connection, transaction

from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.errors import MessageRefusedError
from wellpost.server.messaging.models import Message, PartyKey, Thread
from wellpost.server.messaging.threads import thread_with_parties

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

SENDERS, EACH = 8, 6


@pytest.fixture
def at_once():
    """Runs the deed for each value, in threads that have their own connections."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share one connection of an in-memory SQLite: PostgreSQL tries this")

    def at_once(deed, values):
        def with_own_connection(value):
            try:
                return deed(value)
            finally:
                close_old_connections()
                connection.close()

        with ThreadPoolExecutor(SENDERS) as pool:
            return list(pool.map(with_own_connection, values))

    return at_once


def test_all_arrive_in_one_order(first, alice, dr_chen, at_once):
    def send(number):
        by = alice.user if number % 2 else dr_chen.user
        return actions.send_message(
            thread=first.thread, by=by, body=f"Number {number}", client_key=f"key {number}"
        )

    sent = at_once(send, range(SENDERS * EACH))
    assert sorted(each.sequence for each in sent) == list(range(2, SENDERS * EACH + 2))
    opened = queries.open_thread(first.thread_id, alice.user)
    assert [each.sequence for each in opened.messages] == list(range(1, SENDERS * EACH + 2))
    by_sequence = {each.sequence: f"Number {number}" for number, each in enumerate(sent)}
    assert [each.text for each in opened.messages][1:] == [
        by_sequence[each] for each in sorted(by_sequence)
    ]
    assert not opened.tampered


def test_one_key_sent_by_all_at_once_is_one_message(first, alice, at_once):
    def send(_):
        return actions.send_message(
            thread=first.thread, by=alice.user, body="Once", client_key="same"
        ).pk

    assert len(set(at_once(send, range(SENDERS)))) == 1
    assert first.thread.messages.count() == 2


def test_a_revocation_waits_for_a_message_on_its_way(first, alice, ada_admin, at_once):
    """It is acknowledged when nothing more can come under what the old key opens."""

    def revoke(_):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            actions.revoke_key(holder=alice, by=ada_admin)

    with transaction.atomic():
        thread_with_parties(first.thread_id, locked=True)
        at_once(revoke, [1])
    assert PartyKey.objects.get(party_id=alice.pk).revoked_at is None


def test_one_key_begins_one_thread(alice, dr_chen, at_once):
    def start(_):
        return actions.start_thread(
            practice=alice.practice, patient=alice, by=dr_chen.user, subject="Once",
            body="Only once.", client_key="same",
        ).pk  # fmt: skip

    assert len(set(at_once(start, range(SENDERS)))) == 1
    assert Thread.objects.count() == Message.objects.count() == 1


def test_one_key_with_two_contents_gives_one_of_them(first, alice, at_once):
    def send(number):
        try:
            return actions.send_message(
                thread=first.thread, by=alice.user, body=f"Body {number}", client_key="same"
            ).pk
        except MessageRefusedError:
            return None

    assert sum(each is not None for each in at_once(send, range(SENDERS))) == 1
    assert first.thread.messages.count() == 2


def test_a_party_that_is_new_gets_one_key(dr_chen, practice, at_once):
    from tests.server.conftest import make_patient

    patient = make_patient(practice, "Dora Dale")

    def start(number):
        return actions.start_thread(
            practice=practice, patient=patient, by=dr_chen.user, subject=f"Number {number}",
            body="Hello", client_key=f"key {number}",
        ).thread_id  # fmt: skip

    for thread in at_once(start, range(SENDERS)):
        assert not queries.open_thread(thread, dr_chen.user).tampered
