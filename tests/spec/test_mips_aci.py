"""MIPS ACI 2017: one patient earns, the rate gives points (42 CFR 414.1380(b)(4))."""

from __future__ import annotations

import pytest

from tests.spec.judging import (
    incorporated,
    judged,
    mips_aci,
    mips_aci_messaging,
    patients,
    viewed,
    written_to,
)
from tests.worlds.world import World
from wellpost.errors import RequestError

SEEN = "2017-06-03"


def test_without_a_level_the_group_and_each_of_its_clinicians(world: World):
    world.encounters(patients(2, seen_on=SEEN) + f"\np2 | B | {SEEN}")
    world.messages(written_to(1, sent_on="2017-06-10"))
    card = judged(world, mips_aci_messaging())
    assert card.of("secure_messaging", "T") == (1, 2, "met", 0)
    assert card.of("secure_messaging", "T/A") == (1, 2, "met", 0)
    assert card.of("secure_messaging", "T/B") == (0, 1, "not_met", 1)


@pytest.mark.parametrize(("reached", "verdict", "needed"), [(0, "not_met", 1), (1, "met", 0)])
def test_one_patient_earns_whatever_the_denominator(world: World, reached, verdict, needed):
    world.encounters(patients(200, seen_on=SEEN))
    world.messages(written_to(reached, sent_on="2017-06-10"))
    card = judged(world, mips_aci_messaging())
    assert card.of("secure_messaging", "T/A") == (reached, 200, verdict, needed)
    assert card.points("T/A") == reached


@pytest.mark.parametrize(
    ("day", "counted"),
    [("2017-05-31", 0), ("2017-06-01", 1), ("2017-08-29", 1), ("2017-08-30", 0)],
)
def test_an_act_counts_in_the_period(world: World, day: str, counted: int):
    world.encounters(patients(10, seen_on=SEEN))
    world.messages(written_to(1, sent_on=day))
    world.portal_actions(viewed(1, on=day))
    world.patient_data(incorporated(1, on=day))
    card = judged(world, mips_aci())
    for measure in ("secure_messaging", "view_download_transmit", "patient_generated_data"):
        assert card.of(measure, "T/A")[0] == counted


@pytest.mark.parametrize(("day", "counted"), [("2017-01-01", 1), ("2018-01-01", 0)])
def test_the_policy_widens_the_window_to_the_year(world: World, day: str, counted: int):
    world.encounters(patients(10, seen_on=SEEN))
    world.messages(written_to(1, sent_on=day))
    year = mips_aci_messaging(policies={"numerator_window": "calendar_year"})
    assert judged(world, year).of("secure_messaging", "T/A")[0] == counted


@pytest.mark.parametrize(
    ("reached", "seen", "rounding", "points"),
    [
        (11, 100, "round_first", 2),
        (41, 400, "round_first", 1),
        (41, 400, "ceiling", 2),
    ],
)
def test_a_point_for_each_tenth_begun(world: World, reached, seen, rounding, points):
    world.encounters(patients(seen, seen_on=SEEN))
    world.messages(written_to(reached, sent_on="2017-06-10"))
    card = judged(world, mips_aci_messaging(policies={"decile_rounding": rounding}))
    assert card.points("T/A") == points


def test_a_copied_patient_counts_unless_the_policy_says_otherwise(world: World):
    world.encounters(patients(10, seen_on=SEEN))
    world.messages("patient | npi | sent_on | sent_to\np1 | A | 2017-06-10 | clinician")
    assert judged(world, mips_aci_messaging()).of("secure_messaging", "T/A")[0] == 1
    without = mips_aci_messaging(policies={"copied_patients": "do_not_count"})
    assert judged(world, without).of("secure_messaging", "T/A")[0] == 0


@pytest.mark.parametrize("period", ["2017-01-01..2017-12-31", "2017-10-03..2017-12-31"])
def test_a_period_is_90_days_up_to_the_year(period: str):
    assert str(mips_aci_messaging(period=period).period) == period


@pytest.mark.parametrize("period", ["2017-10-04..2017-12-31", "2017-12-01..2018-03-31"])
def test_one_day_less_or_into_the_next_year_is_refused(period: str):
    with pytest.raises(RequestError, match=r"too short: 89 days|lies in 2017 and 2018"):
        mips_aci_messaging(period=period)


def test_there_is_nothing_to_be_excluded_from():
    with pytest.raises(RequestError, match="there is none"):
        mips_aci_messaging(exclude=["secure-messaging=no_office_visits"])


@pytest.mark.parametrize(
    ("day", "counted"),
    [("2018-05-31", 0), ("2018-06-01", 1), ("2018-08-29", 1), ("2018-08-30", 0)],
)
def test_2018_asks_the_same_in_the_period(world: World, day: str, counted: int):
    world.encounters(patients(10, seen_on="2018-06-03"))
    world.messages(written_to(1, sent_on=day))
    card = judged(world, mips_aci_messaging(2018))
    verdict = "met" if counted else "not_met"
    assert card.of("secure_messaging", "T/A")[::2] == (counted, verdict)
    assert card.points("T/A") == counted
