"""`wellpost audit`, and the rounds of the server that do the same by themselves."""

from __future__ import annotations

import json

import pytest

from tests.server.audit.conftest import rows
from wellpost.cli.main import main
from wellpost.server.audit.checkpoints import (
    checkpoints,
    folder,
    last_checkpoint,
    make_checkpoint,
)
from wellpost.server.audit.models import AuditRow, SealedRow, WaitingRow
from wellpost.server.audit.rounds import Rounds
from wellpost.server.audit.sealing import seal_waiting
from wellpost.server.config.rounds import attempt

pytestmark = pytest.mark.django_db


def test_verify_says_that_everything_is_as_it_was_sealed(sealed, capsys):
    rows(2, practice_id=sealed)
    seal_waiting()
    rows(3)
    assert main(["audit", "verify"]) == 0
    said = capsys.readouterr().out
    assert f"{sealed}: 40 rows are as they were sealed, by 3 checkpoints." in said
    assert "2 more rows are sealed and wait for the next checkpoint" in said
    assert "3 rows are on record and wait to be sealed" in said


def test_verify_names_the_first_row_that_differs_and_no_person(sealed, by_force, capsys, practice):
    changed = SealedRow.objects.get(tree=sealed, place=7).row_id
    by_force("UPDATE audit_auditrow SET deed = 'signed_out' WHERE id = %s", changed)
    assert main(["audit", "verify", "--practice", practice.tin]) == 1
    said = capsys.readouterr().out
    assert f"DIFFERS: row {changed} is not what was sealed" in said


def test_verify_finds_rows_in_no_tree(sealed, capsys):
    first = rows(2, practice_id=sealed)[0].pk
    WaitingRow.objects.all().delete()
    assert main(["audit", "verify"]) == 1
    assert f"2 rows are in no tree and do not wait for one, the first is row {first}" in (
        capsys.readouterr().out
    )


def test_verify_against_a_copy_of_the_checkpoints(sealed, tmp_path, capsys, by_force):
    """The server's own were taken away with the rows they sign; the copy tells."""
    copy = tmp_path / "copy"
    folder().rename(copy)
    by_force("DELETE FROM audit_treenode")
    by_force("DELETE FROM audit_sealedrow")
    by_force("DELETE FROM audit_auditrow")
    assert main(["audit", "verify"]) == 0
    key = copy / "public-key.pem"
    assert main(["audit", "verify", "--checkpoints", str(copy), "--key", str(key)]) == 1
    assert "signs more rows than there are" in capsys.readouterr().out


def test_a_proof_is_made_here_and_checked_anywhere(sealed, tmp_path, capsys):
    row = SealedRow.objects.get(tree=sealed, place=30).row_id
    out, key = tmp_path / "proof.json", folder() / "public-key.pem"
    assert main(["audit", "proof", str(row), "--out", str(out)]) == 0
    assert main(["audit", "check", str(out), "--key", str(key)]) == 0
    assert "at place 31 of\n40 rows" in capsys.readouterr().out
    parts = json.loads(out.read_text())
    parts["row"]["deed"] = "signed_out"
    out.write_text(json.dumps(parts))
    assert main(["audit", "check", str(out), "--key", str(key)]) == 1
    assert "the row or the proof was changed" in capsys.readouterr().err


@pytest.fixture
def held(sealed, tmp_path):
    """An auditor's two copies of the checkpoints, of two days: up to 10 rows, and up to 25."""
    notes = list(checkpoints(sealed, folder()))
    places = [tmp_path / "monday", tmp_path / "friday"]
    for number, place in enumerate(places, 1):
        place.write_text("".join(f"{each.text}\n" for each in notes[:number]))
    return [str(each) for each in places]


def test_an_auditor_with_two_checkpoints_sees_that_the_record_only_grew(held, tmp_path, capsys):
    out, key = str(tmp_path / "grown.json"), str(folder() / "public-key.pem")
    assert main(["audit", "consistency", *held, "--out", out]) == 0
    given = ["--checkpoint", held[0], "--checkpoint", held[1]]
    assert main(["audit", "check", out, "--key", key, *given]) == 0
    said = capsys.readouterr().out
    assert "the record only grew: the 10 rows signed" in said
    assert "at the beginning of the 25 signed" in said
    assert main(["audit", "consistency", held[1], "--out", f"{out}2"]) == 0
    assert main(["audit", "check", f"{out}2", "--key", key, "--checkpoint", held[1]]) == 0
    assert "25 rows signed" in capsys.readouterr().out
    assert main(["audit", "check", f"{out}2", "--key", key, "--checkpoint", held[0]]) == 1
    assert "does not rest on your checkpoint at size 10" in capsys.readouterr().err


def test_no_proof_is_given_of_rows_that_were_altered(held, sealed, by_force, capsys):
    """Even where the seals and the tree were made anew to fit them."""
    by_force("DELETE FROM audit_treenode")
    by_force("UPDATE audit_sealedrow SET hash = %s WHERE place = 3", b"x" * 32)
    assert main(["audit", "consistency", *held]) == 1
    assert "does not begin with the one at size 10" in capsys.readouterr().err


def test_checkpoints_the_wrong_way_round_or_of_a_longer_record_are_refused(held, by_force, capsys):
    assert main(["audit", "consistency", *held[::-1]]) == 2
    assert "must be the older one" in capsys.readouterr().err
    by_force("DELETE FROM audit_sealedrow WHERE place >= 20")
    assert main(["audit", "consistency", *held]) == 1
    assert "signs 25 rows; the server has 20" in capsys.readouterr().err


def test_a_row_without_a_checkpoint_is_told_apart_from_no_row(practice, capsys):
    row = rows(1, practice_id=practice.pk)[0].pk
    assert main(["audit", "proof", str(row)]) == 1
    assert "no checkpoint over it yet" in capsys.readouterr().err
    assert main(["audit", "proof", "999999999"]) == 2
    assert main(["audit", "checkpoint"]) == 0
    assert main(["audit", "proof", str(row)]) == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["proof", "x"], "row 'x' cannot be read"),
        (["verify", "--practice", "123456789"], "no such practice"),
        (["verify", "--checkpoints", "/nowhere"], "/nowhere is no folder"),
        (["verify", "--key", "/nowhere"], "/nowhere cannot be read"),
        (["check", "/nowhere", "--key", "/nowhere"], "/nowhere cannot be read"),
    ],
)
def test_a_wrong_command_line_is_refused_in_words(db, words, says, capsys):
    assert main(["audit", *words]) == 2
    assert says in capsys.readouterr().err


def test_a_key_that_is_none_is_refused(sealed, tmp_path, capsys):
    (tmp_path / "key.pem").write_text("not a key")
    assert main(["audit", "verify", "--key", str(tmp_path / "key.pem")]) == 1
    assert "holds no public key on P-256" in capsys.readouterr().err


def test_rounds_seal_at_once_and_sign_when_it_is_due(practice, settings):
    settings.CHECKPOINT_SECONDS = 300
    tree, go_round = str(practice.pk), Rounds()
    rows(2, practice_id=practice.pk)
    go_round()
    assert last_checkpoint(tree).checkpoint.size == 2
    rows(2, practice_id=practice.pk)
    go_round()
    assert not WaitingRow.objects.exists()
    assert last_checkpoint(tree).checkpoint.size == 2
    Rounds()()  # another process, or this one when it is due
    assert last_checkpoint(tree).checkpoint.size == 4


def test_rounds_sound_the_alarm_of_a_changed_tree_once_an_hour(sealed, by_force, caplog):
    by_force("DELETE FROM audit_sealedrow WHERE place >= 20")
    go_round = Rounds()
    for _ in range(3):
        attempt(go_round)
        rows(1, practice_id=sealed)
    assert AuditRow.objects.filter(deed="seal_broken").count() == 1
    assert "no new checkpoint is signed" in caplog.text


def test_a_checkpoint_is_made_once_for_what_it_signs(sealed):
    before = (folder() / f"{sealed}.checkpoints").read_bytes()
    assert make_checkpoint(sealed).checkpoint.size == 40
    assert (folder() / f"{sealed}.checkpoints").read_bytes() == before
    assert make_checkpoint("nobody") is None
