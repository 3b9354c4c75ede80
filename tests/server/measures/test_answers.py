"""What was answered and changed by hand, on the pages of measures: the same as in the reports."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.server.quality import world
from wellpost.reports.attested import Attested
from wellpost.reports.claims import Claim
from wellpost.server.clock import time as clock
from wellpost.server.quality import overriding
from wellpost.server.quality.answering import answer
from wellpost.server.quality.best import every_period
from wellpost.server.quality.periods import Asked
from wellpost.server.quality.queries import practice_scorecard, reporter_scorecard
from wellpost.server.quality.reporting import asking
from wellpost.server.quality.reporting import reporter_scorecard as reported
from wellpost.terms import Measure, Period

pytestmark = pytest.mark.postgresql

SUMMER = Asked("stage-3", 2021, Period(world.day("2021-06-01"), world.day("2021-08-31")))
IN_2015 = Asked("modified-stage-2", 2015, Period(world.day("2015-06-01"), world.day("2015-08-31")))
NO_VISITS = [Claim.parse("secure-messaging=no_office_visits")]
MESSAGES = Measure.SECURE_MESSAGING


@pytest.fixture(autouse=True)
def january():
    with clock.held_at(datetime(2022, 1, 10, 14, tzinfo=UTC)):
        yield


@pytest.fixture
def summer(dr_chen, dr_diaz, alice, carol):
    """Dr Chen had no office visit, Dr Diaz one."""
    world.seen(alice, dr_chen, "2021-06-03", kind="other")
    world.seen(carol, dr_diaz, "2021-06-03")


def told(card) -> dict[tuple[str | None, str], tuple[object, str]]:
    """Count and verdict of each reporter's measures."""
    return {
        (each.reporter.npi, each.rule.measure): (each.count.numerator, each.judgement.verdict.value)
        for each in card.results
    }


def everywhere(by, practice, asked, *npis) -> dict[tuple[str | None, str], tuple[object, str]]:
    """The same from the practice's page, each reporter's page and each report: asserted alike."""
    whole = told(practice_scorecard(by, practice, asked))
    for npi in npis:
        own = told(reporter_scorecard(by, practice, npi, asked))
        assert own == told(reported(asking(by, practice, npi, asked)))
        assert own == {key: value for key, value in whole.items() if key[0] == npi}
    return whole


def test_an_exclusion_answered_for_the_practice_holds_for_whom_the_visits_support(
    rita_reporter, practice, dr_chen, dr_diaz, summer
):
    npis = (dr_chen.npi, dr_diaz.npi, None)
    assert everywhere(rita_reporter, practice, SUMMER, *npis)[dr_chen.npi, MESSAGES][1] == "not_met"
    answer(by=rita_reporter, practice=practice, npi=None, asked=SUMMER, claims=NO_VISITS)
    found = everywhere(rita_reporter, practice, SUMMER, *npis)
    assert found[dr_chen.npi, MESSAGES][1] == "excluded"
    assert found[dr_diaz.npi, MESSAGES][1] == "not_met"


def test_a_clinicians_own_answers_go_before_those_of_the_practice(
    rita_reporter, practice, dr_chen, dr_diaz, summer
):
    answer(by=rita_reporter, practice=practice, npi=None, asked=SUMMER, claims=NO_VISITS)
    answer(by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=SUMMER)
    found = everywhere(rita_reporter, practice, SUMMER, dr_chen.npi, dr_diaz.npi, None)
    assert found[dr_chen.npi, MESSAGES][1] == "not_met"


def test_a_number_changed_by_hand_stands_on_every_page(
    as_user, rita_reporter, practice, dr_chen, dr_diaz, summer
):
    overriding.override(
        by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=SUMMER,
        measure="secure-messaging", numerator=1, denominator=1, reason="one letter by courier",
    )  # fmt: skip
    found = everywhere(rita_reporter, practice, SUMMER, dr_chen.npi, dr_diaz.npi, None)
    assert found[dr_chen.npi, MESSAGES] == (1, "met")
    browser = as_user(rita_reporter)
    asked = {"program": "stage-3:2021", "start": "2021-06-01", "end": "2021-08-31"}
    for page in ("", f"{dr_chen.npi}/"):
        shown = browser.get(f"/clinic/measures/{page}", asked).content.decode()
        assert "changed by hand; counted: 0 of 1" in shown


def test_a_capability_is_met_when_the_practice_says_yes(
    rita_reporter, practice, dr_chen, dr_diaz, alice
):
    world.seen(alice, dr_chen, "2015-06-03")
    dr_chen.memberships.update(starts_on=world.day("2014-01-01"))
    yes = [Attested.parse("secure-messaging=yes")]
    answer(by=rita_reporter, practice=practice, npi=None, asked=IN_2015, attested=yes)
    found = everywhere(rita_reporter, practice, IN_2015, dr_chen.npi, None)
    assert found[dr_chen.npi, MESSAGES][1] == "met"
    curve = every_period(rita_reporter, practice, dr_chen.npi, MESSAGES, IN_2015, 92)
    assert {each.verdict.value for each in curve.by_day if each.count.denominator} == {"met"}


def test_the_curve_holds_an_exclusion_claimed_against_every_period(
    rita_reporter, practice, dr_chen, carol, summer
):
    world.seen(carol, dr_chen, "2021-09-20")
    answer(by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=SUMMER, claims=NO_VISITS)
    curve = every_period(rita_reporter, practice, dr_chen.npi, MESSAGES, SUMMER, 92)
    excluded = [each.period for each in curve.by_day if each.verdict == "excluded"]
    assert SUMMER.period in excluded
    assert all(each.end < world.day("2021-09-20") for each in excluded)
    assert {
        each.verdict for each in curve.by_day if each.period.end >= world.day("2021-09-20")
    } == {"not_met"}
    assert curve.shown.result.judgement.verdict == "excluded"


def test_the_curve_has_a_number_changed_by_hand_in_its_period(
    rita_reporter, practice, dr_chen, summer
):
    overriding.override(
        by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=SUMMER,
        measure="secure-messaging", numerator=1, denominator=1, reason="one letter by courier",
    )  # fmt: skip
    curve = every_period(rita_reporter, practice, dr_chen.npi, MESSAGES, SUMMER, 92)
    assert [each.period for each in curve.by_day if each.verdict == "met"] == [SUMMER.period]


def test_the_curve_ends_where_the_state_says(rita_reporter, practice, dr_chen, summer):
    ends = {
        state: every_period(rita_reporter, practice, None, MESSAGES, SUMMER, 90).by_day[-1]
        for state in (None, "TN")
        if state is None
        or answer(by=rita_reporter, practice=practice, npi=None, asked=SUMMER, state=state)
    }
    assert ends[None].period.end == world.day("2021-10-30")
    assert ends["TN"].period.end < ends[None].period.end
