"""The example of Maine's clarification of 2021, run as a user runs it.

June to August 2021, 100 unique patients seen, 5 of them written to: not met. A sixth, written to
on any day of 2021, makes it met.
"""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Run
from tests.acceptance.folder import Folder, npi

SEEN = "\n".join(f"p{n} | 2021-{6 + n % 3:02}-{1 + n % 28:02}" for n in range(100))
FIVE = [
    "p0 | 2021-06-15",
    "p1 | 2021-01-02",
    "p2 | 2021-08-31",
    "p3 | 2021-12-30",
    "p4 | 2021-02-28",
]


@pytest.fixture
def practice(folder: Folder) -> Folder:
    folder.encounters(f"patient_id | seen_on\n{SEEN}\np7 | 2021-07-30")
    return folder


def write_to(practice: Folder, *messages: str) -> None:
    practice.messages("\n".join(["patient_id | sent_on", *messages]))


def test_5_of_100_is_not_met_and_needs_one_more(practice: Folder, stage_3: Run):
    write_to(practice, *FIVE)
    result = stage_3("--measure", "secure-messaging").result("secure-messaging")
    assert result == {
        "measure": "secure-messaging",
        "level": "clinician",
        "npi": npi("A"),
        "tin": None,
        "denominator": 100,
        "numerator": 5,
        "rate": 0.05,
        "threshold": "> 5 %",
        "verdict": "not_met",
        "needed": 1,
    }


@pytest.mark.parametrize("day", ["2021-01-01", "2021-07-04", "2021-10-31", "2021-12-31"])
def test_a_sixth_on_any_day_of_the_year_makes_it_met(practice: Folder, stage_3: Run, day: str):
    write_to(practice, *FIVE, f"p5 | {day}")
    result = stage_3().result("secure-messaging")
    assert (result["numerator"], result["verdict"], result["needed"]) == (6, "met", 0)


@pytest.mark.parametrize("day", ["2020-12-31", "2022-01-01"])
def test_a_sixth_in_another_year_changes_nothing(practice: Folder, stage_3: Run, day: str):
    write_to(practice, *FIVE, f"p5 | {day}")
    result = stage_3().result("secure-messaging")
    assert (result["numerator"], result["verdict"], result["needed"]) == (5, "not_met", 1)


def test_writing_again_to_one_of_the_five_changes_nothing(practice: Folder, stage_3: Run):
    write_to(practice, *FIVE, "p4 | 2021-12-31")
    assert stage_3().result("secure-messaging")["numerator"] == 5


def test_writing_to_somebody_who_was_not_seen_changes_nothing(practice: Folder, stage_3: Run):
    write_to(practice, *FIVE, "somebody | 2021-07-01")
    result = stage_3().result("secure-messaging")
    assert (result["denominator"], result["numerator"]) == (100, 5)


def test_the_worklist_names_the_95_and_the_sixth_leaves_it(practice: Folder, wellpost: Run):
    asked = ("--program", "stage-3", "--year", 2021, "--period", "2021-06-01..2021-08-31")
    more = ("--measure", "secure-messaging", "--npi", npi("A"), "--format", "json")

    def waiting() -> list[str]:
        answer = wellpost("worklist", practice, *asked, *more).json
        return [row["patient_id"] for row in answer["results"]]

    write_to(practice, *FIVE)
    before = waiting()
    assert len(before) == 95
    assert before == sorted(before)
    write_to(practice, *FIVE, "p5 | 2021-12-31")
    assert set(before) - set(waiting()) == {"p5"}
