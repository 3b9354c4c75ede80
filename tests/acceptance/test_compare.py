"""`wellpost compare` as the agency's analyst runs it."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from tests.acceptance.conftest import Ran, Run
from tests.acceptance.folder import Folder, npi, tin

ASKED = ("--program", "stage-3", "--year", "2021", "--period", "2021-06-01..2021-08-29")
MESSAGING = ("--measure", "secure-messaging")


@pytest.fixture
def attested(folder: Folder, tmp_path: Path) -> Path:
    """A attested 2 of 20 and wrote to 1; B attested what is so; nobody knows C; D attested not."""
    folder.clinicians("npi\nA\nB\nD")
    rows = [f"p{n} | {name}" for name in "ABD" for n in range(20)]
    folder.encounters("patient_id | npi\n" + "\n".join(rows))
    folder.messages("patient_id | npi | sent_on\np0 | A | 2021-12-11\np0 | B | 2021-02-01")
    path = tmp_path / "attested.csv"
    lines = [f"secure-messaging,{npi(name)},{n},20" for name, n in (("A", 2), ("B", 1), ("C", 5))]
    path.write_text("measure,npi,numerator,denominator\n" + "\n".join(lines))
    return path


@pytest.fixture
def compare(wellpost: Run, folder: Folder, attested: Path) -> Run:
    """`wellpost compare` of messaging."""
    return lambda *more: wellpost("compare", folder, attested, *ASKED, *MESSAGING, *more)


def statuses(ran: Ran) -> list[tuple[str, str]]:
    return [(each["npi"], each["status"]) for each in ran.json["results"]]


def test_what_matters_most_stands_first(compare: Run):
    ran = compare("--format", "json")
    assert statuses(ran) == [
        (npi("A"), "overstated"),
        (npi("C"), "not_in_facts"),
        (npi("D"), "not_attested"),
        (npi("B"), "agrees"),
    ]
    assert ran.json["summary"]["overstated"] == 1 and ran.json["file"] == "attested.csv"
    first = ran.json["results"][0]
    assert (first["attested_numerator"], first["numerator"], first["margin"]) == (2, 1, -1)
    assert first["line"] == 2


def test_csv_has_a_line_for_each_and_the_table_leaves_out_what_agrees(compare: Run):
    rows = list(csv.DictReader(io.StringIO(compare("--format", "csv").out)))
    assert [row["status"] for row in rows][-1] == "agrees" and len(rows) == 4
    table = compare().out
    assert npi("A") in table and npi("B") not in table and "0.05" in table


def test_a_workbook_needs_a_file_and_holds_the_comparison(compare: Run, tmp_path: Path):
    assert compare("--format", "xlsx").err.startswith("--format xlsx is a file; give it a name")
    out = tmp_path / "compared.xlsx"
    assert compare("--format", "xlsx", "--out", out, "--sample", "2").status == 0
    with zipfile.ZipFile(out) as book:
        told = book.read("xl/sharedStrings.xml").decode()
        sheets = book.read("xl/workbook.xml").decode()
    assert npi("A") in told and "overstated" in told and "sample for audit, seed 1" in sheets


def test_a_sample_with_patients_is_the_same_for_the_same_seed(compare: Run):
    words = ("--format", "json", "--sample", "2", "--seed", "9", "--patients", "3")
    ran, again = compare(*words), compare(*words)
    assert ran.out == again.out
    assert [each["stratum"] for each in ran.json["sample"]["drawn"]] == ["high", "high"]
    theirs = [each for each in ran.json["patients"] if each["npi"] == npi("A")]
    assert [each["in_numerator"] for each in theirs] == [True, False, False, False]
    assert compare("--patients", "3").status == compare("--sample", "0").status == 2


def test_who_attested_one_measure_attested_no_objective_that_could_change(
    wellpost: Run, folder: Folder, attested: Path
):
    ran = wellpost("compare", folder, attested, *ASKED)
    assert ran.status == 0 and "objectives that change" not in ran.out
    whole = wellpost("compare", folder, attested, *ASKED, "--format", "json").json
    told = {(one["attested_verdict"], one["changes"]) for one in whole["objectives"]}
    assert told == {("incomplete", False)}
    assert whole["summary"]["objectives_changed"] == 0


def test_who_attested_every_measure_is_told_when_the_objective_changes(
    wellpost: Run, folder: Folder, attested: Path
):
    measures = ("secure-messaging", "view-download-transmit", "patient-generated-data")
    lines = [f"{each},{npi('A')},20,20" for each in measures]
    attested.write_text("measure,npi,numerator,denominator\n" + "\n".join(lines))
    table = wellpost("compare", folder, attested, *ASKED).out
    [row] = [
        each for each in table.split("objectives that change")[1].splitlines() if npi("A") in each
    ]
    assert row.split()[-1] == "yes"


def test_yes_and_no_stand_in_the_table_for_reading(compare: Run):
    table = compare("--sample", "2", "--patients", "3").out
    assert "True" not in table and "False" not in table
    assert {"yes", "no"} <= set(table.split("patients of the sample")[1].split())


def test_a_wrong_line_stops_all_before_anything_is_counted(compare: Run, attested: Path):
    attested.write_text(attested.read_text() + "\nsecure-messaging,1234567890,1,2\n")
    ran = compare()
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("attested.csv:5: npi '1234567890' is no npi")


def test_practices_are_compared_with_practices(wellpost: Run, folder: Folder, attested: Path):
    attested.write_text(f"measure,tin,rate\nsecure-messaging,{tin('T')},5 %\n")
    ran = wellpost("compare", folder, attested, *ASKED, *MESSAGING, "--format", "json")
    first = ran.json["results"][0]
    assert (first["level"], first["denominator"], first["status"]) == ("group", 20, "agrees")
