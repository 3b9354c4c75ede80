"""Facts that are strange and right: the numbers are as the rules have them."""

from __future__ import annotations

import duckdb

from tests.acceptance.conftest import Run
from tests.acceptance.folder import Folder, npi, tin


def test_a_patient_with_a_hundred_thousand_encounters_is_one(stage_3: Run, folder: Folder):
    rows = f"""
        SELECT 'e' || i AS encounter_id, 'p1' AS patient_id, '{npi("A")}' AS npi,
            '{tin("T")}' AS tin, DATE '2021-06-01' + CAST(i % 90 AS INTEGER) AS seen_on,
            'other' AS kind
        FROM RANGE(100000) AS made(i)
    """
    duckdb.sql(rows).write_parquet(str(folder.path / "encounters.parquet"))
    folder.messages("patient_id | sent_on\np1 | 2021-12-11")
    result = stage_3().result("secure-messaging")
    assert (result["denominator"], result["numerator"]) == (1, 1)


def test_the_first_and_the_last_day_of_the_calendar(stage_3: Run, folder: Folder):
    folder.encounters(
        "patient_id | seen_on\np1 | 0001-01-01\np2 | 9999-12-31\np3 | 2021-06-01\np4 | 2021-08-31"
    )
    folder.messages("patient_id | sent_on\np3 | 0001-01-01\np4 | 9999-12-31\np4 | 2021-01-01")
    result = stage_3().result("secure-messaging")
    assert (result["denominator"], result["numerator"]) == (2, 1)


def test_an_npi_in_two_practices(stage_3: Run, folder: Folder):
    """One clinician over both; each practice has its own patients, and the act counts in both."""
    folder.clinicians("npi | tin\nA | S\nA | T")
    folder.encounters("patient_id | tin\np1 | S\np1 | T\np2 | T")
    folder.messages("patient_id | tin | sent_on\np1 | S | 2021-07-01")
    ran = stage_3("--level", "clinician", "--level", "group", "--level", "practice-clinician")
    found = {
        (each["level"], each["tin"]): (each["numerator"], each["denominator"])
        for each in ran.json["results"]
        if each["measure"] == "secure-messaging"
    }
    assert found == {
        ("clinician", None): (1, 2),
        ("group", tin("S")): (1, 1),
        ("group", tin("T")): (1, 2),
        ("practice-clinician", tin("S")): (1, 1),
        ("practice-clinician", tin("T")): (1, 2),
    }


def test_one_encounter_of_two_patients_is_refused(stage_3: Run, folder: Folder):
    folder.encounters("encounter_id | patient_id\ne1 | p1\ne1 | p2\ne2 | p1")
    ran = stage_3()
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == (
        "encounters.csv:3: 1 encounter_id stands there more than once with different content; "
        "2 of 3 rows have such a key. One encounter_id must be one row.\n"
    )
