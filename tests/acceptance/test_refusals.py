"""Whatever is wrong: the sentence that the user sees, and the exit status."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.acceptance.conftest import Ran, Run
from tests.acceptance.folder import Folder, npi

ASKED = ("--program", "stage-3", "--year", "2021", "--period", "2021-06-01..2021-08-29")
UNKNOWN_NPI = npi("Z")


@pytest.fixture(autouse=True)
def practice(folder: Folder) -> Folder:
    folder.encounters("patient_id\np1")
    return folder


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        ("2021-06-01..2021-08-28", "too short: 89 days; stage-3 2021 asks for at least 90"),
        ("2021-08-03..2021-10-31", "in stage-3 2021 the last permitted day is 2021-10-30"),
        ("2020-12-01..2021-03-31", "lies in 2020 and 2021; .* program year 2021"),
        ("2020-06-01..2020-08-31", "lies in 2020; .* program year 2021"),
        ("2021-08-29..2021-06-01", "it ends before it starts"),
        ("2021-06-01", "write it like 2021-06-01..2021-08-29"),
        ("2021-06-31..2021-08-29", "cannot be read"),
    ],
)
def test_a_period_that_cannot_be_is_refused(stage_3: Run, period: str, sentence: str):
    refused(stage_3(period=period), 2, sentence)


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--program", "stage3", "no program 'stage3'; there is .*Did you mean stage-3"),
        ("--year", "2022", "stage-3 has no rules for 2022; it ran from 2017 to 2021"),
        ("--year", "21", "year '21' cannot be read"),
        ("--measure", "secure-mesaging", "no measure .*Did you mean secure-messaging"),
        ("--measure", "patient-access", "there is no measure in stage-3 2021 'patient-access'"),
        ("--level", "clinican", "no level 'clinican'; .*Did you mean clinician"),
        ("--policy", "staff=count", "no policy 'staff'; there is staff_messages,"),
        ("--policy", "seen=all", "no value of policy seen 'all'"),
        ("--policy", "seen", "write it like seen=visits_only"),
        ("--exclude", "secure-messaging", "write it like secure-messaging=no_office_visits"),
        ("--exclude", "messages=no_office_visits", "no measure 'messages'"),
        ("--exclude", "secure-messaging=holiday", "no ground of exclusion 'holiday'"),
        ("--exclude", "secure-messaging=no_office_visits", "leave the claim out"),
        ("--attested-on", "2021-08-01", "the period .* had not ended then"),
        ("--attested-on", "soon", "date 'soon' cannot be read"),
        ("--npi", "1234567890", "npi 1234567890 fails its check digit"),
        ("--npi", UNKNOWN_NPI, f"npi {UNKNOWN_NPI} is not in clinicians"),
        ("--tin", "12", "a tin is 9 digits"),
        ("--tin", "999999999", "tin 999999999 is not in clinicians"),
        ("--format", "pdf", "invalid choice: 'pdf'"),
        ("--out", "/no/such/folder/x.json", "/no/such/folder/x.json cannot be written"),
        ("--colour", "red", "unrecognized arguments: --colour red; wellpost"),
    ],
)
def test_an_option_that_cannot_be_is_refused(stage_3: Run, option, value, sentence):
    refused(stage_3(option, value), 2, sentence)


def test_a_policy_given_twice_is_refused(stage_3: Run):
    refused(stage_3("--policy", "seen=visits_only", "--policy", "seen=any_encounter"), 2, "twice")


def test_a_group_has_no_npi(stage_3: Run):
    refused(stage_3("--level", "group", "--npi", npi("A")), 2, "level group has no npi")


def test_a_required_option_left_out_is_named(wellpost: Run, folder: Folder):
    refused(wellpost("measure", folder), 2, "--program, --year, --period; wellpost measure --help")


def test_an_unknown_command_is_named_with_the_nearest(wellpost: Run):
    refused(wellpost("mesure"), 2, "no command 'mesure'.*Did you mean measure")


def test_no_such_folder(wellpost: Run, tmp_path: Path):
    refused(wellpost("measure", tmp_path / "none", *ASKED), 2, "there is no such folder or file")


def test_an_empty_folder_names_what_is_missing(wellpost: Run, tmp_path: Path):
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = wellpost("measure", empty, *ASKED)
    refused(ran, 1, "clinicians", lines=None)
    assert "encounters" in ran.err


def test_an_npi_that_fails_its_check_digit_is_refused_with_its_line(stage_3: Run, folder: Folder):
    folder.encounters("patient_id | npi\np1 | A\np2 | 1234567890")
    refused(stage_3(), 1, r"encounters.csv:3: npi 1234567890 fails its check digit", lines=None)


def test_a_missing_column_is_named_with_its_file(stage_3: Run, folder: Folder):
    (folder.path / "encounters.csv").write_text(f"encounter_id,npi,tin\ne1,{npi('A')},1\n")
    refused(stage_3(), 1, r"encounters.csv: column patient_id is missing", lines=None)


def test_a_bad_date_is_refused_with_its_line(stage_3: Run, folder: Folder):
    folder.encounters("patient_id | seen_on\np1 | 2021-06-03\np2 | 2021-02-30")
    refused(stage_3(), 1, r"encounters.csv:3: seen_on 2021-02-30")


def test_an_encounter_of_an_unknown_clinician_is_refused(stage_3: Run, folder: Folder):
    folder.encounters("patient_id | npi\np1 | A\np2 | B")
    refused(stage_3(), 1, rf"encounters.csv:3: npi {npi('B')} .*clinicians")


def test_skipping_bad_rows_says_how_many_and_why(stage_3: Run, folder: Folder):
    folder.encounters("patient_id | seen_on\np1 | 2021-06-03\np2 | 2021-02-30")
    ran = stage_3("--skip-bad-rows")
    assert ran.status == 0
    assert ran.result("secure-messaging")["denominator"] == 1
    assert ran.err.startswith("1 row was left out: ")
    assert "encounters.csv:3: seen_on 2021-02-30" in ran.err


def test_a_truncated_gzip_is_refused_with_its_name(wellpost: Run, tmp_path: Path):
    fhir = tmp_path / "fhir"
    fhir.mkdir()
    whole = gzip.compress(b'{"resourceType": "Encounter", "id": "e1"}\n' * 1000)
    (fhir / "Encounter.000.ndjson.gz").write_bytes(whole[: len(whole) // 2])
    refused(wellpost("measure", fhir, *ASKED), 1, r"Encounter.000.ndjson.gz", lines=None)


def test_made_up_identifiers_are_for_fhir_alone(stage_3: Run):
    refused(stage_3("--synthetic-identifiers"), 2, "holds no FHIR NDJSON")


def test_an_unknown_column_is_told_once_and_changes_nothing(stage_3: Run, folder: Folder):
    file = folder.path / "encounters.csv"
    lines = file.read_text().splitlines()
    file.write_text(f"{lines[0]},colour\n{lines[1]},red\n")
    ran = stage_3()
    assert ran.status == 0
    assert ran.err.count("colour") == 1


def refused(ran: Ran, status: int, sentence: str, lines: int | None = 1) -> None:
    """Nothing on standard output, and one line a fault on standard error."""
    assert ran.out == ""
    assert ran.status == status, ran.err
    assert re.search(sentence, ran.err), ran.err
    if lines is not None:
        assert len(ran.err.strip().splitlines()) == lines, ran.err
