"""Every possible period, as a user asks for them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.acceptance.conftest import Ran, Run
from tests.acceptance.folder import Folder, npi

MESSAGING = ("--measure", "secure-messaging")


@pytest.fixture
def periods(wellpost: Run, folder: Folder) -> Run:
    """`wellpost periods` for stage-3 2021 and 90 days, as JSON."""

    def run(*more: object, days: object = 90, year: int = 2021, program: str = "stage-3") -> Ran:
        asked = ("--program", program, "--year", year, "--days", days, "--format", "json")
        return wellpost("periods", folder, *asked, *more)

    return run


@pytest.fixture
def practice(folder: Folder) -> Folder:
    """A busy spring in which few were written to, a quiet summer in which many were."""
    spring = [f"s{n} | 2021-03-{n + 1:02}" for n in range(20)]
    summer = [f"u{n} | 2021-07-{n + 1:02}" for n in range(10)]
    folder.encounters("\n".join(["patient_id | seen_on", *spring, *summer]))
    folder.messages(
        "\n".join(["patient_id | sent_on", "s0 | 2021-12-31", "u0 | 2021-01-01", "u1 | 2021-07-02"])
    )
    return folder


def test_the_best_period_and_its_numbers(practice: Folder, periods: Run):
    found = periods(*MESSAGING)
    assert found.status == 0
    assert list(found.json) == ["program", "year", "days", "policies", "results"]
    assert found.json["results"] == [
        {
            "measure": "secure-messaging",
            "level": "clinician",
            "npi": npi("A"),
            "tin": None,
            "start": "2021-04-04",
            "end": "2021-07-02",
            "denominator": 2,
            "numerator": 2,
            "rate": 1.0,
            "verdict": "met",
        }
    ]


def test_all_periods_in_order_each_as_measure_counts_it(
    practice: Folder, periods: Run, stage_3: Run
):
    results = periods(*MESSAGING, "--top", "all").json["results"]
    assert len(results) == 214  # the last ends on 2021-10-30
    assert {each["end"] for each in results} >= {"2021-03-31", "2021-10-30"}
    assert results == sorted(results, key=best_first)
    for each in results[::20]:
        alone = stage_3(*MESSAGING, period=f"{each['start']}..{each['end']}")
        one = alone.result("secure-messaging")
        for name in ("denominator", "numerator", "rate", "verdict"):
            assert each[name] == one[name], each


def best_first(each: dict[str, Any]) -> tuple[bool, Fraction, int, str]:
    """The order of the documentation, in fractions."""
    seen = each["denominator"]
    rate = Fraction(each["numerator"], seen) if seen else Fraction(-1)
    return each["verdict"] != "met", -rate, -seen, each["start"]


def test_periods_in_which_nobody_was_seen_come_last(practice: Folder, periods: Run):
    last = periods(*MESSAGING, "--top", "all").json["results"][-1]
    assert (last["denominator"], last["rate"], last["verdict"]) == (0, None, "not_computable")


def test_so_many_as_asked_for(practice: Folder, periods: Run):
    whole = periods(*MESSAGING, "--top", "all").json["results"]
    assert periods(*MESSAGING, "--top", 3).json["results"] == whole[:3]


@pytest.mark.parametrize(("year", "number"), [(2019, 276), (2020, 277)])
def test_how_many_there_are_in_a_common_and_in_a_leap_year(
    folder: Folder, periods: Run, year: int, number: int
):
    folder.encounters("patient_id")
    found = periods(*MESSAGING, "--top", "all", year=year)
    assert len(found.json["results"]) == number


def test_everybody_of_the_roster_has_a_row(folder: Folder, periods: Run):
    folder.clinicians("npi\nA\nB")
    folder.encounters("patient_id")
    found = periods().json["results"]
    assert len(found) == 2 * 3
    assert {each["verdict"] for each in found} == {"not_computable"}


def test_the_window_that_moves_with_the_period(folder: Folder, periods: Run):
    folder.encounters("patient_id | seen_on\nann | 2021-02-01\nann | 2021-07-20")
    folder.write(
        "patient_data",
        "patient_id | received_on | incorporated_on\nann | 2021-05-15 | 2021-05-16",
    )
    found = periods("--measure", "patient-generated-data", "--top", "all").json["results"]
    met = sorted(each["start"] for each in found if each["verdict"] == "met")
    assert (met[0], met[-1]) == ("2021-04-22", "2021-05-16")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"days": 89}, "asks for at least 90 continuous days"),
        ({"days": 304}, "the last permitted day is 2021-10-30"),
        ({"days": 366}, "366 days cannot be a period of 2021; stage-3 2021 asks for 90 to 365."),
        ({"days": 0}, "days '0' cannot be read; write a number of days, such as 90."),
        ({"days": "ninety"}, "days 'ninety' cannot be read"),
    ],
)
def test_a_length_that_no_period_has(periods: Run, words: dict[str, object], says: str):
    found = periods(**words)
    assert (found.status, found.out) == (2, "")
    assert says in found.err


@pytest.mark.parametrize("top", ["0", "-1", "best", "1.5"])
def test_a_top_that_cannot_be_read(periods: Run, top: str):
    found = periods("--top", top)
    assert found.status == 2
    assert "write a number, such as 3, or all" in found.err


def test_a_table_says_how_many_periods_there_were(practice: Folder, wellpost: Run):
    asked = ("--program", "stage-3", "--year", 2021, "--days", 90)
    out = wellpost("periods", practice, *asked, *MESSAGING).out
    assert "stage-3 2021: 214 periods of 90 days" in out
    assert "100.00 %" in out


def test_an_exclusion_stands_in_the_periods_whose_evidence_supports_it(
    folder: Folder, periods: Run, stage_3: Run
):
    folder.encounters(
        """
        patient_id | seen_on | kind
        ann | 2021-03-01 | office_visit
        bob | 2021-07-01 | other
        """
    )
    claimed = ("--exclude", "secure-messaging=no_office_visits")
    results = periods(*MESSAGING, *claimed, "--top", "all").json["results"]
    excluded = {each["start"] for each in results if each["verdict"] == "excluded"}
    assert (min(excluded), max(excluded), len(excluded)) == ("2021-03-02", "2021-08-02", 154)
    assert [each["verdict"] for each in results[:154]] == ["excluded"] * 154
    alone = stage_3(*MESSAGING, *claimed, period="2021-03-02..2021-05-30")
    assert alone.result("secure-messaging")["verdict"] == "excluded"


def test_the_county_data_of_the_first_day_decide(folder: Folder, periods: Run):
    folder.encounters("patient_id | seen_on | county\nann | 2021-06-15 | 23001")
    folder.write(
        "counties",
        """
        county | as_of | percent_4mbps
        23001 | 2020-06-30 | 80
        23001 | 2021-04-10 | 40
        """,
    )
    claimed = ("--exclude", "secure-messaging=county_without_broadband")
    results = periods(*MESSAGING, *claimed, "--top", "all").json["results"]
    excluded = sorted(each["start"] for each in results if each["verdict"] == "excluded")
    assert (excluded[0], excluded[-1]) == ("2021-04-10", "2021-06-15")


def test_an_exclusion_that_stands_in_no_period_is_refused(practice: Folder, periods: Run):
    found = periods(*MESSAGING, "--exclude", "secure-messaging=county_without_broadband")
    assert (found.status, found.out) == (2, "")
    assert "no reporter asked for has the evidence for it" in found.err


def test_only_periods_that_had_ended_can_be_attested(practice: Folder, periods: Run):
    found = periods(*MESSAGING, "--attested-on", "2021-07-02", "--top", "all")
    assert found.json["attested_on"] == "2021-07-02"
    ends = sorted(each["end"] for each in found.json["results"])
    assert (ends[0], ends[-1]) == ("2021-03-31", "2021-07-01")
    reached = {each["numerator"] for each in found.json["results"] if each["end"] == "2021-07-01"}
    assert reached == {1}  # u0; u1 and s0 were written to after the attestation
    too_early = periods(*MESSAGING, "--attested-on", "2021-03-31")
    assert too_early.status == 2
    assert "had not ended then" in too_early.err


def test_a_capability_is_answered_once_for_every_period(folder: Folder, periods: Run):
    folder.encounters("patient_id | seen_on\nann | 2015-06-01")
    asked = {"program": "modified-stage-2", "year": 2015}
    for answer, verdict in (("yes", "met"), ("no", "not_met")):
        found = periods(*MESSAGING, "--attest", f"secure-messaging={answer}", **asked)
        assert [each["verdict"] for each in found.json["results"]] == [verdict]


def test_the_last_day_that_a_state_set_holds_for_every_period(practice: Folder, periods: Run):
    ends = [
        max(each["end"] for each in periods(*MESSAGING, "--top", "all", *state).json["results"])
        for state in ((), ("--state", "TN"))
    ]
    assert ends[1] < ends[0] == "2021-10-30"
