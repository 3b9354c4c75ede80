"""A proof holds for its row, its place and its key, and for nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from wellpost.errors import DataRefusedError
from wellpost.ledger.notes import Checkpoint, check, key_hint, read_note, read_notes, sign
from wellpost.ledger.proofs import Proof, check_proof, read_proof
from wellpost.ledger.rows import encoded, plain_row
from wellpost.ledger.tree import Frontier, hash_of_span, inclusion_spans, leaf_hash

NOON = datetime(2021, 7, 1, 12, tzinfo=UTC)


class Key:
    """Signs as a server does."""

    def __init__(self):
        self._private = ec.generate_private_key(ec.SECP256R1())

    def public_key(self):
        return self._private.public_key()

    def sign(self, text):
        return self._private.sign(text, ec.ECDSA(hashes.SHA256()))


KEY, OTHER = Key(), Key()


def row(number, **fields):
    return plain_row(
        {
            "id": number, "event_id": "0A8B5C5E-0000-4000-8000-000000000001".lower(),
            "recorded_at": NOON, "deed": "thread_read", "outcome": "done", "actor_id": "a",
            "actor_kind": "user", "on_behalf_of": "", "practice_id": "p", "patient_id": "b",
            "target_kind": "thread", "target_id": "t", "category": "", "request_id": "r",
            "address": "2001:DB8:0::1", "details": {"messages": 2, "é": "ü"}, **fields,
        }
    )  # fmt: skip


def proof_of(index, size=11, key=KEY):
    leaves, nodes, frontier = (
        [leaf_hash(encoded(row(each))) for each in range(size)],
        {},
        Frontier(),
    )
    for place, leaf in enumerate(leaves):
        nodes[0, place] = leaf
        nodes |= dict(frontier.append(leaf))
    path = [hash_of_span(each, nodes.__getitem__) for each in inclusion_spans(index, size)]
    return Proof(row(index), index, path, sign(Checkpoint("p", size, frontier.root(), NOON), key))


def test_the_bytes_of_a_row_are_those_of_the_documentation():
    """Kept here for ever: a change of these bytes would make every sealed row look changed."""
    assert encoded(row(7)).decode() == (
        '\x01{"actor_id":"a","actor_kind":"user","address":"2001:db8::1","category":"","deed":'
        '"thread_read","details":{"messages":2,"é":"ü"},"event_id":'
        '"0a8b5c5e-0000-4000-8000-000000000001","id":7,"on_behalf_of":"","outcome":"done",'
        '"patient_id":"b","practice_id":"p","recorded_at":"2021-07-01T12:00:00.000000Z",'
        '"request_id":"r","target_id":"t","target_kind":"thread"}'
    )


def test_a_proof_survives_its_file_and_holds():
    made = proof_of(4)
    again = read_proof(made.as_json(), "proof.json")
    assert again == made
    assert check_proof(again, [OTHER.public_key(), KEY.public_key()]) == made.note.checkpoint


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("row", "deed"), "signed_out"), (("row", "id"), 5), (("row", "practice_id"), "q"),
        (("row", "details"), {}), (("index",), 5), (("path", 0), "00" * 32),
    ],
)  # fmt: skip
def test_a_changed_proof_does_not_hold(place, value):
    parts = json.loads(proof_of(4).as_json())
    inside = parts
    for name in place[:-1]:
        inside = inside[name]
    inside[place[-1]] = value
    with pytest.raises(DataRefusedError, match="was changed"):
        check_proof(read_proof(json.dumps(parts), "proof.json"), [KEY.public_key()])


@pytest.mark.parametrize(("name", "value"), [("details", {"a": float("nan")}), ("deed", "\ud800")])
def test_a_value_that_no_row_can_hold_is_refused_in_words(name, value):
    parts = json.loads(proof_of(4).as_json())
    parts["row"][name] = value
    with pytest.raises(DataRefusedError, match="no row on record can hold"):
        check_proof(read_proof(json.dumps(parts), "proof.json"), [KEY.public_key()])


def test_a_proof_signed_by_somebody_else_does_not_hold():
    with pytest.raises(DataRefusedError, match="not signed by a key"):
        check_proof(proof_of(4, key=OTHER), [KEY.public_key()])


def test_a_proof_under_the_checkpoint_of_another_practice_does_not_hold():
    made = proof_of(4)
    signed = made.note.checkpoint
    other = sign(Checkpoint("q", signed.size, signed.root, NOON), KEY)
    with pytest.raises(DataRefusedError, match="different practices"):
        check_proof(Proof(made.row, made.index, made.path, other), [KEY.public_key()])


def test_a_signature_whose_hint_was_changed_does_not_hold():
    note = proof_of(4).note
    forged = type(note)(note.checkpoint, key_hint(OTHER.public_key()), note.signature)
    with pytest.raises(DataRefusedError, match="not signed"):
        check(forged, [KEY.public_key(), OTHER.public_key()])


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "1", '{"form": "x"}', '{"form": "wellpost-audit-proof/1"}',
        '{"form":"wellpost-audit-proof/1","row":[],"index":0,"path":[],"checkpoint":""}',
        '{"form":"wellpost-audit-proof/1","row":{},"index":true,"path":[],"checkpoint":""}',
        '{"form":"wellpost-audit-proof/1","row":{},"index":0,"path":["00"],"checkpoint":""}',
        '{"form":"wellpost-audit-proof/1","row":{},"index":0,"path":[],"checkpoint":"x"}',
        "[" * 20_000, " " * 70_000,
    ],
)  # fmt: skip
def test_what_is_no_proof_is_refused_in_words(text):
    with pytest.raises(DataRefusedError, match=r"proof\.json"):
        read_proof(text, "proof.json")


@given(st.text(max_size=300))
def test_any_text_is_a_proof_or_refused(text):
    with pytest.raises(DataRefusedError):
        read_proof(text, "proof.json")


def notes(*sizes):
    return [sign(Checkpoint("p", size, leaf_hash(b"%d" % size), NOON), KEY) for size in sizes]


def test_a_file_of_checkpoints_reads_as_it_was_written():
    made = notes(1, 20, 300)
    text = "".join(f"{each.text}\n" for each in made)
    assert list(read_notes(text.splitlines(keepends=True), "file")) == made
    assert read_note(made[1].text, "file") == made[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("20\n", "x\n"), ("20\n", "020\n"), ("20\n", "-1\n"), ("wellpost.audit/p\n", "other/p\n"),
        ("time ", "at "), ("— ", "- "), ("Z\n\n", "Z\n"),
        ("\n— wellpost.audit/p", "\n— wellpost.audit/q"),
    ],
)  # fmt: skip
def test_a_checkpoint_in_another_form_is_refused_with_its_line(old, new):
    text = notes(20)[0].text.replace(old, new, 1)
    with pytest.raises(DataRefusedError, match=r"file:\d"):
        list(read_notes(text.splitlines(), "file"))


def test_a_checkpoint_cut_off_is_refused():
    text = notes(20)[0].text
    with pytest.raises(DataRefusedError, match="cut off here"):
        list(read_notes(text.splitlines()[:-1], "file"))
