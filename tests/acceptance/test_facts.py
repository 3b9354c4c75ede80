"""`wellpost facts`: any source as canonical Parquet, whole or not at all, and all its faults."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest

from tests.acceptance.conftest import Run
from tests.acceptance.folder import Folder, npi
from tests.acceptance.test_sources import SUMMER, SYNTHEA, as_sqlite
from tests.unit.adapters.folders import PRACTICE, communication, encounter, write


@pytest.fixture
def told(folder: Folder) -> Folder:
    """Two patients, one of them written to."""
    folder.encounters("patient_id | seen_on\np1 | 2021-07-03\np2 | 2021-06-03\np1 | 2021-06-03")
    folder.messages("patient_id | sent_on\np1 | 2021-12-11")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rows(folder: Path) -> dict[str, list[object]]:
    """What stands in each file, in its order."""
    return {
        path.name: duckdb.read_parquet(str(path)).fetchall() for path in sorted(folder.iterdir())
    }


def test_the_same_facts_give_the_same_rows_in_the_same_order(
    wellpost: Run, told: Folder, tmp_path: Path
):
    """From CSV, from SQLite, from rows in another order, and from what was written itself."""
    file = as_sqlite(told, tmp_path / "facts.sqlite")
    ran = wellpost("facts", told, "--to", tmp_path / "one", "--format", "json")
    assert ran.json["rows"]["encounters"] == 3
    names, *lines = (told.path / "encounters.csv").read_text().splitlines()
    shuffled = random.Random(1).sample(lines, len(lines))
    (told.path / "encounters.csv").unlink()
    (told.path / "encounters").mkdir()
    for number, row in enumerate(shuffled):
        (told.path / "encounters" / f"{number}.csv").write_text(f"{names}\n{row}\n")
    for number, source in enumerate((file, told, tmp_path / "one")):
        assert wellpost("facts", source, "--to", tmp_path / str(number)).status == 0
        assert rows(tmp_path / str(number)) == rows(tmp_path / "one")


def test_what_was_written_measures_as_its_source(wellpost: Run, told: Folder, tmp_path: Path):
    wellpost("facts", told, "--to", tmp_path / "facts.d")
    of_csv = wellpost("measure", told, *SUMMER, "--format", "json").json
    assert wellpost("measure", tmp_path / "facts.d", *SUMMER, "--format", "json").json == of_csv


def test_fhir_becomes_facts(wellpost: Run, tmp_path: Path):
    ran = wellpost("facts", SYNTHEA, "--to", tmp_path / "out", "--synthetic-identifiers")
    assert ran.status == 0, ran.err
    assert wellpost("facts", "check", tmp_path / "out").status == 0


def test_a_folder_that_holds_something_is_left_alone(wellpost: Run, told: Folder, tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("kept")
    ran = wellpost("facts", told, "--to", tmp_path / "out")
    assert (ran.status, contents(tmp_path / "out")) == (2, {"mine": b"kept"})
    assert ran.err == f"{tmp_path}/out holds something already; name a folder that is not there.\n"


def test_bad_facts_are_not_written(wellpost: Run, told: Folder, tmp_path: Path):
    told.encounters("patient_id | npi\np1 | A\np2 | 1234567890")
    assert wellpost("facts", told, "--to", tmp_path / "out").status == 1
    assert not (tmp_path / "out").exists()
    assert wellpost("facts", told, "--to", tmp_path / "out", "--skip-bad-rows").status == 0
    assert [path.name for path in tmp_path.glob(".out*")] == []


def test_every_fault_is_told_not_the_first_alone(wellpost: Run, told: Folder):
    told.encounters(
        "encounter_id | patient_id | npi | seen_on | kind\n"
        "e1 | Ann Smith | 1234567890 | 0001-01-01 | visit\n"
        "e2 | p2 | A | 9999-12-31 | other\n"
        "e3 | p1 | A | 2021-02-29 | other\n"
        "e4 | p1 | A | 2020-02-29 | other\n"
        "e4 | p2 | A | 2020-02-29 | other"
    )
    told.write("patient_data", "patient_id | received_on | source\np1 | 2021-06-03 | fax")
    ran = wellpost("facts", "check", told, "--format", "json")
    assert ran.status == 1
    assert [(each["table"], each["reason"], each["rows"]) for each in ran.json["faults"]] == [
        ("encounters", "npi fails its check digit", 1),
        ("encounters", "seen_on is not a day", 1),
        ("encounters", "kind is not a known word", 1),
        ("encounters", "encounter_id stands there more than once with different content", 2),
        ("patient_data", "source is not a known word", 1),
    ]
    assert ran.json["faults"][1]["says"].startswith("encounters.csv:4: seen_on 2021-02-29 is not a")
    assert ran.json["rows"] == {"clinicians": 1, "encounters": 5, "messages": 1, "patient_data": 1}
    assert "Ann" not in ran.out + ran.err


def test_lines_that_are_no_rows_do_not_hide_the_rest(wellpost: Run, told: Folder):
    lines = (told.path / "encounters.csv").read_text().splitlines()
    bad = [lines[0], *lines[1:3], "e9,p9", lines[3].replace(npi("A"), "1")]
    (told.path / "encounters.csv").write_text("\n".join(bad))
    ran = wellpost("facts", "check", told)
    assert ran.status == 1
    assert "encounters.csv:4: it has more or fewer fields" in ran.out
    assert "encounters.csv:5: npi 1 is not 10 digits; 1 of 3 rows has such an npi." in ran.out


def test_a_file_that_is_none_is_told_with_the_others(wellpost: Run, told: Folder):
    (told.path / "messages.csv").unlink()
    (told.path / "messages.parquet").write_bytes(b"PAR1")
    (told.path / "encounters.csv").write_text("")
    ran = wellpost("facts", "check", told)
    assert ran.status == 1
    assert "messages.parquet: it is not whole Parquet" in ran.out
    assert "encounters.csv is empty" in ran.out


def test_right_facts_have_no_fault(wellpost: Run, told: Folder):
    ran = wellpost("facts", "check", told)
    assert (ran.status, ran.out.splitlines()[0]) == (0, "Nothing is wrong.")


def test_what_a_folder_of_fhir_lost_because_it_is_wrong_is_a_fault(wellpost: Run, tmp_path: Path):
    of_bob = encounter("e1", subject={"reference": "Patient/bob"})
    of_a_list = encounter("e2", subject=[{"reference": "Patient/alice"}])
    write(tmp_path, *PRACTICE, of_bob, encounter("e1"), of_a_list)
    ran = wellpost("facts", "check", tmp_path)
    assert ran.status == 1
    assert ran.out.splitlines()[0] == "2 faults."
    assert "1 of 3 was left out: its subject is missing, or is no reference" in ran.out
    assert "1 of 3 was left out: a resource of the same id, but of another patient" in ran.out
    assert ran.out.count(".ndjson:") == 2
    assert wellpost("measure", tmp_path, *SUMMER).status == 0


def test_what_a_folder_of_fhir_has_that_is_no_evidence_is_no_fault(wellpost: Run, tmp_path: Path):
    planned = encounter("e2", status="planned")
    between_staff = communication("m1", "Practitioner/chen", "Practitioner/chen", subject=None)
    write(tmp_path, *PRACTICE, encounter("e1"), planned, between_staff)
    ran = wellpost("facts", "check", tmp_path)
    assert (ran.status, ran.out.splitlines()[0]) == (0, "Nothing is wrong.")
    assert "it names no patient" in ran.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("check",), "facts asks for one SOURCE: wellpost facts SOURCE --to FOLDER or"),
        (("a", "b"), "facts asks for one SOURCE"),
        (("a",), "facts asks for --to FOLDER, or for check before SOURCE."),
        (("check", ".", "--memory", "lots"), "memory 'lots' cannot be read; write it like 8GB"),
        (("check", ".", "--memory", "1MB"), "memory '1MB' is too little to count with"),
        (("check", ".", "--spill", "none"), "spill 'none' is no folder"),
    ],
)
def test_a_command_line_that_cannot_be_is_refused(wellpost: Run, words: tuple[str], sentence: str):
    ran = wellpost("facts", *words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(sentence)
