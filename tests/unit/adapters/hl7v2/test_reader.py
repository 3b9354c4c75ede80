"""What HL7 v2 messages say, and where they are wrong."""

from __future__ import annotations

import random
from datetime import date, datetime

import pytest

from tests.made_messages import adt
from wellpost.adapters.hl7v2 import Admission, Identifier, Merge, MessageRefusedError, read
from wellpost.adapters.hl7v2.mapping import EVENTS
from wellpost.facts.identifiers import make_npi

CHEN, DIAZ = make_npi("chen"), make_npi("diaz")
PRIVATE = ("Cole", "Cora", "1990", "Main St", "207-555", "19900102")


def admission(message: bytes) -> Admission:
    (deed,) = read(message).deeds
    assert isinstance(deed, Admission)
    return deed


def said(message: bytes):
    return admission(message).person.says


def seen(message: bytes, zone: str = "America/New_York") -> date:
    visit = admission(message).visit
    assert visit and visit.admitted
    return visit.admitted.on(zone)


def test_a_registration_says_who_when_with_whom_and_where() -> None:
    message = read(adt("A04", number="42"))
    deed = admission(adt("A04"))
    assert (message.header.event, message.header.control_id) == ("A04", "42")
    assert message.header.sender == "REG|NORTHGEN"
    assert deed.person.identifiers == (Identifier("hl7v2:NORTH", "17"),)
    assert deed.person.says == {
        "given_name": "Cora", "family_name": "Cole", "birth_on": date(1990, 1, 2),
        "sex": "female", "address": "1 Main St\nBangor ME 04401", "phone": "207-555-0100",
    }  # fmt: skip
    assert deed.visit and deed.effect == "stands"
    assert (deed.visit.number, deed.visit.npis) == ("hl7v2:NORTH|V1", (CHEN,))
    assert deed.visit.kind == "office_visit"


def test_the_day_is_the_practices_own() -> None:
    night = adt("A04", admitted="20210831033000+0000")
    assert seen(night) == date(2021, 8, 30)
    assert seen(night, "Asia/Tokyo") == date(2021, 8, 31)
    by_the_head = adt("A04", admitted="202108310330", at="20210830120000+0000")
    assert seen(by_the_head) == date(2021, 8, 30)
    assert seen(adt("A04", admitted="20210830")) == date(2021, 8, 30)
    assert seen(adt("A04", admitted="", at="20210829090000-0400")) == date(2021, 8, 29)


def test_an_update_without_a_day_moves_no_visit() -> None:
    visit = admission(adt("A08", admitted="")).visit
    assert visit and visit.admitted is None


@pytest.mark.parametrize(
    ("patient", "kept"),
    [
        ("17^^^A&1.2.3&ISO^MR", [("urn:oid:1.2.3", "17")]),
        ("17", [("hl7v2:NORTHGEN", "17")]),
        ("17^^^A^MR~999-99-9999^^^SSA^SS~5^^^B^PI", [("hl7v2:A", "17"), ("hl7v2:B", "5")]),
        ("17^^^A&https://a.org&URI^MR", [("https://a.org", "17")]),
    ],
)
def test_record_numbers_are_kept_and_nothing_else(patient: str, kept: list) -> None:
    assert list(admission(adt("A04", patient=patient)).person.identifiers) == kept


@pytest.mark.parametrize(
    ("clinician", "npis"),
    [
        (f"99^Old^Id~{CHEN}^Chen^^^^^^^NPI", (CHEN,)),
        (f"{DIAZ}^Diaz~{CHEN}^Chen^^^^^^^^^^^NPI", (CHEN, DIAZ)),
        ("1234^Chen", ()),
    ],
)
def test_a_marked_npi_comes_before_an_unmarked_number(clinician: str, npis: tuple) -> None:
    visit = admission(adt("A04", clinician=clinician)).visit
    assert visit and visit.npis == npis


@pytest.mark.parametrize(
    ("kind", "read_as"),
    [("O", "office_visit"), ("VR", "telehealth"), ("E", "other"), ("I", "other")],
)
def test_kinds(kind: str, read_as: str) -> None:
    visit = admission(adt("A04", kind=kind)).visit
    assert visit and visit.kind == read_as


def test_who_is_preadmitted_was_not_seen() -> None:
    assert admission(adt("A08", kind="P")).visit is None


def test_escapes_and_character_sets() -> None:
    assert said(adt("A04", name="O\\T\\Neil^Zo\\XC3\\\\XAB\\"))["family_name"] == "O&Neil"
    assert said(adt("A04", name="Cole^Zo\\XC3\\\\XAB\\"))["given_name"] == "Zoë"
    assert said(adt("A04", name="Cole^Zoë"))["given_name"] == "Zoë"
    latin = adt("A04", name="Cole^ZoX", head="P|2.3||||||8859/1").replace(b"ZoX", b"Zo\xeb")
    assert said(latin)["given_name"] == "Zoë"


def test_lines_that_end_otherwise_are_read() -> None:
    assert said(adt("A04").replace(b"\r", b"\r\n")) == said(adt("A04"))
    assert said(adt("A04").replace(b"\r", b"\n")) == said(adt("A04"))


def test_two_quotation_marks_take_away_and_nothing_leaves() -> None:
    message = adt("A08").replace(b"207-555-0100", b'""').replace(b"1 Main St^^Bangor^ME^04401", b"")
    assert said(message)["phone"] == ""
    assert "address" not in said(message)


def test_several_merges_in_one_message() -> None:
    one = adt("A40", prior="18^^^NORTH^MR")
    both = one + b"PID|2||19^^^NORTH^MR\rMRG|20^^^NORTH^MR\r"
    first, second = read(both).deeds
    assert isinstance(first, Merge) and isinstance(second, Merge)
    assert (first.prior[0].value, second.person.identifiers[0].value) == ("18", "19")


@pytest.mark.parametrize(
    ("message", "where", "code", "rejected"),
    [
        (adt("A04", patient="9^^^SSA^SS"), "PID-3", 101, False),
        (adt("A04", visit=""), "PV1-19", 101, False),
        (adt("A04", visit=None), "PV1", 100, False),
        (adt("A04", admitted="yesterday"), "PV1-44", 102, False),
        (adt("A04", admitted="00010101"), "PV1-44", 102, False),
        (adt("A04", admitted="99991231"), "PV1-44", 102, False),
        (adt("A04", admitted="20210230"), "PV1-44", 102, False),
        (adt("A04", born="19900231"), "PID-7", 102, False),
        (adt("A04", clinician="1234567890^C^^^^^^^^^^^NPI"), "PV1-7.1", 102, False),
        (adt("A04", patient=f"{'1' * 201}^^^A^MR"), "PID-3.1", 102, False),
        (adt("A40", prior="9^^^SSA^SS"), "MRG-1", 101, False),
        (adt("A40", visit=None), "MRG", 100, False),
        (adt("A04", rest="PID|2||9"), "PID", 100, False),
        (adt("A99"), "MSH-9.2", 201, True),
        (adt("A04").replace(b"ADT^A04", b"ORU^R01"), "MSH-9.1", 200, True),
        (adt("A04", head="T|2.5"), "MSH-11", 202, True),
        (adt("A04", head="P|9.9"), "MSH-12", 203, True),
        (adt("A04", number="|"), "MSH-10", 101, True),
        (adt("A04", head="P|2.5||||||KLINGON"), "MSH-18", 103, False),
        (adt("A04", name="Cole^\\C2842\\Cora"), "MSH-18", 102, False),
        (adt("A04").replace(b"Cora", b"\xff\xfe"), "MSH-18", 102, False),
        (adt("A04").replace(b"Cora", b"Co\x00ra"), "MSH-18", 102, False),
        (adt("A04", name="Cole^Co\\X00\\ra"), "MSH-18", 102, False),
        (b"MSH||||\r", "MSH-2", 102, True),
        (b"BHS|^~\\&|\r" + adt("A04"), "MSH", 100, True),
        (b"", "MSH", 100, True),
        (adt("A04", rest="\r".join(["MRG|1"] * 300)), "MSH", 102, True),
        (adt("A04", name="C" * 70_000), "PID", 102, True),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_without_the_patient(
    message: bytes, where: str, code: int, rejected: bool
) -> None:
    with pytest.raises(MessageRefusedError) as refused:
        read(message)
    assert (str(refused.value.where), refused.value.code, refused.value.rejected) == (
        where, code, rejected
    )  # fmt: skip
    assert not any(each in str(refused.value) for each in PRIVATE)


def test_every_event_of_the_table_is_read() -> None:
    for event in EVENTS:
        prior = "18^^^NORTH^MR" if event == "A40" else ""
        assert read(adt(event, prior=prior)).header.event == event


def test_sent_again_a_message_says_the_same() -> None:
    again = adt("A04", number="1").replace(b"20210830120000-0400||ADT", b"20210901000000||ADT")
    assert read(adt("A04", number="1")).digest == read(again).digest
    assert read(adt("A04", number="1", visit="V2")).digest != read(again).digest
    assert read(adt("A04")).moment == (
        date(2021, 8, 30),
        datetime.fromisoformat("2021-08-30T12:00-04:00"),
    )


def test_whatever_bytes_come_are_read_or_refused() -> None:
    draw = random.Random(7)
    for _ in range(200):
        block = bytearray(adt("A04", name="O\\T\\Neil^\\XC3A9\\"))
        for _ in range(draw.choice((1, 3, 30))):
            at = draw.randrange(len(block))
            block[at : at + draw.randrange(3)] = draw.choice(
                (
                    b"|",
                    b"^~",
                    b"\r",
                    b"\\",
                    b"\xff",
                    b"\x00",
                    b'""',
                    bytes(block[at : at + 30]),
                    b"",
                )
            )
        try:
            assert read(bytes(block)).deeds
        except MessageRefusedError as refused:
            assert str(refused)
