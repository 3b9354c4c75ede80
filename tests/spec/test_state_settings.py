"""A state may have set an earlier last day for the period of 2021 (495.4)."""

from __future__ import annotations

import pytest

from tests.spec.judging import of
from wellpost.errors import RequestError
from wellpost.rules.load import program, program_year


@pytest.mark.parametrize(
    ("state", "last", "too_late"),
    [
        (None, "2021-10-30", "2021-10-31"),
        ("TN", "2021-09-29", "2021-09-30"),
        ("IL", "2021-08-30", "2021-08-31"),
    ],
)
def test_the_last_permitted_day_of_2021(state: str | None, last: str, too_late: str):
    assert of("stage-3", 2021, state=state, period=f"2021-05-01..{last}")
    with pytest.raises(RequestError, match=f"the last permitted day is {last}"):
        of("stage-3", 2021, state=state, period=f"2021-05-01..{too_late}")


def test_in_other_years_the_state_has_what_all_have():
    assert of("stage-3", 2020, state="TN", period="2020-10-03..2020-12-31")


def test_a_state_that_settled_nothing_is_refused_with_those_that_did():
    with pytest.raises(RequestError, match=r"no state with settings of its own .* IL and TN"):
        of("stage-3", 2021, state="TX")
    with pytest.raises(RequestError, match="there is none"):
        of("mips-pi", 2021, state="TN")


def test_only_what_the_state_settled_differs():
    ours, theirs = program_year("stage-3", 2021), program_year("stage-3", 2021, "TN")
    assert ours.measures == theirs.measures
    assert ours.period.cite != theirs.period.cite
    assert program("stage-3").states == ("IL", "TN")


def test_the_report_says_which_state():
    assert of("stage-3", 2021, state="TN").request.as_json()["state"] == "TN"
    assert "state" not in of("stage-3", 2021).request.as_json()
