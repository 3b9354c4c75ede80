"""The envelope in bytes: published vectors, an independent composition, random places."""

from __future__ import annotations

import hmac
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from wellpost.server.messaging.associated_data import MessagePlace, ThreadPlace, encode
from wellpost.server.messaging.envelope import (
    EpochKeys,
    Sealed,
    new_key,
    seal,
    unseal,
    unwrap,
    wrap,
)
from wellpost.server.messaging.errors import TamperedError
from wellpost.server.messaging.models import SenderKind
from wellpost.server.messaging.suites import CURRENT

HOUR = datetime(2021, 6, 1, 12, tzinfo=UTC)


def thread_place(**changes) -> ThreadPlace:
    return replace(ThreadPlace(CURRENT.number, UUID(int=1), UUID(int=2), UUID(int=3), 1), **changes)


def message_place(**changes) -> MessagePlace:
    place = MessagePlace(
        message=UUID(int=4), sequence=1, sender=UUID(int=5), sender_kind="clinician",
        representative=None, clinician=UUID(int=6), sent_to="patient", addressed_to=None,
        sent_at=HOUR, sent_on=HOUR.date(), in_reply_to=None, replaces=None, content_type="text",
        source_system="", source_id="",
    )  # fmt: skip
    return place._replace(**changes)


# Published vectors


def test_hkdf_gives_the_first_vector_of_rfc_5869():
    made = HKDF(
        algorithm=SHA256(),
        length=42,
        salt=bytes.fromhex("000102030405060708090a0b0c"),
        info=bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"),
    ).derive(bytes([0x0B]) * 22)
    assert made.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


# RFC 9180, appendix A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode.
RFC_9180 = {
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "skRm": "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
    "enc": "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325"
    "ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4",
    "shared_secret": "c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8",
    "key": "868c066ef58aae6dc589b6cfdd18f97e",
    "base_nonce": "4e0bc5018beba4bf004cca59",
    "aad": "436f756e742d30",
    "pt": "4265617574792069732074727574682c20747275746820626561757479",
    "ct": "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f"
    "9076ac232e3ab2523f39513434",
}  # fmt: skip


def plain_hpke(private, enc: bytes, info: bytes, aead_id: int, key_size: int) -> dict[str, bytes]:
    """RFC 9180 base mode for P-256, read from its text and written anew: the receiver's half."""

    def extract(salt: bytes, secret: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), secret, "sha256")

    def expand(key: bytes, info: bytes, length: int) -> bytes:
        made, block, counter = b"", b"", 1
        while len(made) < length:
            block = hmac.new(key, block + info + bytes([counter]), sha256).digest()
            made, counter = made + block, counter + 1
        return made[:length]

    def labeled(suite: bytes):
        def take(salt: bytes, label: bytes, secret: bytes) -> bytes:
            return extract(salt, b"HPKE-v1" + suite + label + secret)

        def give(key: bytes, label: bytes, info: bytes, length: int) -> bytes:
            size = length.to_bytes(2, "big")
            return expand(key, size + b"HPKE-v1" + suite + label + info, length)

        return take, give

    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), enc)
    own = private.public_key().public_numbers()
    own_point = b"\x04" + own.x.to_bytes(32, "big") + own.y.to_bytes(32, "big")
    take, give = labeled(b"KEM" + (0x10).to_bytes(2, "big"))
    agreed = take(b"", b"eae_prk", private.exchange(ec.ECDH(), public))
    shared = give(agreed, b"shared_secret", enc + own_point, 32)
    numbers = (0x10, 1, aead_id)
    take, give = labeled(b"HPKE" + b"".join(each.to_bytes(2, "big") for each in numbers))
    context = b"\x00" + take(b"", b"psk_id_hash", b"") + take(b"", b"info_hash", info)
    secret = take(shared, b"secret", b"")
    return {
        "shared_secret": shared,
        "key": give(secret, b"key", context, key_size),
        "base_nonce": give(secret, b"base_nonce", context, 12),
    }


def vector_key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(RFC_9180["skRm"], 16), ec.SECP256R1())


def test_the_plain_reading_of_rfc_9180_gives_its_vector():
    enc, info = bytes.fromhex(RFC_9180["enc"]), bytes.fromhex(RFC_9180["info"])
    made = plain_hpke(vector_key(), enc, info, aead_id=1, key_size=16)
    assert {name: value.hex() for name, value in made.items()} == {
        name: RFC_9180[name] for name in ("shared_secret", "key", "base_nonce")
    }
    opened = AESGCM(made["key"]).decrypt(
        made["base_nonce"], bytes.fromhex(RFC_9180["ct"]), bytes.fromhex(RFC_9180["aad"])
    )
    assert opened.hex() == RFC_9180["pt"]


def test_our_wrap_opens_by_the_plain_reading_of_rfc_9180():
    """The RFC prints no vector for AES-256-GCM: the reading that gives its vectors opens ours."""
    private, party = ec.generate_private_key(ec.SECP256R1()), uuid4()
    keys = EpochKeys(thread_place(), new_key())
    wrapped = wrap(keys, party, private.public_key())
    enc, sealed = wrapped[:65], wrapped[65:]
    made = plain_hpke(private, enc, keys.place.encoded("wrap", party), aead_id=2, key_size=32)
    assert AESGCM(made["key"]).decrypt(made["base_nonce"], sealed, b"") == keys.secret


def test_the_suite_is_of_fips_140_2_annex_a():
    suite = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    private = ec.generate_private_key(ec.SECP256R1())
    wrapped = CURRENT.wrapping.encrypt(b"key", private.public_key(), b"info")
    assert suite.decrypt(wrapped, private, b"info") == b"key"
    assert CURRENT.number == 1


# Associated data

plain = st.one_of(
    st.none(), st.text(max_size=20), st.integers(-(2**62), 2**62), st.binary(max_size=20),
    st.uuids(), st.dates(), st.datetimes(timezones=st.just(UTC)),
)  # fmt: skip


@given(st.lists(plain, max_size=5), st.lists(plain, max_size=5))
def test_different_values_never_look_alike(one, other):
    same = [(type(a), a) for a in one] == [(type(b), b) for b in other]
    assert (encode(*one) == encode(*other)) is same


def test_values_do_not_run_into_each_other():
    assert encode("ab", "c") != encode("a", "bc")
    assert len({encode(None), encode(""), encode(0), encode(b""), encode()}) == 5


def test_what_has_no_encoding_is_refused_and_not_left_out():
    with pytest.raises(TypeError, match="a float has no encoding"):
        encode("ab", 1.5, "c")


def test_a_member_of_an_enumeration_is_its_word():
    assert encode(SenderKind.PATIENT, True) == encode("patient", 1)


# Sealing


@given(st.binary(max_size=2000), st.integers(1, 2**31), st.integers(1, 2**31))
def test_what_is_sealed_opens_in_its_place_and_nowhere_else(data, epoch, sequence):
    keys, at = EpochKeys(thread_place(epoch=epoch), new_key()), message_place(sequence=sequence)
    sealed = keys.seal_body(data, at)
    assert keys.open_body(sealed, at) == data
    with pytest.raises(TamperedError):
        keys.open_body(sealed, message_place(sequence=sequence + 1))
    with pytest.raises(TamperedError):
        EpochKeys(thread_place(epoch=epoch + 1), keys.secret).open_body(sealed, at)


def other(value):
    """Something else of the same kind."""
    if value is None or isinstance(value, UUID):
        return uuid4()
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    return value + 1 if isinstance(value, int) else value + "x"


@pytest.mark.parametrize("name", MessagePlace._fields)
def test_nothing_beside_a_message_can_be_changed(name):
    keys, at = EpochKeys(thread_place(), new_key()), message_place()
    sealed = keys.seal_body(b"text", at)
    changed = at._replace(**{name: other(getattr(at, name))})
    with pytest.raises(TamperedError):
        keys.open_body(sealed, changed)


@pytest.mark.parametrize("name", [each.name for each in fields(ThreadPlace)])
def test_nothing_of_the_thread_can_be_changed(name):
    keys, party = EpochKeys(thread_place(), new_key()), uuid4()
    private = ec.generate_private_key(ec.SECP256R1())
    wrapped = wrap(keys, party, private.public_key())
    assert unwrap(wrapped, keys.place, party, private).secret == keys.secret
    changed = replace(keys.place, **{name: other(getattr(keys.place, name))})
    with pytest.raises(TamperedError):
        unwrap(wrapped, changed, party, private)
    with pytest.raises(TamperedError):
        EpochKeys(changed, keys.secret).open_subject(keys.seal_subject("subject"))


def test_a_wrap_is_for_one_party():
    keys, party = EpochKeys(thread_place(), new_key()), uuid4()
    private = ec.generate_private_key(ec.SECP256R1())
    wrapped = wrap(keys, party, private.public_key())
    with pytest.raises(TamperedError):
        unwrap(wrapped, keys.place, uuid4(), private)
    with pytest.raises(TamperedError):
        unwrap(wrapped, keys.place, party, ec.generate_private_key(ec.SECP256R1()))


@given(st.binary(max_size=300), st.data())
def test_one_bit_is_enough(data, draw):
    key = new_key()
    sealed = seal(key, data, b"bound")
    which = draw.draw(st.sampled_from(["nonce", "data"]))
    part = bytearray(getattr(sealed, which))
    bit = draw.draw(st.integers(0, len(part) * 8 - 1))
    part[bit // 8] ^= 1 << bit % 8
    with pytest.raises(TamperedError):
        unseal(key, Sealed(**sealed._asdict() | {which: bytes(part)}), b"bound", "message")


def test_each_use_has_its_own_key():
    keys, file = EpochKeys(thread_place(), new_key()), uuid4()
    derived = {
        keys._derived("body"),
        keys._derived("subject"),
        keys._derived("digest"),
        keys.attachment_key(file),
        keys.attachment_key(uuid4()),
        keys.secret,
    }
    assert len(derived) == 6


def test_a_nonce_is_never_used_again():
    keys = EpochKeys(thread_place(), new_key())
    assert len({keys.seal_body(b"same", message_place()) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("data", [b"", b"short", b"\xff" * 200])
def test_rubbish_does_not_open_and_says_nothing_of_itself(data):
    private = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(TamperedError) as caught:
        unwrap(data, thread_place(), uuid4(), private)
    assert caught.value.__cause__ is None
    assert "changed after it was sealed" in str(caught.value)


def test_an_unknown_suite_is_an_alarm():
    with pytest.raises(TamperedError):
        unwrap(b"", thread_place(suite=99), uuid4(), ec.generate_private_key(ec.SECP256R1()))
