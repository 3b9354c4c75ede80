"""What came after the day of attestation cannot have been counted in it (CMS answer 8231)."""

from __future__ import annotations

import pytest

from tests.spec.judging import Program, judged, of, stage_3, viewed, written_to
from tests.worlds.world import World

LATE_2019 = "2019-10-03..2019-12-31"


def attested(program: str = "mips-pi", year: int = 2019, **asked: str) -> Program:
    period = LATE_2019.replace("2019", str(year))
    return of(
        program,
        year,
        period=period,
        measures=["patient-access"],
        levels=["practice-clinician"],
        attested_on=f"{year + 1}-01-02",
        policies=asked,
    )


def opened(world: World, vdt_on: str, api_on: str, *, year: int = 2019) -> None:
    """One patient, seen on the last day of the year; timely until the 6th of January."""
    world.encounters(f"patient | npi | encounter_id | seen_on\nann | A | e1 | {year}-12-31")
    world.access_grants(
        f"encounter_id | available_on | vdt_on | api_on\ne1 | {year}-12-31 | {vdt_on} | {api_on}"
    )


@pytest.mark.parametrize(
    ("vdt_on", "api_on", "counted"),
    [
        ("2020-01-02", "2020-01-02", 1),
        ("2020-01-03", "2020-01-02", 0),
        ("2020-01-02", "2020-01-03", 0),
        ("2019-12-31", "2019-12-31", 1),
    ],
)
def test_access_opened_after_the_day_of_attestation_is_none_though_timely(
    world: World, vdt_on: str, api_on: str, counted: int
):
    opened(world, vdt_on, api_on)
    assert judged(world, attested()).of("patient_access", "T/A")[:2] == (counted, 1)


def test_unless_the_policy_lets_it(world: World):
    opened(world, "2020-01-06", "2020-01-06")
    free = attested(cap_at_attestation="off")
    assert judged(world, free).of("patient_access", "T/A")[:2] == (1, 1)


def test_late_access_stays_late_whatever_the_policy(world: World):
    opened(world, "2020-01-07", "2020-01-07")
    free = attested(cap_at_attestation="off")
    assert judged(world, free).of("patient_access", "T/A")[:2] == (0, 1)


def test_without_an_api_only_the_one_way_must_be_open_by_then(world: World):
    opened(world, "2018-01-02", "2018-01-04", year=2017)
    transition = attested("mips-aci-transition", 2017)
    assert judged(world, transition).of("patient_access", "T/A")[:2] == (1, 1)
    assert judged(world, attested("mips-aci", 2017)).of("patient_access", "T/A")[:2] == (0, 1)


@pytest.mark.parametrize(("day", "counted"), [("2021-11-15", 1), ("2021-11-16", 0)])
def test_messages_and_views_count_on_the_day_of_attestation_and_not_after(
    world: World, day: str, counted: int
):
    world.encounters("patient | npi\np1 | A")
    world.messages(written_to(1, sent_on=day))
    world.portal_actions(viewed(1, on=day))
    card = judged(world, stage_3(attested_on="2021-11-15"))
    assert card.of("secure_messaging")[:2] == (counted, 1)
    assert card.of("view_download_transmit")[:2] == (counted, 1)
