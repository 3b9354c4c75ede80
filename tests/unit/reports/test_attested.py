"""What a practice answers for itself: read, checked against the program, refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from wellpost.errors import RequestError
from wellpost.reports.attested import (
    Attested,
    Fraction,
    answers_json,
    checked_answers,
    read_attested,
)
from wellpost.rules.load import program_year

ACI_2018 = program_year("mips-aci", 2018)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ACI_EP_1=10/12", Fraction(10, 12)),
        ("ACI_EP_1 = 0/0", Fraction(0, 0)),
        ("ACI_PPHI_1=yes", True),
        ("ACI_PPHI_1=No", False),
    ],
)
def test_an_answer_is_read(text: str, value: object):
    assert Attested.parse(text).value == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ACI_EP_1", "cannot be read; write it like PI_EP_1=10/12 or PI_PPHI_1=yes"),
        ("=yes", "cannot be read"),
        ("ACI_EP_1=many", "cannot be read"),
        ("ACI_EP_1=-1/5", "cannot be read"),
        ("ACI_EP_1=6/5", "the numerator is above the denominator"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, sentence: str):
    with pytest.raises(RequestError, match=sentence):
        Attested.parse(text)


def checked(*texts: str) -> dict[str, object]:
    return dict(checked_answers(map(Attested.parse, texts), ACI_2018))


def test_the_names_of_2017_are_taken_in_2018():
    assert checked("ACI_EP_1=1/2", "PI_PPHI_1=yes") == {
        "PI_EP_1": Fraction(1, 2),
        "PI_PPHI_1": True,
    }


def test_what_cms_has_no_name_for_may_be_written_with_hyphens():
    assert checked("only-2015-edition=yes") == {"only_2015_edition": True}


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (["PI_EP_9=1/2"], r"no measure to attest 'PI_EP_9'.*Did you mean PI_EP_1"),
        (["PI_EP_1=yes"], "it must be a numerator and a denominator, like 10/12"),
        (["PI_PPHI_1=1/2"], "PI_PPHI_1 is attested as 1/2; it must be yes or no"),
        (["PI_PPHI_1=yes", "ACI_PPHI_1=no"], "PI_PPHI_1 is attested twice"),
    ],
)
def test_what_the_program_does_not_ask_is_refused(texts: list[str], sentence: str):
    with pytest.raises(RequestError, match=sentence):
        checked(*texts)


def test_a_program_that_asks_for_nothing_takes_nothing():
    with pytest.raises(RequestError, match="no measure to attest in stage-3 2021"):
        checked_answers([Attested("secure-messaging", True)], program_year("stage-3", 2021))


def test_a_file_of_answers(tmp_path: Path):
    file = tmp_path / "answers.txt"
    file.write_text("# ours\n\nPI_PPHI_1=yes\nPI_EP_1=3/4\n")
    assert read_attested(file) == [Attested("PI_PPHI_1", True), Attested("PI_EP_1", Fraction(3, 4))]


def test_a_bad_line_is_named(tmp_path: Path):
    file = tmp_path / "answers.txt"
    file.write_text("PI_PPHI_1=yes\nPI_EP_1\n")
    with pytest.raises(RequestError, match=r"^answers.txt:2: attested value 'PI_EP_1'"):
        read_attested(file)


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(RequestError, match="cannot be read as text"):
        read_attested(tmp_path / "none.txt")


def test_a_report_shows_them_as_they_were_entered():
    answers = {"secure_messaging": True, "ACI_EP_1": Fraction(1, 2), "ACI_PPHI_1": False}
    assert answers_json(answers) == {
        "secure-messaging": "yes",
        "ACI_EP_1": "1/2",
        "ACI_PPHI_1": "no",
    }
