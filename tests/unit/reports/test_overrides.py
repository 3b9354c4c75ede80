"""Numbers changed by hand: read, named, reasoned, and refused where they cannot be right."""

from __future__ import annotations

import pytest

from tests.worlds import attested
from wellpost.errors import RequestError
from wellpost.reports.overrides import from_json, parse_override
from wellpost.terms import Level, Reporter

WHO = Reporter(Level.CLINICIAN, npi=attested.CHEN)


def test_it_is_read_as_it_is_written():
    found = parse_override("secure-messaging=6/100: two letters by courier", WHO, "Ada Moss")
    assert (found.numerator, found.denominator) == (6, 100)
    assert found.reason == "two letters by courier"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("secure-messaging=6/100", "write it like"),
        ("secure_mail=6/100: two letters by courier", "write it like"),
        ("secure-messaging=6/100:", "says too little"),
        ("secure-messaging=6/100: courier", "says too little"),
        ("secure-messaging=101/100: two letters by courier", "101 of 100"),
    ],
)
def test_what_cannot_be_right_is_refused(text, says):
    with pytest.raises(RequestError, match=says):
        parse_override(text, WHO, "Ada Moss")


def test_somebody_must_have_done_it():
    with pytest.raises(RequestError, match="needs the name"):
        parse_override("secure-messaging=6/100: two letters by courier", WHO, "  ")


def test_it_is_the_same_when_it_was_written_down():
    made = attested.by_hand()
    assert from_json(made.as_json()) == made


def test_two_for_one_number_are_refused():
    with pytest.raises(RequestError, match="twice"):
        attested.request(overrides=[attested.by_hand(), attested.by_hand(1, 3)])
