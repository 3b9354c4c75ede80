"""Each part of a proof's file must be as it is written, whatever the other parts are."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.unit.ledger.test_consistency import grown
from tests.unit.ledger.test_proofs import KEY, notes, proof_of
from wellpost.errors import DataRefusedError
from wellpost.ledger import consistency, proofs
from wellpost.ledger.notes import LONGEST_LINE, public_key, public_pem, read_note, read_notes
from wellpost.ledger.tree import EMPTY_ROOT, is_consistent, leaf_hash, root_of_inclusion


@pytest.mark.parametrize(
    "change",
    [
        {"form": "wellpost-audit-proof/2"}, {"row": []}, {"index": True}, {"index": "4"},
        {"path": ["00"]}, {"checkpoint": 1},
    ],
)  # fmt: skip
def test_one_part_of_a_proof_in_another_form_is_enough_to_refuse_it(change):
    text = json.dumps({**json.loads(proof_of(4).as_json()), **change})
    with pytest.raises(DataRefusedError, match="f is no proof of a row"):
        proofs.read_proof(text, "f")


@pytest.mark.parametrize(("module", "made"), [(proofs, proof_of(4)), (consistency, grown(5, 11))])
def test_a_file_is_read_up_to_the_largest_size(module, made):
    read = getattr(module, "read_proof", None) or module.read_consistency
    text = made.as_json()
    whole = text + " " * (64 * 1024 - len(text.encode()))
    assert read(whole, "f") == made
    with pytest.raises(DataRefusedError, match="f is"):
        read(whole + " " * 9, "f")  # a few characters are of two or three bytes


def test_files_are_written_for_people_to_read():
    for made in (proof_of(4), grown(5, 11)):
        assert made.as_json().startswith('{\n  "form"')
        assert "— wellpost.audit/" in made.as_json()


def pem(key):
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_a_public_key_is_read_as_it_was_shown():
    assert public_key(public_pem(KEY.public_key()), "f") == KEY.public_key()


@pytest.mark.parametrize(
    "text",
    [
        b"", b"not a key", pem(ec.generate_private_key(ec.SECP384R1()).public_key()),
        pem(ed25519.Ed25519PrivateKey.generate().public_key()),
    ],
)  # fmt: skip
def test_another_kind_of_key_is_refused(text):
    with pytest.raises(DataRefusedError, match="f holds no public key on P-256"):
        public_key(text, "f")


def test_a_file_must_hold_one_checkpoint_where_one_is_asked_for():
    text = "".join(f"{each.text}\n" for each in notes(1, 2))
    with pytest.raises(DataRefusedError, match="f: 2 checkpoints; there must be one"):
        read_note(text, "f")
    with pytest.raises(DataRefusedError, match="f: 0 checkpoints"):
        read_note("\n\n", "f")


def test_the_line_at_which_a_file_is_no_more_what_it_was_is_told():
    good = notes(1)[0].text
    for last, line in (("x" * LONGEST_LINE, 8), ("x" * (LONGEST_LINE + 1), 8), ("x\ny", 9)):
        with pytest.raises(DataRefusedError, match=f"f:{line}: this is no checkpoint"):
            list(read_notes(f"{good}\n{last}".splitlines(), "f"))


def test_a_signature_without_a_byte_behind_the_hint_is_refused():
    note = notes(1)[0]
    short = type(note)(note.checkpoint, note.signer, b"")
    with pytest.raises(DataRefusedError, match="this is no checkpoint"):
        read_note(short.text, "f")
    shortest = type(note)(note.checkpoint, note.signer, b"x")
    assert read_note(shortest.text, "f") == shortest


def test_a_tree_of_one_row_is_a_tree():
    root = leaf_hash(b"a")
    assert is_consistent(1, 1, root, root, [])
    assert not is_consistent(1, 1, root, root, [root])
    assert not is_consistent(1, 1, root, leaf_hash(b"b"), [])
    assert not is_consistent(1, 2, root, root, [])
    assert not is_consistent(2, 1, root, root, [])
    assert not is_consistent(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert not is_consistent(3, 4, root, root, [])  # no power of two, and nothing to begin with
    assert root_of_inclusion(root, 0, 1, []) == root
    assert root_of_inclusion(root, -1, 1, []) is None
    assert root_of_inclusion(root, 0, 0, []) is None
