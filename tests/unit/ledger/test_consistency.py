"""A proof between two checkpoints holds for them, their signer and their path alone."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ledger.test_proofs import KEY, NOON, OTHER
from wellpost.errors import DataRefusedError
from wellpost.ledger.consistency import (
    Consistency,
    check_consistency,
    is_of_consistency,
    read_consistency,
)
from wellpost.ledger.notes import Checkpoint, sign
from wellpost.ledger.tree import (
    Frontier,
    consistency_spans,
    hash_of_span,
    leaf_hash,
)


def note_at(size, key=KEY, tree="p", changed=None):
    """The signed checkpoint over leaves 0, 1, 2, …, of which one may be another."""
    frontier, nodes = Frontier(), {}
    for place in range(size):
        leaf = leaf_hash(b"changed" if place == changed else str(place).encode())
        nodes[0, place] = leaf
        nodes |= dict(frontier.append(leaf))
    return sign(Checkpoint(tree, size, frontier.root(), NOON), key), nodes


def grown(old, new, **changes):
    note, nodes = note_at(new, **changes)
    path = [hash_of_span(each, nodes.__getitem__) for each in consistency_spans(old, new)]
    return Consistency(note_at(old)[0], note, path)


sizes = st.tuples(st.integers(1, 40), st.integers(1, 40)).map(sorted)


@given(sizes, st.integers(0, 39))
def test_it_holds_when_the_record_grew_and_not_when_a_row_before_was_changed(sizes, place):
    old, new = sizes
    check_consistency(grown(old, new), [KEY.public_key()])
    if place < old:
        with pytest.raises(DataRefusedError, match="does not begin with"):
            check_consistency(grown(old, new, changed=place), [KEY.public_key()])


def test_it_is_read_as_it_was_written():
    proof = grown(5, 11)
    assert is_of_consistency(proof.as_json())
    assert read_consistency(proof.as_json(), "f") == proof


@pytest.mark.parametrize("which", ["old", "new"])
def test_a_checkpoint_of_another_signer_or_practice_is_refused(which):
    for changes, says in (({"key": OTHER}, "not signed by a key"), ({"tree": "q"}, "different")):
        proof = grown(5, 11)
        notes = {"old": proof.old, "new": proof.new}
        notes[which] = note_at(notes[which].checkpoint.size, **changes)[0]
        with pytest.raises(DataRefusedError, match=says):
            check_consistency(Consistency(**notes, path=proof.path), [KEY.public_key()])


@pytest.mark.parametrize(
    "change",
    [
        {"form": "other"}, {"path": ["00"]}, {"path": [1]}, {"path": None}, {"old": 1},
        {"new": "no checkpoint"}, {"path": "x"},
    ],
)  # fmt: skip
def test_what_is_no_such_proof_is_said(change):
    text = json.dumps({**json.loads(grown(5, 11).as_json()), **change})
    with pytest.raises(DataRefusedError, match=r"f is no proof|f \(new\):1: this is no checkpoint"):
        read_consistency(text, "f")


@pytest.mark.parametrize("text", ["", "[]", "{", "1", "[" * 100_000, '"form"'])
def test_strange_files_are_no_proofs(text):
    assert not is_of_consistency(text)
