"""What would have to happen: how many more, whom first, by when."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Ran, Run
from tests.acceptance.folder import Folder, npi
from tests.acceptance.test_the_maine_example import FIVE, SEEN


@pytest.fixture
def practice(folder: Folder) -> Folder:
    """Maine's example: 100 patients seen from June to August, 5 written to."""
    folder.encounters(f"patient_id | seen_on\n{SEEN}\np41 | 2021-08-30\np7 | 2021-08-31")
    folder.messages("\n".join(["patient_id | sent_on", *FIVE]))
    return folder


@pytest.fixture
def needs(wellpost: Run, practice: Folder) -> Run:
    """`wellpost what-if` for stage-3 2021, as JSON."""

    def run(
        *more: object, when: tuple[str, object] = ("--period", "2021-06-01..2021-08-31")
    ) -> Ran:
        asked = ("--program", "stage-3", "--year", 2021, *when, "--format", "json")
        return wellpost("what-if", practice, *asked, *more)

    return run


def test_one_more_on_any_day_of_the_year_the_patient_seen_last_first(needs: Run):
    result = needs().result("secure-messaging")
    assert result == {
        "measure": "secure-messaging",
        "level": "clinician",
        "npi": npi("A"),
        "tin": None,
        "start": "2021-06-01",
        "end": "2021-08-31",
        "denominator": 100,
        "numerator": 5,
        "rate": 0.05,
        "threshold": "> 5 %",
        "verdict": "not_met",
        "needed": 1,
        "by": "2021-12-31",
        "patients": [
            {
                "patient_id": "p7",
                "last_seen_on": "2021-08-31",
                "can_open": None,
                "next_visit_on": None,
            }
        ],
    }


def test_data_from_patients_must_be_taken_in_within_the_period(needs: Run):
    result = needs().result("patient-generated-data")
    assert (result["by"], result["needed"], len(result["patients"])) == ("2021-08-31", 6, 6)
    assert {each["can_open"] for each in result["patients"][:5]} == {True}  # those written to
    assert result["patients"][5]["patient_id"] == "p7"


def test_who_can_open_a_message_goes_first_then_the_next_visit(wellpost: Run, folder: Folder):
    seen = [f"p{n} | 2021-06-{n % 28 + 1:02}" for n in range(1, 41)]
    folder.encounters("\n".join(["patient_id | seen_on", *seen]))
    folder.messages("patient_id | sent_on | available_on\np6 | 2021-06-10 | 9999-12-31")
    folder.write("portal_actions", "patient_id | tin | acted_on\np30 | T | 2020-06-30")
    folder.write(
        "appointments",
        """
        patient_id | npi | tin | planned_on | kind
        p5 | A | | 2021-10-05 | office_visit
        p5 | A | | 2021-09-30 | telehealth
        p3 | | | 2021-09-29 | office_visit
        p4 | | | 2021-09-27 | office_visit
        p7 | B | | 2021-09-29 | office_visit
        p6 | A | T | 2021-09-28 | office_visit
        """,
    )
    folder.clinicians("npi\nA\nB")
    asked = ("--program", "stage-3", "--year", 2021, "--period", "2021-06-01..2021-08-31")
    who = ("--measure", "secure-messaging", "--npi", npi("A"), "--as-of", "2021-09-28")
    result = wellpost("what-if", folder, *asked, *who, "--format", "json").result(
        "secure-messaging"
    )
    assert [tuple(each.values()) for each in result["patients"]] == [
        ("p30", "2021-06-03", True, None),
        ("p3", "2021-06-04", None, "2021-09-29"),
        ("p5", "2021-06-06", None, "2021-09-30"),
    ]


def test_an_exclusion_that_stands_needs_nobody(needs: Run):
    result = needs("--exclude", "secure-messaging=no_office_visits")
    assert (result.status, result.out) == (2, "")
    assert "no reporter asked for has the evidence" in result.err


def test_what_is_attested_is_not_needed_after_that_day(needs: Run):
    result = needs("--attested-on", "2021-09-15").result("secure-messaging")
    assert (result["by"], result["numerator"], result["needed"]) == ("2021-09-15", 4, 2)


def test_writing_to_those_named_meets_it(needs: Run, practice: Folder):
    (named,) = needs().result("secure-messaging")["patients"]
    sixth = f"{named['patient_id']} | 2021-12-31"
    practice.messages("\n".join(["patient_id | sent_on", *FIVE, sixth]))
    result = needs().result("secure-messaging")
    assert (result["verdict"], result["needed"], result["patients"]) == ("met", 0, [])


def test_the_best_period_needs_less(needs: Run):
    found = needs("--measure", "secure-messaging", when=("--days", 90))
    result = found.result("secure-messaging")
    assert list(found.json)[:3] == ["program", "year", "days"]
    assert (result["verdict"], result["needed"], result["patients"]) == ("met", 0, [])


def test_access_that_was_late_is_never_repaired(wellpost: Run, folder: Folder):
    folder.encounters("patient_id | seen_on\nann | 2021-07-01")
    asked = ("--program", "mips-pi", "--year", 2021, "--period", "2021-06-01..2021-08-31")
    only = ("--level", "practice-clinician", "--format", "json")
    result = wellpost("what-if", folder, *asked, *only).result("patient-access")
    assert (result["numerator"], result["by"], result["patients"]) == (0, None, [])


def test_a_period_or_a_length_and_not_both(needs: Run):
    found = needs("--days", 90)
    assert found.status == 2
    assert "not allowed with argument --period" in found.err


def test_the_table_names_whom_to_reach_first(wellpost: Run, practice: Folder):
    asked = ("--program", "stage-3", "--year", 2021, "--period", "2021-06-01..2021-08-31")
    out = wellpost("what-if", practice, *asked, "--measure", "secure-messaging").out
    assert f"secure-messaging, {npi('A')}: reach these by 2021-12-31" in out
    assert "p7" in out
