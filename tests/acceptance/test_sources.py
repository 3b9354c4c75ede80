"""FACTS may be any holder: the same rows give the same answer, FHIR is read as it was exported."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

from tests.acceptance.conftest import Run
from tests.acceptance.folder import Folder, npi

SUMMER = ("--program", "stage-3", "--year", 2021, "--period", "2021-06-01..2021-08-29")
SYNTHEA = Path(__file__).parents[1] / "data" / "synthea" / "bulk-10-patients"


def as_sqlite(folder: Folder, file: Path) -> Path:
    """The rows of the folder in an SQLite file."""
    with sqlite3.connect(file) as connection:
        for table in folder.path.glob("*.csv"):
            names, *rows = list(csv.reader(table.open(newline="")))
            connection.execute(f"CREATE TABLE {table.stem} ({', '.join(names)})")
            marks = ", ".join("?" * len(names))
            connection.executemany(f"INSERT INTO {table.stem} VALUES ({marks})", rows)
    connection.close()
    return file


def test_an_sqlite_file_gives_what_its_csv_gives(wellpost: Run, folder: Folder, tmp_path: Path):
    folder.encounters("patient_id\np1\np2")
    folder.messages("patient_id | sent_on\np1 | 2021-12-11")
    file = as_sqlite(folder, tmp_path / "facts.sqlite")
    for command in ("measure", "worklist"):
        of_csv = wellpost(command, folder, *SUMMER, "--format", "json").json
        assert wellpost(command, file, *SUMMER, "--format", "json").json == of_csv
    who = ("--npi", npi("A"), "--patient", "p1", "--format", "json")
    why = wellpost("explain", folder, *SUMMER, *who).json
    assert wellpost("explain", file, *SUMMER, *who).json == why


def test_fhir_is_read_with_made_up_identifiers_and_says_so(wellpost: Run):
    year = ("--program", "stage-3", "--year", 2019, "--period", "2019-01-01..2019-12-31")
    ran = wellpost("measure", SYNTHEA, *year, "--synthetic-identifiers", "--format", "json")
    assert ran.status == 0
    assert "made-up identifiers" in ran.err
    assert sum(result["denominator"] for result in ran.json["results"]) > 0


def test_fhir_whose_encounters_have_no_practice_is_refused_with_the_way_round(wellpost: Run):
    year = ("--program", "stage-3", "--year", 2019, "--period", "2019-01-01..2019-12-31")
    ran = wellpost("measure", SYNTHEA, *year)
    assert (ran.status, ran.out) == (1, "")
    assert "--synthetic-identifiers" in ran.err


def test_a_file_that_holds_no_facts_is_refused(wellpost: Run, tmp_path: Path):
    file = tmp_path / "notes.txt"
    file.write_text("nothing here")
    ran = wellpost("measure", file, *SUMMER)
    assert (ran.status, ran.out) == (1, "")
    assert "is no SQLite file" in ran.err
