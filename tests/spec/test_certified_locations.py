"""At least half the encounters at locations with certified technology (495.4): a check."""

from __future__ import annotations

import pytest

from tests.spec.judging import judged, mips_aci, stage_3
from tests.worlds.world import World


def encounters(*certified: str) -> str:
    rows = (f"p{n} | A | {each}" for n, each in enumerate(certified))
    return "\n".join(["patient | npi | certified_location", *rows])


@pytest.mark.parametrize(
    ("certified", "found"),
    [
        (("true", "false"), (2, 1, True)),
        (("true", "false", "false"), (3, 1, False)),
        (("true", "true", "false"), (3, 2, True)),
        (("true", "", ""), (3, 1, False)),
        (("false",), (1, 0, False)),
    ],
)
def test_half_is_enough_and_what_is_not_known_does_not_speak_for_it(world, certified, found):
    world.encounters(encounters(*certified))
    assert judged(world, stage_3()).check() == found


def test_encounters_outside_the_period_are_none(world: World):
    world.encounters(encounters("true") + "\n")
    world.add("encounters", patient="p9", npi="A", seen_on="2021-05-31", certified_location="false")
    assert judged(world, stage_3()).check() == (1, 1, True)


def test_where_nothing_is_known_nothing_is_said(world: World):
    world.encounters(encounters("", ""))
    card = judged(world, stage_3()).card
    assert card.checks == ()
    assert "checks" not in card.as_json()


def test_the_report_has_the_numbers(world: World):
    world.encounters(encounters("true", "false", ""))
    (check,) = judged(world, stage_3()).card.as_json()["checks"]
    assert {**check, "npi": None} == {
        "check": "certified-locations",
        "level": "clinician",
        "npi": None,
        "tin": None,
        "encounters": 3,
        "certified": 1,
        "unknown": 1,
        "threshold": ">= 50 %",
        "passes": False,
    }


def test_mips_has_no_such_check(world: World):
    world.encounters("patient | npi | seen_on | certified_location\np1 | A | 2017-06-03 | true")
    assert judged(world, mips_aci()).card.checks == ()
