"""Modified Stage 2, 2015 to 2018: each year its own threshold."""

from __future__ import annotations

import pytest

from tests.spec.judging import Program, judged, of, patients, viewed, written_to
from tests.worlds.world import World
from wellpost.errors import RequestError

VDT_ATTESTED = "view-download-transmit=neither_orders_nor_creates"


def modified(year: int, **asked: object) -> Program:
    return of("modified-stage-2", year, **asked)


@pytest.mark.parametrize(
    ("attest", "verdict"),
    [
        (["secure-messaging=yes"], "met"),
        (["secure-messaging=no"], "not_met"),
        ([], "not_applicable"),
    ],
)
def test_2015_asks_whether_the_capability_was_enabled(world: World, attest, verdict):
    world.encounters(patients(2, seen_on="2015-06-03"))
    world.messages(written_to(2, sent_on="2015-06-10"))
    card = judged(world, modified(2015, attest=attest))
    assert card.of("secure_messaging") == (2, 2, verdict, None)


def test_2015_is_answered_yes_or_no_and_by_nobody_twice():
    with pytest.raises(RequestError, match="it must be yes or no"):
        modified(2015, attest=["secure-messaging=1/2"])
    with pytest.raises(RequestError, match="attested twice"):
        modified(2015, attest=["secure-messaging=yes", "secure-messaging=no"])


@pytest.mark.parametrize("year", [2016, 2017, 2018])
def test_from_2016_it_is_counted_and_not_attested(year: int):
    with pytest.raises(RequestError, match="there is no measure to attest"):
        modified(year, attest=["secure-messaging=yes"])


@pytest.mark.parametrize(("reached", "verdict"), [(0, "not_met"), (1, "met")])
def test_2016_asks_at_least_one_patient_of_both(world: World, reached: int, verdict: str):
    world.encounters(patients(200, seen_on="2016-06-03"))
    world.messages(written_to(reached, sent_on="2016-06-10"))
    world.portal_actions(viewed(reached, on="2016-06-10"))
    card = judged(world, modified(2016))
    assert card.of("secure_messaging")[:3] == (reached, 200, verdict)
    assert card.of("view_download_transmit")[:3] == (reached, 200, verdict)


@pytest.mark.parametrize(("reached", "verdict"), [(0, "not_met"), (1, "met")])
def test_2015_asks_one_patient_of_vdt(world: World, reached: int, verdict: str):
    world.encounters(patients(200, seen_on="2015-06-03"))
    world.portal_actions(viewed(reached, on="2015-06-10"))
    assert judged(world, modified(2015)).of("view_download_transmit")[2] == verdict


@pytest.mark.parametrize("year", [2017, 2018])
@pytest.mark.parametrize(
    ("reached", "seen", "verdict"), [(5, 100, "not_met"), (6, 100, "met"), (1, 20, "not_met")]
)
def test_2017_and_2018_ask_more_than_5_percent(world: World, year, reached, seen, verdict):
    world.encounters(patients(seen, seen_on=f"{year}-06-03"))
    world.messages(written_to(reached, sent_on=f"{year}-06-10"))
    world.portal_actions(viewed(reached, on=f"{year}-06-10"))
    card = judged(world, modified(year))
    assert card.of("secure_messaging")[2] == verdict
    assert card.of("view_download_transmit")[2] == verdict


@pytest.mark.parametrize("year", [2016, 2017, 2018])
@pytest.mark.parametrize(
    ("day", "counted"), [("{}-01-01", 1), ("{}-12-31", 1), ("{before}-12-31", 0)]
)
def test_the_window_is_the_calendar_year(world: World, year: int, day: str, counted: int):
    on = day.format(year, before=year - 1)
    world.encounters(patients(10, seen_on=f"{year}-06-03"))
    world.messages(written_to(1, sent_on=on))
    world.portal_actions(viewed(1, on=on))
    card = judged(world, modified(year))
    assert card.of("secure_messaging")[0] == counted
    assert card.of("view_download_transmit")[0] == counted


def test_the_policy_confines_it_to_the_period_as_the_rule_itself_says(world: World):
    world.encounters(patients(10, seen_on="2017-06-03"))
    world.messages(written_to(1, sent_on="2017-12-31"))
    confined = modified(2017, policies={"numerator_window": "period"})
    assert judged(world, confined).of("secure_messaging")[0] == 0


@pytest.mark.parametrize(("policy", "counted"), [({}, 0), ({"copied_patients": "count"}, 1)])
def test_a_copied_patient_does_not_count_unless_asked(world: World, policy, counted):
    world.encounters(patients(10, seen_on="2017-06-03"))
    world.messages("patient | npi | sent_on | sent_to\np1 | A | 2017-06-10 | clinician")
    assert judged(world, modified(2017, policies=policy)).of("secure_messaging")[0] == counted


def test_what_the_patient_sends_does_not_count_any_more(world: World):
    world.encounters(patients(10, seen_on="2016-06-03"))
    world.messages("patient | npi | sent_on | sent_by\np1 | A | 2016-06-10 | patient")
    assert judged(world, modified(2016)).of("secure_messaging")[0] == 0


def test_grounds_of_exclusion(world: World):
    world.encounters("patient | npi | seen_on | kind\np1 | A | 2016-06-03 | other")
    claims = ["secure-messaging=no_office_visits", VDT_ATTESTED]
    card = judged(world, modified(2016, exclude=claims))
    assert card.of("secure_messaging")[2] == "excluded"
    assert card.of("view_download_transmit")[2] == "excluded"
    for wrong in ("secure-messaging=neither_orders_nor_creates",):
        with pytest.raises(RequestError, match="no ground of exclusion from secure-messaging"):
            modified(2016, exclude=[wrong])


@pytest.mark.parametrize("measure", ["secure-messaging", "view-download-transmit"])
def test_a_county_without_broadband_excuses_from_both(world: World, measure: str):
    world.encounters("patient | npi | seen_on | county\np1 | A | 2016-06-03 | 23003")
    world.counties("county | as_of | percent_4mbps\n23003 | 2016-01-01 | 49.9")
    card = judged(world, modified(2016, exclude=[f"{measure}=county_without_broadband"]))
    assert card.of(measure.replace("-", "_"))[2] == "excluded"


@pytest.mark.parametrize("year", [2014, 2019])
def test_it_ran_from_2015_to_2018(year: int):
    with pytest.raises(RequestError, match="it ran from 2015 to 2018"):
        modified(year)


@pytest.mark.parametrize("period", ["2016-06-01..2016-08-28", "2015-12-01..2016-03-31"])
def test_a_period_is_at_least_90_days_in_the_year(period: str):
    with pytest.raises(RequestError, match=r"too short: 89 days|lies in 2015 and 2016"):
        modified(2016, period=period)
