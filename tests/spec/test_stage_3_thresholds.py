"""Stage 3 asks more than 5 percent, strictly (42 CFR 495.24(d)(6)(i)(B))."""

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

MEASURES = ("secure_messaging", "view_download_transmit", "patient_generated_data")


@pytest.mark.parametrize(
    ("reached", "seen", "verdict", "needed"),
    [(5, 100, "not_met", 1), (6, 100, "met", 0), (1, 20, "not_met", 1), (1, 19, "met", 0)],
)
def test_more_than_5_percent_of_unique_patients(
    world: World, reached: int, seen: int, verdict: str, needed: int
):
    world.encounters(patients(seen))
    world.messages(written_to(reached))
    world.portal_actions(viewed(reached))
    world.patient_data(incorporated(reached))
    card = judged(world, stage_3())
    for measure in MEASURES:
        assert card.of(measure) == (reached, seen, verdict, needed)


def test_a_patient_seen_and_written_to_often_counts_once(world: World):
    world.encounters(patients(19) + "\np1 | A | 2021-07-01\np1 | A | 2021-08-29")
    world.messages(written_to(1) + "\np1 | A | 2021-07-02\np1 | A | 2021-12-11")
    assert judged(world, stage_3_messaging()).of("secure_messaging") == (1, 19, "met", 0)


def test_a_clinician_who_saw_nobody_has_a_row_without_a_rate(world: World):
    world.clinicians("npi\nA\nB")
    world.encounters(patients(20, of="B"))
    card = judged(world, stage_3())
    assert card.of("secure_messaging", "A") == (0, 0, "not_computable", None)
    assert card.objective("A") == ("not_computable", 2, 0, 0)
    assert card.of("secure_messaging", "B") == (0, 20, "not_met", 2)


@pytest.mark.parametrize("year", [2017, 2018])
def test_5_percent_also_where_the_first_rule_asked_10_from_2018(world: World, year: int):
    world.encounters(patients(20, seen_on=f"{year}-06-03"))
    world.messages(written_to(1, sent_on=f"{year}-02-03"))
    assert judged(world, stage_3_messaging(year)).of("secure_messaging") == (1, 20, "not_met", 1)
