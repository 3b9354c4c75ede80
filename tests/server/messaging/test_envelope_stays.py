"""What was sealed years ago opens: the bytes are those of the first day. A change of any of these
is a new version or suite, under a number of its own, beside the old one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from wellpost.server.messaging.associated_data import ThreadPlace, encode
from wellpost.server.messaging.envelope import EpochKeys, Sealed, new_key, seal

PLACE = ThreadPlace(1, UUID(int=1), UUID(int=2), UUID(int=3), 1)
KEYS = EpochKeys(PLACE, bytes(range(32)))


def test_each_kind_of_value_is_written_with_its_length_in_front():
    noon = datetime(2021, 6, 1, 12, tzinfo=UTC)
    assert encode("ab", 1, None, b"x", UUID(int=1), date(2021, 6, 1), noon) == (
        b"s\0\0\0\x02ab"
        b"i\0\0\0\x08\0\0\0\0\0\0\0\x01"
        b"n\0\0\0\0"
        b"b\0\0\0\x01x"
        b"u\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"
        b"d\0\0\0\x0a2021-06-01"
        b"t\0\0\0\x202021-06-01T12:00:00.000000+00:00"
    )
    assert encode(-2) == b"i\0\0\0\x08\xff\xff\xff\xff\xff\xff\xff\xfe"


def test_a_place_begins_with_our_name_and_the_version():
    assert PLACE.encoded("subject") == encode(
        "wellpost", 1, "subject", 1, UUID(int=1), UUID(int=2), UUID(int=3), 1
    )


def test_a_subject_sealed_on_the_first_day_opens():
    nonce = bytes.fromhex("000102030405060708090a0b")
    sealed = Sealed(nonce, bytes.fromhex("cc872b40857a1f03864656a48a73b45d6501eada7bba0da5"))
    assert KEYS.open_subject(sealed) == "A matter"


def test_derived_keys_are_those_of_the_first_day():
    assert KEYS.digest("a", 1).hex() == (
        "a0ba129ca696f5e32be2e76c3792ceb89ce34d7314a225580295ab62ac8f77f6"
    )
    assert KEYS.attachment_key(UUID(int=7)).hex() == (
        "06cff8575efec90183b30d92325c0c01b9ac3395872c9a0b1785016bc6215f97"
    )


def test_keys_have_256_bits_and_nonces_96():
    assert len(new_key()) == 32
    assert len(seal(new_key(), b"", b"").nonce) == 12
    assert len(seal(new_key(), b"text", b"").data) == len(b"text") + 16
