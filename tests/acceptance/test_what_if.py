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
        "patients": [{"patient_id": "p7", "last_seen_on": "2021-08-31"}],
    }


def test_data_from_patients_must_be_taken_in_within_the_period(needs: Run):
    result = needs().result("patient-generated-data")
    assert (result["by"], result["needed"], len(result["patients"])) == ("2021-08-31", 6, 6)
    assert [each["patient_id"] for each in result["patients"][:2]] == ["p7", "p41"]


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
