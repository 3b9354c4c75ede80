"""What the first suite sealed in 2026 opens in every later release: bytes as a database has them.

A test here that fails after a change of the envelope says that the practices' messages of years
could no longer be read. Add a suite (suites.py) instead of changing one.
"""

from __future__ import annotations

from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from tests.server.messaging.test_envelope import RFC_9180, message_place, thread_place
from wellpost.server.messaging.envelope import EpochKeys, Sealed, unwrap

KEYS = EpochKeys(thread_place(), bytes(range(32)))
BODY = Sealed(
    bytes.fromhex("401817c5eee3b13c32723dbd"),
    bytes.fromhex(
        "ec84a7fc90995461f18933d254efbd503ca2ad1e9cc05dd9bac279cf434aa7b6"
        "4e6db8594c250e5ff69ec698f435f419f0e3"
    ),
)
SUBJECT = Sealed(
    bytes.fromhex("818466d4917c507fce91fa76"),
    bytes.fromhex("05a4e3ce7892a8021ddc65314ce432bd8d723a0a2dbc6d328817078678be25fc21b0"),
)
WRAP = bytes.fromhex(
    "044df5904cc69f814ee5af7d9e00ed043de643e0a3c3c95c66b7dcd49cd8bf5930840a40e78adcb1095706b798"
    "58649735ac9bd9f4098d46c077543d89aebb3e04824b612f28321801bc581b440853b538df3133e48f521f5018"
    "e93568822042f44f803a5a745098ffcfc85352dea9ae8a"
)


def test_a_body_that_alice_sent_opens():
    assert KEYS.open_body(BODY, message_place()).decode() == "Dear Dr Chen, thank you. – Alice"


def test_its_subject_opens():
    assert KEYS.open_subject(SUBJECT) == "Refill: Lisinopril"


def test_the_key_wrapped_for_dr_chen_opens():
    private = ec.derive_private_key(int(RFC_9180["skRm"], 16), ec.SECP256R1())
    assert unwrap(WRAP, thread_place(), UUID(int=7), private).secret == KEYS.secret


def test_the_key_of_a_file_and_the_digest_of_a_request_stay_what_they_were():
    assert KEYS.attachment_key(UUID(int=8)).hex() == (
        "9c0cb5022d9844228aa35b0dd8a36ec0fe51a692d05387159c45d2288878cead"
    )
    assert KEYS.digest("receipt", 1).hex() == (
        "4fe98c6f6e859632edd6ad5d880467b0772c63b8f0cbd81323dfd488ebf00bb0"
    )
