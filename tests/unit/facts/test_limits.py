"""Memory and disk are limited: what does not fit is put on disk, and what fits nowhere is said."""

from pathlib import Path

import duckdb
import pytest
from sqlglot import parse_one

from wellpost.errors import DataRefusedError, NoRoomError, RequestError
from wellpost.facts.complaints import in_our_words
from wellpost.facts.duck import Duck, open_duck
from wellpost.facts.resources import Resources, bytes_of, limited_to
from wellpost.facts.source import Source
from wellpost.facts.sources import open_source
from wellpost.facts.writing import write_facts

LEAST = 100_000_000
LARGE = "SELECT COUNT(*) FROM (SELECT DISTINCT 'patient ' || i AS patient FROM RANGE(3000000) r(i))"
ENCOUNTERS = """
    SELECT 'e' || HASH(i) AS encounter_id, 'p' || HASH(i) AS patient_id, '1234567893' AS npi,
        '123456789' AS tin, DATE '2021-06-03' AS seen_on, 'other' AS kind,
        NULL AS county, NULL AS certified_location
    FROM RANGE(1500000) AS made(i)
"""


def limited(folder: Path) -> Duck:
    with limited_to(Resources(LEAST, folder)):
        return open_duck()


@pytest.mark.parametrize(
    ("text", "size"),
    [("8GB", 8 * 10**9), ("500mb", 500 * 10**6), ("1.5 GiB", 1_610_612_736), ("2TB", 2 * 10**12)],
)
def test_sizes_as_people_write_them(text: str, size: int) -> None:
    assert bytes_of(text) == size


@pytest.mark.parametrize("text", ["", "8", "GB", "-1GB", "8GBs", "99MB", "1e9GB", "٣GB"])
def test_a_size_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="memory"):
        bytes_of(text)


def test_what_does_not_fit_in_memory_is_put_on_disk_and_taken_away(tmp_path: Path) -> None:
    duck = limited(tmp_path)
    assert duck.run(LARGE) == [(3_000_000,)]
    (spill,) = tmp_path.iterdir()
    assert spill.stat().st_mode & 0o077 == 0, "what is spilt names patients"
    duck.close()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_while_spilling_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    duck = limited(tmp_path)
    duck.run("SET max_temp_directory_size = '5MB'")
    source = Source("duckdb", {"encounters": parse_one(ENCOUNTERS, read="duckdb")}, duck.execute)
    with pytest.raises(NoRoomError) as said:
        write_facts(source, tmp_path / "out")
    duck.close()
    assert str(said.value) == (
        f"the disk of {tmp_path} filled while what does not fit in memory was put there; "
        "name a folder with more room with --spill, or give more with --memory."
    )
    assert list(tmp_path.iterdir()) == []


def test_memory_that_is_not_enough_is_said() -> None:
    error = duckdb.OutOfMemoryException("failed to allocate data of size 2.0 MiB")
    said = in_our_words(error, Resources(LEAST))
    assert str(said) == "memory of 100 MB was not enough; give more with --memory."


def test_a_disk_that_fills_while_writing_is_said() -> None:
    text = r'{"exception_message":"Could not write file \"/facts/out/a.parquet\": No space left"}'
    said = in_our_words(duckdb.IOException(text), Resources())
    assert str(said) == "the disk is full; /facts/out cannot take all of it."


def test_a_fault_of_our_own_is_not_laid_on_a_file() -> None:
    with pytest.raises(duckdb.BinderException):
        open_duck().run("SELECT nothing")


def test_a_page_damaged_in_the_middle_is_said(tmp_path: Path) -> None:
    path = tmp_path / "encounters.parquet"
    duckdb.sql(ENCOUNTERS.replace("1500000", "50000")).write_parquet(str(path))
    whole = path.read_bytes()
    middle = len(whole) // 3
    path.write_bytes(whole[:middle] + bytes(2000) + whole[middle + 2000 :])
    (tmp_path / "clinicians.csv").write_text("npi,tin\n1234567893,123456789\n")
    with open_source(tmp_path) as source, pytest.raises(DataRefusedError) as said:
        write_facts(source, tmp_path / "out")
    assert "it cannot be read; it may be cut off, damaged or no file." in str(said.value)
    assert not (tmp_path / "out").exists()
