"""What is sent back for a message, in the original mode and in the enhanced one."""

from __future__ import annotations

from datetime import UTC, datetime

import hl7
import pytest

from tests.made_messages import adt
from wellpost.adapters.hl7v2 import (
    Header,
    MessageRefusedError,
    answers,
    own_fault,
    read_header,
    unreadable,
)
from wellpost.adapters.hl7v2.refusal import Where

NOW = datetime(2021, 8, 30, 16, tzinfo=UTC)
ERROR = MessageRefusedError(101, Where("PV1", 19), "give the visit's own number | ^ here.")


def codes(head: str, refused: MessageRefusedError | None = None) -> list[str]:
    given = answers(read_header(adt("A04", head=head)), "n", NOW, refused)
    return [str(hl7.parse(each).segment("MSA")[1]) for each in given]


def test_an_acknowledgment_names_the_message_and_goes_back_where_it_came_from() -> None:
    (given,) = answers(read_header(adt("A04", number="42")), "n1", NOW)
    assert given == (
        b"MSH|^~\\&|WELLPOST||REG|NORTHGEN|20210830160000+0000||ACK^A04^ACK|n1|P|2.5.1\rMSA|AA|42\r"
    )


def test_a_refusal_says_what_where_and_what_would_be_right() -> None:
    (given,) = answers(read_header(adt("A04", number="42")), "n1", NOW, ERROR)
    read = hl7.parse(given)
    assert str(read.segment("MSA")[1]) == "AE"
    assert read.extract_field("MSA", 1, 3).startswith("PV1-19: give the visit's own number | ^")
    assert str(read.segment("ERR")[2]) == "PV1^1^19"
    assert str(read.segment("ERR")[3]) == "101^Required field missing^HL70357"
    assert read.extract_field("ERR", 1, 8) == ERROR.says


@pytest.mark.parametrize(
    ("asked", "good", "bad"),
    [
        ("||", ["AA"], ["AE"]),
        ("AL|NE", ["CA"], ["CE"]),
        ("NE|AL", ["AA"], ["AE"]),
        ("AL|AL", ["CA", "AA"], ["CE"]),
        ("ER|ER", [], ["CE"]),
        ("SU|SU", ["CA", "AA"], []),
        ("NE|NE", [], []),
    ],
)
def test_the_sender_says_which_it_wants(asked: str, good: list[str], bad: list[str]) -> None:
    head = f"P|2.5|||{asked}"
    assert codes(head) == good
    assert codes(head, ERROR) == bad


def test_a_fault_of_ours_is_no_fault_of_the_message() -> None:
    assert codes("P|2.5", own_fault()) == ["AR"]


@pytest.mark.parametrize(
    "block", [b"", b"\x00\xff", b"MSH", b"MSH|", b"MSH|^~\\&|A\r", b"MSH||||||", b"PID|1\r" * 99]
)
def test_what_cannot_be_read_is_answered_all_the_same(block: bytes) -> None:
    (given,) = answers(unreadable(block), "n", NOW, ERROR)
    assert b"\rMSA|AE|" in given


def test_as_much_of_the_head_as_can_be_read_is_used() -> None:
    broken = adt("A04", number="42", head="P|2.5||||||KLINGON")
    assert unreadable(broken).control_id == "42"
    assert unreadable(broken).sending == ("REG", "NORTHGEN")


def test_nothing_that_is_sent_back_ends_the_block_or_begins_a_segment() -> None:
    header = Header(sending=("A\rMSA|AA|1", "\x1c"), control_id="4\x0b2\r")
    (given,) = answers(header, "n", NOW)
    assert given.count(b"\r") == 2
    assert not {0x0B, 0x1C} & set(given)
