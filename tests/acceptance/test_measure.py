"""`wellpost measure` as a user runs it: forms, levels, policies, exclusions, files."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.conftest import Run
from tests.acceptance.folder import Folder, npi, tin

KEYS = [
    *("measure", "level", "npi", "tin", "denominator", "numerator"),
    *("rate", "threshold", "verdict", "needed"),
]
ASKED = ("--program", "stage-3", "--year", "2021", "--period", "2021-06-01..2021-08-29")


@pytest.fixture(autouse=True)
def practice(folder: Folder) -> Folder:
    """Ten patients of A, one of B; A wrote to the first."""
    folder.clinicians("npi\nA\nB")
    rows = "\n".join(f"p{n} | A" for n in range(10))
    folder.encounters(f"patient_id | npi\n{rows}\np0 | B")
    folder.messages("patient_id | sent_on\np0 | 2021-12-11")
    return folder


def test_the_object_has_the_keys_of_its_description_in_their_order(stage_3: Run):
    answer = stage_3().json
    assert list(answer) == ["program", "year", "period", "policies", "results", "objectives"]
    assert answer["period"] == {"start": "2021-06-01", "end": "2021-08-31"}
    assert all(list(result) == KEYS for result in answer["results"])
    keys = ["npi", "tin", "verdict", "required", "met", "excluded"]
    assert all(list(objective) == keys for objective in answer["objectives"])


def test_every_policy_in_force_is_printed(stage_3: Run):
    assert stage_3("--policy", "seen=visits_only").json["policies"] == {
        "staff_messages": "on_behalf_of_clinician",
        "automated_messages": "do_not_count",
        "copied_patients": "count",
        "unreachable_patients": "count_when_available",
        "seen": "visits_only",
        "numerator_window": {
            "patient-generated-data": "period",
            "secure-messaging": "calendar_year",
            "view-download-transmit": "calendar_year",
        },
        "decile_rounding": "round_first",
        "cap_at_attestation": "on",
    }


def test_the_window_is_one_value_when_all_measures_share_it(stage_3: Run):
    one = stage_3("--measure", "secure-messaging").json["policies"]["numerator_window"]
    given = stage_3("--policy", "numerator-window=period").json["policies"]["numerator_window"]
    assert (one, given) == ("calendar_year", "period")


def test_rows_are_ordered_by_measure_level_tin_npi(stage_3: Run, folder: Folder):
    folder.clinicians("npi | tin\nA | T\nB | T\nA | U")
    answer = stage_3("--level", "practice-clinician", "--level", "group").json
    rows = [(r["measure"], r["level"], r["tin"], r["npi"] or "") for r in answer["results"]]
    assert rows == sorted(rows)
    assert len(rows) == 3 * (2 + 3)


def test_a_clinician_or_a_practice_can_be_asked_for_alone(stage_3: Run):
    only = stage_3("--npi", npi("B"), "--measure", "secure-messaging").json["results"]
    assert [(r["npi"], r["denominator"]) for r in only] == [(npi("B"), 1)]
    group = stage_3("--level", "group", "--tin", tin("T")).result("secure-messaging")
    assert (group["npi"], group["tin"], group["denominator"]) == (None, tin("T"), 10)


def test_a_virtual_group_has_its_name_in_the_row(stage_3: Run, folder: Folder):
    folder.write("virtual_groups", f"virtual_group | tin\nVG1 | {tin('T')}")
    result = stage_3("--level", "virtual-group").result("secure-messaging")
    assert list(result) == [*KEYS[:4], "virtual_group", *KEYS[4:]]
    assert (result["virtual_group"], result["tin"], result["denominator"]) == ("VG1", None, 10)


def test_a_measure_left_out_leaves_the_objective_incomplete(stage_3: Run):
    answer = stage_3("--measure", "secure-messaging", "--npi", npi("A")).json
    assert answer["objectives"] == [
        {
            "npi": npi("A"),
            "tin": None,
            "verdict": "incomplete",
            "required": 2,
            "met": 1,
            "excluded": 0,
        }
    ]


def test_an_exclusion_claimed_stands_for_those_it_fits(stage_3: Run, folder: Folder):
    folder.encounters("patient_id | npi | kind\np0 | A | office_visit\np1 | B | other")
    ran = stage_3("--exclude", "secure-messaging=no-office-visits")
    assert ran.result("secure-messaging", npi=npi("A"))["verdict"] == "met"
    excluded = ran.result("secure-messaging", npi=npi("B"))
    assert (excluded["verdict"], excluded["needed"]) == ("excluded", None)


def test_points_are_given_where_the_program_has_them(wellpost: Run, folder: Folder):
    folder.encounters("patient_id | seen_on\np0 | 2017-06-03\np1 | 2017-06-03")
    folder.messages("patient_id | sent_on\np0 | 2017-06-04")
    asked = ("--program", "mips-aci", "--year", 2017, "--period", "2017-06-01..2017-08-29")
    answer = wellpost("measure", folder, *asked, "--npi", npi("A"), "--format", "json").json
    assert "objectives" not in answer
    (points,) = answer["points"]
    category = points.pop("category")
    assert points == {
        "level": "practice-clinician",
        "npi": npi("A"),
        "tin": tin("T"),
        "points": 5,
        "maximum": 40,
        "measures": {
            "patient-access": 0,
            "patient-generated-data": 0,
            "secure-messaging": 5,
            "view-download-transmit": 0,
        },
    }
    assert (category["score"], category["performance"]) == (0, 5)
    assert "ACI_PEA_1" in category["missing"]


def test_the_score_is_made_with_what_the_practice_attests(
    wellpost: Run, folder: Folder, tmp_path: Path
):
    folder.encounters("patient_id | seen_on\np0 | 2017-06-03\np1 | 2017-06-03")
    folder.messages("patient_id | sent_on\np0 | 2017-06-04")
    answers = tmp_path / "answers.txt"
    answers.write_text("# of 2017\nACI_INFBLO_1=yes\nACI_ONCDIR_1=yes\nACI_PPHI_1=yes\n")
    given = ("ACI_LVPP_1=yes", "ACI_PEA_1=2/2", "ACI_HIE_1=47/100", "ACI_HIE_2=1/100")
    attest = [word for each in given for word in ("--attest", each)]
    asked = ("--program", "mips-aci", "--year", 2017, "--period", "2017-06-01..2017-08-29")
    more = ("--npi", npi("A"), "--attest-from", answers, *attest)
    ran = wellpost("measure", folder, *asked, *more, "--format", "json")
    assert ran.json["attested"]["ACI_HIE_1"] == "47/100"
    assert ran.json["points"][0]["category"] == {
        "score": 71,
        "base": 50,
        "performance": 21,
        "bonus": 0,
        "weight": 25,
        "contribution": 17.75,
        "missing": [],
        "unknown": [],
        "items": {"ACI_CCTPE_2": 5, "ACI_HIE_1": 5, "ACI_HIE_2": 1, "ACI_PEA_1": 10},
    }
    assert "17.75" in wellpost("measure", folder, *asked, *more).out


def test_csv_has_the_results_under_their_names(stage_3: Run):
    rows = list(csv.DictReader(io.StringIO(stage_3("--format", "csv").out)))
    assert list(rows[0]) == KEYS
    assert rows[0]["tin"] == ""
    assert {row["measure"] for row in rows} == {
        "patient-generated-data",
        "secure-messaging",
        "view-download-transmit",
    }


def test_a_table_shows_results_objective_policies_and_law(stage_3: Run):
    out = stage_3("--format", "table").out
    assert "stage-3 2021, 2021-06-01..2021-08-31 (92 days)" in out
    assert "10.00 %" in out
    assert "objective: coordination-of-care-through-patient-engagement" in out
    assert "staff_messages=on_behalf_of_clinician" in out
    assert "42 CFR 495.24(d)(6)(i)(B)(2)" in out
    assert "\x1b" not in out


def test_out_writes_the_whole_file_for_its_owner_alone(stage_3: Run, tmp_path: Path):
    out = tmp_path / "result.json"
    out.write_text("what was there before")
    ran = stage_3("--out", out)
    assert (ran.status, ran.out) == (0, "")
    assert json.loads(out.read_text())["program"] == "stage-3"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".result*")) == []


def test_out_may_be_a_device_and_leaves_it_one(stage_3: Run):
    assert stage_3("--out", "/dev/null").status == 0
    assert Path("/dev/null").is_char_device()


def test_refused_facts_leave_the_old_file_as_it_was(stage_3: Run, folder: Folder, tmp_path: Path):
    out = tmp_path / "result.json"
    out.write_text("what was there before")
    folder.encounters("patient_id | seen_on\np1 | 2021-02-30")
    assert stage_3("--out", out).status == 1
    assert out.read_text() == "what was there before"


def test_it_runs_as_a_program_and_survives_a_closed_pipe(folder: Folder):
    command = [sys.executable, "-m", "wellpost.cli.main", "measure", str(folder), *ASKED]
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        ran = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
