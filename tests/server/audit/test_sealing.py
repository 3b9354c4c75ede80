"""Rows go into the tree of their practice after they were committed: each once, none left out."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction

from tests.server.audit.conftest import rows
from tests.worlds.waiting import HUNG
from wellpost.ledger.rows import FIELDS, hash_of_row
from wellpost.ledger.tree import Frontier
from wellpost.server.audit import sealing
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow, SealedRow, TreeNode, WaitingRow
from wellpost.server.audit.sealing import seal_waiting
from wellpost.server.audit.trees import frontier_of, root_at, size_of, trees
from wellpost.server.audit.verifying import unsealed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def root_of(tree):
    """The root by the rows alone, in the order of their places."""
    frontier = Frontier()
    for sealed in SealedRow.objects.filter(tree=tree).order_by("place"):
        frontier.append(hash_of_row(AuditRow.objects.values(*FIELDS).get(pk=sealed.row_id)))
    return frontier.root()


def test_a_row_waits_from_its_transaction_on_and_is_sealed_once(practice):
    made = rows(3, practice_id=practice.pk)
    assert set(WaitingRow.objects.values_list("row_id", flat=True)) == {each.pk for each in made}
    assert seal_waiting() == {str(practice.pk)}
    assert not WaitingRow.objects.exists()
    assert seal_waiting() == set()
    places = SealedRow.objects.order_by("place").values_list("place", "row_id")
    assert list(places) == [(place, each.pk) for place, each in enumerate(made)]


def test_what_was_rolled_back_does_not_wait(practice):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        rows(1, practice_id=practice.pk)
        1 / 0  # noqa: B018 - the fault that rolls back
    assert not WaitingRow.objects.exists()


def test_each_practice_has_its_tree_and_the_server_one_of_its_own(practice, other_practice):
    rows(2, practice_id=practice.pk)
    rows(3, practice_id=other_practice.pk)
    rows(4)
    seal_waiting()
    sizes = {str(practice.pk): 2, str(other_practice.pk): 3, "server": 4}
    assert {each: size_of(each) for each in trees()} == sizes


@pytest.mark.parametrize("batch", [1, 7, 64])
def test_a_tree_grown_in_batches_is_the_tree_of_its_rows(practice, monkeypatch, batch):
    monkeypatch.setattr(sealing, "TOGETHER", batch)
    tree = str(practice.pk)
    for count in (1, 16, 50, 2):
        rows(count, practice_id=practice.pk)
        seal_waiting()
        assert frontier_of(tree).root() == root_of(tree) == root_at(tree, size_of(tree))
    assert size_of(tree) == 69
    assert TreeNode.objects.filter(tree=tree).count() == 4  # of 16 leaves each


def test_a_row_taken_out_before_it_was_sealed_is_an_alarm(practice, by_force, caplog):
    gone = rows(2, practice_id=practice.pk)[0].pk
    by_force("DELETE FROM audit_auditrow WHERE id = %s", gone)
    seal_waiting()
    alarm = AuditRow.objects.get(deed=Deed.SEAL_BROKEN)
    assert (alarm.outcome, alarm.target_id) == ("alarm", str(gone))
    assert str(gone) in caplog.text


def test_what_is_sealed_is_written_once(practice):
    rows(1, practice_id=practice.pk)
    seal_waiting()
    for statement in ("UPDATE audit_sealedrow SET place = 7", "DELETE FROM audit_sealedrow"):
        with (
            pytest.raises(Exception, match=r"never changed or deleted|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert SealedRow.objects.get().place == 0


def test_a_sending_has_no_statement_more(practice, django_assert_num_queries):
    with django_assert_num_queries(1):
        record(by=None, deed=Deed.PATIENT_READ, practice_id=practice.pk)


def in_thread(work):
    """Start it with a database connection of its own."""

    def working():
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=working)
    thread.start()
    return thread


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_a_lower_row_that_is_committed_later_is_sealed_too(practice):
    begun, go_on, lower = threading.Event(), threading.Event(), []

    def slow():
        with transaction.atomic():
            lower.extend(rows(1, practice_id=practice.pk))
            begun.set()
            go_on.wait(HUNG)

    thread = in_thread(slow)
    assert begun.wait(HUNG)
    higher = rows(1, practice_id=practice.pk)
    assert higher[0].pk > lower[0].pk
    seal_waiting()
    go_on.set()
    thread.join()
    seal_waiting()
    order = list(SealedRow.objects.order_by("place").values_list("row_id", flat=True))
    assert order == [higher[0].pk, lower[0].pk]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_writers_and_sealers_together_leave_no_gap_and_seal_none_twice(practice):
    done = threading.Event()

    def write():
        for number in range(60):
            with transaction.atomic():
                rows(1 + number % 3, practice_id=practice.pk)
                if number % 7 == 0:
                    transaction.set_rollback(True)

    def keep_sealing():
        while not done.is_set():
            seal_waiting()

    sealers = [in_thread(keep_sealing) for _ in range(3)]
    for each in [in_thread(write) for _ in range(6)]:
        each.join()
    done.set()
    for each in sealers:
        each.join()
    seal_waiting()
    tree, count = str(practice.pk), AuditRow.objects.count()
    places = list(SealedRow.objects.order_by("place").values_list("place", flat=True))
    assert places == list(range(count))
    assert count > 500
    assert root_at(tree, count) == root_of(tree)
    assert unsealed().waiting == unsealed().strays == 0
