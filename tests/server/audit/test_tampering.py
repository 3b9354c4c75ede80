"""Whatever is done to sealed rows by somebody who may do everything to the database is found."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from tests.server.audit.conftest import rows
from wellpost.ledger.rows import FIELDS, hash_of_row
from wellpost.server.audit.checkpoints import CheckpointRefusedError, folder, make_checkpoint
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow, SealedRow, TreeNode, WaitingRow
from wellpost.server.audit.sealing import seal_waiting
from wellpost.server.audit.verifying import unsealed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def row_at(tree: str, place: int) -> int:
    return SealedRow.objects.get(tree=tree, place=place).row_id


def test_what_nobody_touched_is_as_it_was_sealed(sealed, verified):
    report = verified(sealed)
    assert report.difference is None
    assert (report.rows, report.checkpoints, report.signed) == (40, 3, 40)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("deed", "signed_out"), ("actor_id", "somebody"), ("patient_id", "nobody"),
        ("recorded_at", "2020-01-01 00:00:00+00:00"), ("outcome", "refused"),
        ("details", '{"number": 99}'), ("address", "192.0.2.1"), ("practice_id", ""),
        ("target_id", "1"), ("category", "x"), ("request_id", "x"), ("on_behalf_of", "x"),
    ],
)  # fmt: skip
def test_a_changed_row_is_found_and_named(sealed, verified, by_force, column, value):
    changed = row_at(sealed, 17)
    by_force(f"UPDATE audit_auditrow SET {column} = %s WHERE id = %s", value, changed)
    found = verified(sealed).difference
    assert (found.row_id, "changed" in found.says) == (changed, True)


def test_the_first_of_several_is_named(sealed, verified, by_force):
    by_force("UPDATE audit_auditrow SET deed = 'x' WHERE id >= %s", row_at(sealed, 12))
    assert verified(sealed).difference.row_id == row_at(sealed, 12)


def test_a_deleted_row_is_found(sealed, verified, by_force):
    gone = row_at(sealed, 3)
    by_force("DELETE FROM audit_auditrow WHERE id = %s", gone)
    found = verified(sealed).difference
    assert (found.row_id, "taken out" in found.says) == (gone, True)


def test_a_row_deleted_with_its_seal_is_found(sealed, verified, by_force):
    gone = row_at(sealed, 3)
    by_force("DELETE FROM audit_auditrow WHERE id = %s", gone)
    by_force("DELETE FROM audit_sealedrow WHERE row_id = %s", gone)
    found = verified(sealed).difference
    assert (found.row_id, "place 3" in found.says) == (row_at(sealed, 4), True)


def test_a_row_put_in_beside_the_tree_is_a_stray(sealed, by_force):
    by_force(
        "INSERT INTO audit_auditrow (event_id, recorded_at, deed, outcome, actor_id, actor_kind, "
        "on_behalf_of, practice_id, patient_id, target_kind, target_id, category, request_id, "
        "details) VALUES ('00000000000040008000000000000000', '2021-01-01 00:00:00+00:00', "
        "'patient_read', 'done', '', '', '', %s, '', '', '', '', '', '{}')",
        sealed,
    )
    WaitingRow.objects.all().delete()
    put_in = AuditRow.objects.order_by("pk").last().pk
    assert unsealed().strays == 1
    assert unsealed().first_stray == unsealed(sealed).first_stray == put_in


def test_a_row_put_into_the_middle_of_the_tree_is_found(sealed, verified, by_force):
    """As well as one can: every later place moved on, the new row's own hash right."""
    forged = rows(1, practice_id=sealed)[0]
    by_force("UPDATE audit_sealedrow SET place = -place - 2 WHERE place >= 20")
    by_force("UPDATE audit_sealedrow SET place = -place - 1 WHERE place < 0")
    leaf = hash_of_row(AuditRow.objects.values(*FIELDS).get(pk=forged.pk))
    SealedRow.objects.create(row_id=forged.pk, tree=sealed, place=20, hash=leaf)
    found = verified(sealed).difference
    assert found.row_id == row_at(sealed, 10)  # the first after the last good checkpoint, at 10
    assert "place 25" in found.says


def test_two_rows_in_another_order_are_found(sealed, verified, by_force):
    """Each with its own, right, hash; the places exchanged."""
    by_force("UPDATE audit_sealedrow SET place = 1000 WHERE place = 30")
    by_force("UPDATE audit_sealedrow SET place = 30 WHERE place = 31")
    by_force("UPDATE audit_sealedrow SET place = 31 WHERE place = 1000")
    assert "place 32" in verified(sealed).difference.says  # where the tree keeps a hash


def test_a_row_changed_together_with_its_seal_is_found_by_the_checkpoint(
    sealed, verified, by_force
):
    changed = row_at(sealed, 27)
    by_force("UPDATE audit_auditrow SET deed = 'signed_out' WHERE id = %s", changed)
    leaf = hash_of_row(AuditRow.objects.values(*FIELDS).get(pk=changed))
    by_force("UPDATE audit_sealedrow SET hash = %s WHERE row_id = %s", leaf, changed)
    found = verified(sealed).difference
    assert (found.row_id, "place 32" in found.says) == (row_at(sealed, 25), True)


def test_a_row_changed_together_with_its_seal_and_the_tree_is_found_by_the_checkpoint(
    sealed, verified, by_force
):
    changed = row_at(sealed, 35)  # the tree keeps no hash from place 32 on
    by_force("UPDATE audit_auditrow SET deed = 'signed_out' WHERE id = %s", changed)
    leaf = hash_of_row(AuditRow.objects.values(*FIELDS).get(pk=changed))
    by_force("UPDATE audit_sealedrow SET hash = %s WHERE row_id = %s", leaf, changed)
    found = verified(sealed).difference
    assert (found.row_id, "the checkpoint there signs" in found.says) == (row_at(sealed, 25), True)


def test_a_tree_cut_off_at_its_end_is_found(sealed, verified, by_force):
    by_force("DELETE FROM audit_sealedrow WHERE place >= 35")
    assert "5 were taken out at the end" in verified(sealed).difference.says


def test_an_altered_node_is_found(sealed, verified, by_force):
    by_force("UPDATE audit_treenode SET hash = %s WHERE last = 15", b"\x00" * 32)
    assert "the tree's own hash" in verified(sealed).difference.says


def test_a_node_too_many_is_found(sealed, verified, by_force):
    TreeNode.objects.create(tree=sealed, level=4, last=39, hash=b"\x00" * 32)
    assert "hash over rows" in verified(sealed).difference.says


def file_of(tree):
    return folder() / f"{tree}.checkpoints"


def test_a_checkpoint_of_another_root_is_found(sealed, verified):
    text = file_of(sealed).read_text()
    first, second = (each.split("\n")[2] for each in text.split("\n\nwellpost")[:2])
    file_of(sealed).write_text(text.replace(first, second))
    assert "not signed" in verified(sealed).difference.says


def test_checkpoints_in_another_order_are_found(sealed, verified):
    lines = file_of(sealed).read_text().splitlines(keepends=True)
    file_of(sealed).write_text("".join([*lines[7:14], *lines[:7], *lines[14:]]))
    assert "stands after a larger one" in verified(sealed).difference.says


def test_the_checkpoints_of_another_practice_are_found(sealed, other_practice, verified):
    rows(40, practice_id=other_practice.pk)
    seal_waiting()
    make_checkpoint(str(other_practice.pk))
    file_of(sealed).write_bytes(file_of(other_practice.pk).read_bytes())
    assert "of another practice" in verified(sealed).difference.says


def test_checkpoints_cut_in_the_middle_or_taken_away_are_found(sealed, verified):
    whole = file_of(sealed).read_bytes()
    file_of(sealed).write_bytes(whole[:-150])
    assert "cut off here" in verified(sealed).difference.says
    file_of(sealed).unlink()
    assert "no checkpoint" in verified(sealed).difference.says


def test_a_changed_tree_is_never_signed(sealed, by_force):
    by_force("DELETE FROM audit_sealedrow WHERE place >= 35")
    rows(20, practice_id=sealed)
    before = file_of(sealed).read_bytes()
    with pytest.raises(CheckpointRefusedError, match="no new checkpoint is signed"):
        make_checkpoint(sealed)
    assert file_of(sealed).read_bytes() == before
    assert AuditRow.objects.filter(deed=Deed.SEAL_BROKEN, outcome="alarm").count() == 1


def test_one_place_is_never_given_twice(sealed):
    with pytest.raises(IntegrityError):
        SealedRow.objects.create(row_id=10**9, tree=sealed, place=0, hash=b"")
