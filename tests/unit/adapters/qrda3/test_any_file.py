"""Whatever arrives: a QRDA III file is read, or refused in sentences; nothing else happens."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.adapters.submitted import submission
from wellpost.adapters.qrda3 import Sender, read_qrda3, write_qrda3
from wellpost.errors import DataRefusedError
from wellpost.reports.submission import Measurement, Proportion, Submission
from wellpost.rules.mips_measures import mips_year

SENDER = Sender("Maple Street Clinic", datetime(2027, 1, 11, tzinfo=UTC))
SMALL = write_qrda3(
    submission(2024, measurements=[Measurement("PI_PEA_1", Proportion(600, 800))]), SENDER
)
WORDS = sorted(set(re.findall(rb"[\w.:-]+", SMALL)))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "feed.xml"


def read_or_refused(file: Path, content: bytes) -> Submission | None:
    file.write_bytes(content)
    try:
        return read_qrda3(file)
    except DataRefusedError as refused:
        assert all(re.match(r"feed\.xml(:\d+)?: \S|feed\.xml has", each) for each in refused.faults)
        return None


@given(st.sampled_from(WORDS), st.sampled_from([*WORDS, b"", b"-1", b"9" * 30, b"<", b"\xff"]))
def test_a_word_changed_for_another(file: Path, right: bytes, wrong: bytes) -> None:
    read_or_refused(file, SMALL.replace(right, wrong))


@given(st.integers(0, len(SMALL) - 1), st.integers(0, 300), st.binary(max_size=8))
def test_a_piece_lost_and_another_put_in(file: Path, at: int, lost: int, put: bytes) -> None:
    read_or_refused(file, SMALL[:at] + put + SMALL[at + lost :])


@given(st.binary(max_size=200))
def test_no_xml_at_all(file: Path, content: bytes) -> None:
    assert read_or_refused(file, content) is None


@st.composite
def any_submission(draw: st.DrawFn) -> Submission:
    """Any measures of any year, with any counts that can be."""
    year = draw(st.integers(2017, 2026))
    known = mips_year(year).measures
    names = draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=6, unique=True))
    answers = []
    for name in names:
        denominator = draw(st.integers(0, 10**9))
        counts = Proportion(draw(st.integers(0, denominator)), denominator)
        answers.append(
            Measurement(name, draw(st.booleans()) if known[name].kind == "boolean" else counts)
        )
    kind = draw(st.sampled_from(["individual", "group"]))
    return submission(year, kind, measurements=answers)


@given(any_submission(), st.text(st.characters(codec="utf-8", exclude_categories=["C"])))
def test_any_submission_comes_back_as_it_went(file: Path, whole: Submission, name: str) -> None:
    assert read_or_refused(file, write_qrda3(whole, replace(SENDER, practice=name))) == whole


def test_more_measures_than_there_are_is_one_sentence(file: Path) -> None:
    start, end = SMALL.index(b"<entry>"), SMALL.index(b"</entry>") + len(b"</entry>")
    many = SMALL[:start] + SMALL[start:end] * 5_000 + SMALL[end:]
    file.write_bytes(many)
    with pytest.raises(DataRefusedError, match="5,000 measures; 2024 has 38") as refused:
        read_qrda3(file)
    assert len(refused.value.faults) == 1
