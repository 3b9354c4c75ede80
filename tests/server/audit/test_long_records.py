"""What is read piece by piece is read whole: long records, files and trees."""

from __future__ import annotations

import stat
from types import SimpleNamespace

import pytest

from tests.server.audit.conftest import rows
from wellpost.errors import RequestError
from wellpost.ledger.tree import Node
from wellpost.server.audit import checkpoints as keeping
from wellpost.server.audit import rounds as going
from wellpost.server.audit import trees, verifying
from wellpost.server.audit.checkpoints import (
    CheckpointRefusedError,
    checkpoints,
    folder,
    last_checkpoint,
    make_checkpoint,
    trees_in,
)
from wellpost.server.audit.models import AuditRow, SealedRow, TreeNode, WaitingRow
from wellpost.server.audit.proving import consistency_of, proof_of
from wellpost.server.audit.sealing import seal_waiting
from wellpost.server.audit.signer import signer
from wellpost.server.audit.verifying import unsealed
from wellpost.server.config.rounds import attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def often_signed(practice) -> str:
    """A tree of 24 rows with a checkpoint after every second one."""
    tree = str(practice.pk)
    for _ in range(12):
        rows(2, practice_id=practice.pk)
        seal_waiting()
        make_checkpoint(tree)
    return tree


def test_the_last_checkpoint_is_found_at_the_end_of_a_long_file(often_signed, monkeypatch):
    for number, tail in enumerate([300, 333, 500, 1000, 4096, 10**6]):
        monkeypatch.setattr(keeping, "TAIL", tail)
        assert last_checkpoint(often_signed).checkpoint.size == 24 + number
        rows(1, practice_id=often_signed)
        seal_waiting()
        assert make_checkpoint(often_signed).checkpoint.size == 25 + number
    signed = [each.checkpoint.size for each in checkpoints(often_signed, folder())]
    assert signed == [*range(2, 25, 2), *range(25, 31)]


def test_a_record_is_verified_whole_however_it_is_read(
    often_signed, verified, monkeypatch, by_force
):
    changed = SealedRow.objects.get(tree=often_signed, place=23).row_id
    for together in (1, 2, 7, 24, 25):
        monkeypatch.setattr(verifying, "TOGETHER", together)
        report = verified(often_signed)
        assert (report.rows, report.checkpoints, report.signed) == (24, 12, 24)
        assert report.difference is None
    by_force("UPDATE audit_auditrow SET deed = 'x' WHERE id = %s", changed)
    for together in (1, 7, 24):
        monkeypatch.setattr(verifying, "TOGETHER", together)
        assert verified(often_signed).difference.row_id == changed


def test_nodes_that_end_at_one_leaf_are_read_together(practice, verified, monkeypatch):
    """The 256th leaf ends a node of 16 leaves and one of 256."""
    rows(257, practice_id=practice.pk)
    seal_waiting()
    tree = str(practice.pk)
    make_checkpoint(tree)
    ended = TreeNode.objects.filter(tree=tree, last=255).values_list("level", flat=True)
    assert {*ended} == {4, 8}
    for together in (2, 16, 17):
        monkeypatch.setattr(verifying, "TOGETHER", together)
        assert verified(tree).difference is None


def test_verifying_tells_of_every_row_as_it_goes(sealed):
    told = []
    verifying.verify_tree(sealed, [signer().public_key()], folder(), told.append)
    assert told == [1] * 40


def test_each_node_of_a_deep_tree_is_found_from_those_kept(practice):
    rows(64, practice_id=practice.pk)
    seal_waiting()
    tree = str(practice.pk)
    wanted = [Node(level, 0) for level in range(7)]
    found = trees.hashes_of(tree, wanted)
    assert found[Node(6, 0)] == trees.root_at(tree, 64)
    for level in range(6):
        pair = trees.hashes_of(tree, [Node(level, 0), Node(level, 1)])
        both = trees.node_hash(pair[Node(level, 0)], pair[Node(level, 1)])
        assert both == found[Node(level + 1, 0)]
    with pytest.raises(KeyError):
        trees.hashes_of(tree, [Node(4, 4)])


def test_a_row_has_a_proof_as_soon_as_its_place_is_signed(often_signed):
    rows(1, practice_id=often_signed)
    seal_waiting()
    signed, not_yet = (SealedRow.objects.get(tree=often_signed, place=at).row_id for at in (23, 24))
    assert proof_of(signed).index == 23
    assert proof_of(not_yet) is None


def test_the_record_grew_from_any_checkpoint_to_any_later_one(often_signed):
    notes = list(checkpoints(often_signed, folder()))
    for old, new in ((notes[0], notes[4]), (notes[4], notes[4]), (notes[-1], None)):
        made = consistency_of(old, new)
        assert (made.old, made.new) == (old, new or notes[-1])
    with pytest.raises(RequestError, match="must be the older one"):
        consistency_of(notes[4], notes[3])


def test_checkpoints_of_two_practices_or_of_none_here_prove_nothing(often_signed, other_practice):
    note = last_checkpoint(often_signed)
    rows(30, practice_id=other_practice.pk)
    seal_waiting()
    other = make_checkpoint(str(other_practice.pk))
    with pytest.raises(RequestError, match="of one practice"):
        consistency_of(note, other)
    (folder() / f"{often_signed}.checkpoints").unlink()
    with pytest.raises(RequestError, match="of this server"):
        consistency_of(note)


def test_the_alarm_of_a_practice_stands_with_it_and_the_servers_with_nobody(practice, by_force):
    for tree in (str(practice.pk), "server"):
        rows(3, practice_id="" if tree == "server" else tree)
        seal_waiting()
        make_checkpoint(tree)
    by_force("DELETE FROM audit_sealedrow")
    for tree in (str(practice.pk), "server"):
        with pytest.raises(CheckpointRefusedError, match=f"{tree}: "):
            make_checkpoint(tree)
    alarms = AuditRow.objects.filter(deed="seal_broken").values_list("practice_id", "target_id")
    assert list(alarms) == [(str(practice.pk), "3"), ("", "3")]


def test_checkpoints_are_kept_where_only_the_server_reads(sealed, other_practice):
    assert stat.S_IMODE(folder().stat().st_mode) == 0o700
    assert trees_in(folder()) == [sealed]
    rows(1, practice_id=other_practice.pk)
    seal_waiting()
    make_checkpoint(str(other_practice.pk))
    assert trees_in(folder()) == sorted([sealed, str(other_practice.pk)])


def test_a_public_key_that_is_not_the_signers_is_written_anew(sealed):
    key = folder() / "public-key.pem"
    right = key.read_bytes()
    key.write_bytes(b"another")
    make_checkpoint(sealed)
    assert key.read_bytes() == right
    assert not list(folder().glob("*.new"))


def test_rows_in_no_tree_are_counted_for_the_practice_asked_of(practice, other_practice):
    rows(2, practice_id=practice.pk)
    stray = rows(3, practice_id=other_practice.pk)[0].pk
    WaitingRow.objects.filter(row_id__gte=stray).delete()
    assert unsealed(str(practice.pk)) == verifying.Unsealed(2, 0, None)
    assert unsealed(str(other_practice.pk)) == verifying.Unsealed(0, 3, stray)
    assert unsealed() == verifying.Unsealed(2, 3, stray)


@pytest.fixture
def seconds(monkeypatch, settings) -> list[float]:
    """The clock of the rounds, which sign every 300 seconds."""
    now = [1000.0]
    monkeypatch.setattr(going, "time", SimpleNamespace(monotonic=lambda: now[0]))
    settings.CHECKPOINT_SECONDS = 300
    return now


def test_a_round_signs_again_when_it_is_due(sealed, seconds):
    go_round = going.Rounds()
    go_round()
    for now, size in ((1299.0, 40), (1300.0, 42)):
        seconds[0] = now
        rows(1, practice_id=sealed)
        go_round()
        assert last_checkpoint(sealed).checkpoint.size == size


def test_a_tree_that_was_refused_is_tried_an_hour_later(sealed, seconds, by_force):
    by_force("DELETE FROM audit_sealedrow WHERE place >= 20")
    go_round = going.Rounds()
    for now, alarms in ((1000.0, 1), (4599.0, 1), (4600.0, 2)):
        seconds[0] = now
        attempt(go_round)
        assert AuditRow.objects.filter(deed="seal_broken").count() == alarms
