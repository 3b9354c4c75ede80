"""SQLite files and PostgreSQL: text or typed, checked where they lie."""

import sqlite3
from datetime import date
from pathlib import Path

import duckdb
import psycopg
import pytest

from tests.unit.facts.folders import NPI, TIN
from wellpost.errors import DataRefusedError
from wellpost.facts.checks import check
from wellpost.facts.sources import open_source
from wellpost.facts.survey import survey
from wellpost.facts.writing import write_facts

MADE = f"""
    CREATE TABLE clinicians (npi TEXT, tin TEXT, name TEXT);
    INSERT INTO clinicians VALUES ('{NPI}', '{TIN}', 'x');
    CREATE TABLE encounters (encounter_id TEXT, patient_id TEXT, npi TEXT, tin TEXT,
        seen_on TEXT, kind TEXT, certified_location TEXT);
    INSERT INTO encounters VALUES ('e1', 'p1', '{NPI}', '{TIN}', '2020-02-29', 'other', '1'),
        ('e2', 'p2', '{NPI}', '{TIN}', '2021-02-28', 'telehealth', 'false');
"""
SPOILT = f"""
    INSERT INTO encounters VALUES ('e3', 'p3', '{NPI}', '{TIN}', '2021-02-29', 'other', ''),
        ('e4', 'p4', '1234567890', '{TIN}', '2021-03-01', 'other', NULL),
        ('e5', 'p5', '{NPI}', '{TIN}', '2021-3-1', 'other', 'maybe');
"""
FAULTS = {
    "npi 1234567890 fails its check digit; 1 of 5 rows has such an npi.",
    "is not a day; write it like 2021-06-03; 2 of 5 rows have such a seen_on.",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def holder(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, object]:
    """Where the facts lie, and a way to run SQL there."""
    if request.param == "sqlite":
        lite = sqlite3.connect(tmp_path / "facts.sqlite", isolation_level=None)
        return str(tmp_path / "facts.sqlite"), lite.executescript
    address = str(request.getfixturevalue("postgresql"))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS loose CASCADE")
        connection.execute("CREATE SCHEMA loose")
    address += "&options=-csearch_path%3Dloose"
    return address, psycopg.connect(address, autocommit=True).execute


def test_text_columns_are_read_and_checked(holder: tuple[str, object]) -> None:
    where, run = holder
    run(MADE)
    with open_source(where) as source:
        assert check(source).rows == {"clinicians": 1, "encounters": 2}
        rows = list(source.run(source.tables["encounters"]))
    assert [str(row[4]) for row in rows] == ["2020-02-29", "2021-02-28"]
    assert [bool(row[7]) for row in rows] == [True, False]


def test_facts_are_taken_over_with_their_types(holder: tuple[str, object], tmp_path: Path) -> None:
    where, run = holder
    run(MADE)
    with open_source(where) as source:
        assert write_facts(source, tmp_path / "out") == {"clinicians": 1, "encounters": 2}
    written = duckdb.read_parquet(str(tmp_path / "out" / "encounters.parquet")).fetchall()
    of_both = (NPI, TIN)
    assert written == [
        ("e1", "p1", *of_both, date(2020, 2, 29), "other", None, True),
        ("e2", "p2", *of_both, date(2021, 2, 28), "telehealth", None, False),
    ]


def test_every_fault_is_found_there_too(holder: tuple[str, object]) -> None:
    where, run = holder
    run(MADE)
    run(SPOILT)
    with open_source(where) as source:
        found = survey(source)
    assert [(bad.reason, bad.rows) for bad in found.faults] == [
        ("npi fails its check digit", 1),
        ("seen_on is not a day", 2),
        ("certified_location is neither true nor false", 1),
    ]


def test_bad_rows_are_counted_or_left_out(holder: tuple[str, object]) -> None:
    where, run = holder
    run(MADE)
    run(SPOILT)
    with open_source(where) as source, pytest.raises(DataRefusedError) as caught:
        check(source)
    assert all(any(fault in one for one in caught.value.faults) for fault in FAULTS)
    with open_source(where) as source:
        report = check(source, skip_bad_rows=True)
        rows = list(source.run(source.tables["encounters"]))
    assert sorted(row[0] for row in rows) == ["e1", "e2"]
    assert sum(one.rows for one in report.left_out) == 3


def test_a_missing_table_is_named(holder: tuple[str, object]) -> None:
    where, run = holder
    run("CREATE TABLE clinicians (npi TEXT, tin TEXT)")
    with (
        open_source(where) as source,
        pytest.raises(DataRefusedError, match="encounters is missing"),
    ):
        check(source)


def test_a_damaged_sqlite_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "facts.sqlite"
    path.write_bytes(b"SQLite format 3\0" + b"x" * 200)
    with pytest.raises(DataRefusedError, match=r"facts\.sqlite cannot be read as SQLite"):
        open_source(path)


def test_an_address_that_cannot_be_reached_keeps_its_password() -> None:
    with pytest.raises(DataRefusedError) as caught:
        open_source("postgresql://someone:secret@127.0.0.1:1/nothing?connect_timeout=1")
    assert "cannot be reached" in str(caught.value) and "secret" not in str(caught.value)
