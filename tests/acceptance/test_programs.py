"""`wellpost measure` for programs of other years: what they need, what they say."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Run
from tests.acceptance.folder import Folder, npi

STAGE_2 = ("--program", "stage-2", "--year", 2014, "--period", "2014-06-01..2014-08-31")
CLAIM = ("--exclude", "secure-messaging=county_without_broadband")
SEEN = "patient_id | seen_on | county\np1 | 2014-06-03 | 23003"


def verdict(ran, measure: str) -> str:
    return next(each["verdict"] for each in ran.json["results"] if each["measure"] == measure)


def test_stage_2_needs_the_column_of_3_mbps_and_no_other(wellpost: Run, folder: Folder):
    folder.encounters(SEEN)
    (folder.path / "counties.csv").write_text("county,as_of,percent_3mbps\n23003,2014-01-01,40\n")
    ran = wellpost("measure", folder, *STAGE_2, *CLAIM, "--format", "json")
    assert verdict(ran, "secure-messaging") == "excluded"


def test_without_that_column_the_claim_cannot_be_looked_into(wellpost: Run, folder: Folder):
    folder.encounters(SEEN)
    (folder.path / "counties.csv").write_text("county,as_of,percent_4mbps\n23003,2014-01-01,40\n")
    ran = wellpost("measure", folder, *STAGE_2, *CLAIM)
    assert (ran.status, ran.out) == (1, "")
    assert "counties.csv: column percent_3mbps is missing" in ran.err


def test_patient_access_is_counted_from_a_file(wellpost: Run, folder: Folder):
    folder.encounters("patient_id | seen_on\np1 | 2024-06-03\np2 | 2024-06-03")
    grants = "encounter_id,available_on,vdt_on,api_on\ne1,2024-06-03,2024-06-07,2024-06-07\n"
    (folder.path / "access_grants.csv").write_text(grants)
    asked = ("--program", "mips-pi", "--year", 2024, "--period", "2024-01-01..2024-06-30")
    ran = wellpost("measure", folder, *asked, "--npi", npi("A"), "--format", "json")
    (result,) = ran.json["results"]
    assert (result["numerator"], result["denominator"], result["verdict"]) == (1, 2, "met")
    assert ran.json["points"][0]["points"] == 13


def test_a_bad_day_of_access_is_refused_with_its_line(wellpost: Run, folder: Folder):
    folder.encounters("patient_id | seen_on\np1 | 2024-06-03")
    grants = "encounter_id,available_on,vdt_on,api_on\ne1,2024-06-31,2024-06-07,\n"
    (folder.path / "access_grants.csv").write_text(grants)
    asked = ("--program", "mips-pi", "--year", 2024, "--period", "2024-01-01..2024-06-30")
    ran = wellpost("measure", folder, *asked)
    assert (ran.status, ran.out) == (1, "")
    assert "access_grants.csv:2" in ran.err


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (("--attest", "secure-messaging=maybe"), "cannot be read"),
        (("--attest", "PI_EP_1=1/2"), "no measure to attest in modified-stage-2 2015"),
        (("--state", "TN"), "no state with settings of its own in modified-stage-2"),
    ],
)
def test_what_the_program_does_not_take_is_refused(
    wellpost: Run, folder: Folder, option: tuple[str, str], sentence: str
):
    folder.encounters("patient_id | seen_on\np1 | 2015-06-03")
    asked = ("--program", "modified-stage-2", "--year", 2015, "--period", "2015-06-01..2015-08-31")
    ran = wellpost("measure", folder, *asked, *option)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_capability_attested_is_met_and_shown(wellpost: Run, folder: Folder):
    folder.encounters("patient_id | seen_on\np1 | 2015-06-03")
    asked = ("--program", "modified-stage-2", "--year", 2015, "--period", "2015-06-01..2015-08-31")
    ran = wellpost(
        "measure", folder, *asked, "--attest", "secure-messaging=yes", "--format", "json"
    )
    assert verdict(ran, "secure-messaging") == "met"
    assert ran.json["attested"] == {"secure-messaging": "yes"}
