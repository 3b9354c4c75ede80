"""When an act counts: the calendar year for messages and VDT, the period for patient data."""

from __future__ import annotations

import pytest

from tests.spec.judging import (
    incorporated,
    judged,
    patients,
    stage_3,
    stage_3_messaging,
    viewed,
    written_to,
)
from tests.worlds.world import World

IN_THE_YEAR = ["2021-01-01", "2021-05-31", "2021-08-30", "2021-12-31"]
OUTSIDE_THE_YEAR = ["2020-12-31", "2022-01-01"]
PERIOD_ALONE = {"policies": {"numerator_window": "period"}}


@pytest.mark.parametrize("day", IN_THE_YEAR)
def test_a_message_and_a_view_count_on_any_day_of_the_year(world: World, day: str):
    world.encounters(patients(10))
    world.messages(written_to(1, sent_on=day))
    world.portal_actions(viewed(1, on=day))
    card = judged(world, stage_3())
    assert card.of("secure_messaging") == (1, 10, "met", 0)
    assert card.of("view_download_transmit") == (1, 10, "met", 0)


@pytest.mark.parametrize("day", OUTSIDE_THE_YEAR)
def test_on_a_day_of_another_year_they_do_not(world: World, day: str):
    world.encounters(patients(10))
    world.messages(written_to(1, sent_on=day))
    world.portal_actions(viewed(1, on=day))
    card = judged(world, stage_3())
    assert card.of("secure_messaging") == (0, 10, "not_met", 1)
    assert card.of("view_download_transmit") == (0, 10, "not_met", 1)


@pytest.mark.parametrize(
    ("day", "counted"),
    [("2021-05-31", 0), ("2021-06-01", 1), ("2021-08-29", 1), ("2021-08-30", 0)],
)
def test_patient_data_counts_when_incorporated_in_the_period(world: World, day: str, counted: int):
    world.encounters(patients(10))
    world.patient_data(incorporated(1, on=day))
    assert judged(world, stage_3()).of("patient_generated_data")[0] == counted


@pytest.mark.parametrize(("day", "counted"), [("2021-08-29", 1), ("2021-08-30", 0)])
def test_the_policy_confines_messages_to_the_period(world: World, day: str, counted: int):
    world.encounters(patients(10))
    world.messages(written_to(1, sent_on=day))
    assert judged(world, stage_3_messaging(**PERIOD_ALONE)).of("secure_messaging")[0] == counted


def test_the_policy_widens_patient_data_to_the_year(world: World):
    world.encounters(patients(10))
    world.patient_data(incorporated(1, on="2021-12-31"))
    year = stage_3(policies={"numerator_window": "calendar_year"})
    assert judged(world, year).of("patient_generated_data")[0] == 1


@pytest.mark.parametrize(("day", "counted"), [("2021-11-15", 1), ("2021-11-16", 0)])
def test_an_act_after_the_day_of_attestation_does_not_count(world: World, day: str, counted: int):
    world.encounters(patients(10))
    world.messages(written_to(1, sent_on=day))
    assert (
        judged(world, stage_3_messaging(attested_on="2021-11-15")).of("secure_messaging")[0]
        == counted
    )


def test_unless_the_policy_lets_it(world: World):
    world.encounters(patients(10))
    world.messages(written_to(1, sent_on="2021-11-16"))
    open_end = stage_3_messaging(attested_on="2021-11-15", policies={"cap_at_attestation": "off"})
    assert judged(world, open_end).of("secure_messaging")[0] == 1


def test_an_attestation_in_the_next_year_does_not_widen_the_window(world: World):
    world.encounters(patients(10))
    world.messages(written_to(1, sent_on="2022-01-01"))
    assert judged(world, stage_3_messaging(attested_on="2022-02-28")).of("secure_messaging")[0] == 0
