"""Every reason and act that the measures know has words of its own; none names a person."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import wellpost.engine.evidence
import wellpost.measures
from wellpost.engine.evidence import Considered
from wellpost.engine.membership import Member
from wellpost.reports import words
from wellpost.terms import Level, Measure, Reporter

MEASURES = Path(wellpost.measures.__file__).parent
SQL = "\n".join(file.read_text() for file in sorted(MEASURES.glob("*.sql")))
DAY = date(2021, 6, 3)


def member(act: str, identifier: str | None = None) -> Member:
    reporter = Reporter(Level.CLINICIAN, npi="1234567893")
    return Member(reporter, "p1", True, act, identifier, DAY, "1234567893", DAY, DAY)


def test_every_reason_of_the_measures_and_the_engine_has_its_words():
    in_sql = set(re.findall(r"THEN '(\w+)'", SQL))
    in_engine = set(re.findall(r"`(\w+)`", wellpost.engine.evidence.Considered.__doc__ or ""))
    reasons = (in_sql | in_engine) - {"because", "on", "counted_on", *words.DONE}
    assert len(reasons) > 10
    assert reasons <= set(words.REASONS)


def test_every_act_of_the_measures_has_its_words():
    named = set(re.findall(r"'(\w+)' AS act", SQL)) | {"view", "download", "transmit", "api"}
    assert named <= set(words.DONE)
    assert named <= set(words.NOUNS)


def test_every_measure_says_what_is_missing():
    assert set(words.MISSING) == set(Measure)


@pytest.mark.parametrize(
    ("reporter", "name"),
    [
        (Reporter(Level.CLINICIAN, npi="1234567893"), "NPI 1234567893"),
        (
            Reporter(Level.PRACTICE_CLINICIAN, tin="123456789", npi="1234567893"),
            "NPI 1234567893 under TIN 123456789",
        ),
        (Reporter(Level.GROUP, tin="123456789"), "TIN 123456789"),
        (Reporter(Level.VIRTUAL_GROUP, virtual_group="VG1"), "virtual group VG1"),
    ],
)
def test_a_reporter_is_named_by_its_identifiers(reporter: Reporter, name: str):
    assert words.name(reporter) == name


def test_an_act_without_an_identifier_is_told_by_its_day():
    assert words.done(member("download"), None) == (
        "the patient or a representative downloaded their information on 2021-06-03, "
        "credited to NPI 1234567893"
    )


def test_an_act_that_counts_later_tells_both_days():
    sent = Considered(date(2021, 6, 1), "message", "m1", "1234567893", None, DAY, None)
    told = words.done(member("message", "m1"), sent)
    assert told == (
        "written to on 2021-06-01, counting from 2021-06-03, "
        "credited to NPI 1234567893 (message m1)"
    )
