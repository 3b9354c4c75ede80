"""Report all three measures; satisfy two, except those excluded (42 CFR 495.24(d)(6)(i))."""

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
from wellpost.errors import RequestError

MESSAGING = "secure-messaging=no_office_visits"
VDT = "view-download-transmit=no_office_visits"
DATA = "patient-generated-data=no_office_visits"


def seen_without_office_visits(world: World, number: int = 10) -> None:
    rows = [f"p{n} | A | other" for n in range(1, number + 1)]
    world.encounters("\n".join(["patient | npi | kind", *rows]))


@pytest.mark.parametrize(
    ("messaging", "vdt", "data", "objective"),
    [
        (1, 1, 0, ("met", 2, 2, 0)),
        (1, 0, 1, ("met", 2, 2, 0)),
        (0, 1, 1, ("met", 2, 2, 0)),
        (1, 1, 1, ("met", 2, 3, 0)),
        (1, 0, 0, ("not_met", 2, 1, 0)),
        (0, 0, 0, ("not_met", 2, 0, 0)),
    ],
)
def test_two_of_three_must_be_met(world: World, messaging, vdt, data, objective):
    world.encounters(patients(10))
    world.messages(written_to(messaging))
    world.portal_actions(viewed(vdt))
    world.patient_data(incorporated(data))
    assert judged(world, stage_3()).objective() == objective


@pytest.mark.parametrize(
    ("claims", "messaging", "vdt", "objective"),
    [
        ((DATA,), 1, 1, ("met", 2, 2, 1)),
        ((DATA,), 1, 0, ("not_met", 2, 1, 1)),
        ((DATA, VDT), 1, 0, ("met", 1, 1, 2)),
        ((DATA, VDT), 0, 1, ("not_met", 1, 0, 2)),
        ((DATA, VDT, MESSAGING), 0, 0, ("excluded", 0, 0, 3)),
    ],
)
def test_exclusions_leave_fewer_to_meet(world: World, claims, messaging, vdt, objective):
    seen_without_office_visits(world)
    world.messages(written_to(messaging))
    world.portal_actions(viewed(vdt))
    assert judged(world, stage_3(exclude=claims)).objective() == objective


def test_a_measure_not_reported_leaves_it_incomplete_and_not_unmet(world: World):
    world.encounters(patients(10))
    world.messages(written_to(1))
    world.portal_actions(viewed(1))
    two = stage_3(measures=["secure-messaging", "view-download-transmit"])
    assert judged(world, two).objective() == ("incomplete", 2, 2, 0)


def test_an_exclusion_is_claimed_and_never_taken_by_itself(world: World):
    seen_without_office_visits(world)
    assert judged(world, stage_3()).of("secure_messaging") == (0, 10, "not_met", 1)
    claimed = judged(world, stage_3(exclude=[MESSAGING]))
    assert claimed.of("secure_messaging") == (0, 10, "excluded", None)
    assert claimed.of("view_download_transmit") == (0, 10, "not_met", 1)


@pytest.mark.parametrize("kind", ["office_visit", "telehealth"])
def test_a_visit_in_the_period_refutes_no_office_visits(world: World, kind: str):
    world.encounters(f"patient | npi | kind\np1 | A | {kind}\np2 | A | other")
    with pytest.raises(RequestError, match="no reporter asked for has the evidence"):
        judged(world, stage_3_messaging(exclude=[MESSAGING]))


def test_a_visit_outside_the_period_does_not(world: World):
    world.encounters("patient | npi | kind | seen_on\np1 | A | office_visit | 2021-05-31")
    assert (
        judged(world, stage_3_messaging(exclude=[MESSAGING])).of("secure_messaging")[2]
        == "excluded"
    )


def test_a_clinician_with_no_encounter_at_all_may_claim_it(world: World):
    world.clinicians("npi\nA")
    card = judged(world, stage_3(exclude=[MESSAGING, VDT, DATA]))
    assert card.of("secure_messaging") == (0, 0, "excluded", None)
    assert card.objective() == ("excluded", 0, 0, 3)


def test_a_claim_stands_for_those_whose_evidence_supports_it(world: World):
    world.encounters("patient | npi | kind\np1 | A | other\np2 | B | office_visit")
    card = judged(world, stage_3_messaging(exclude=[MESSAGING]))
    assert card.of("secure_messaging", "A")[2] == "excluded"
    assert card.of("secure_messaging", "B")[2] == "not_met"


@pytest.mark.parametrize(
    ("percent", "in_county", "elsewhere", "excluded"),
    [
        ("49.9", 1, 1, True),
        ("50", 1, 1, False),
        ("49.9", 1, 2, False),
        ("0", 2, 1, True),
    ],
)
def test_half_the_encounters_where_under_half_have_broadband(
    world: World, percent: str, in_county: int, elsewhere: int, excluded: bool
):
    rows = [f"p{n} | A | 23003" for n in range(in_county)]
    rows += [f"q{n} | A | 23005" for n in range(elsewhere)]
    world.encounters("\n".join(["patient | npi | county", *rows]))
    world.counties(f"county | percent_4mbps\n23003 | {percent}\n23005 | 98")
    claim = stage_3_messaging(exclude=["secure-messaging=county_without_broadband"])
    if excluded:
        assert judged(world, claim).of("secure_messaging")[2] == "excluded"
    else:
        with pytest.raises(RequestError, match="no reporter asked for has the evidence"):
            judged(world, claim)


def test_a_ground_the_rule_does_not_know_is_refused():
    with pytest.raises(RequestError, match="no ground of exclusion from view-download-transmit"):
        stage_3(exclude=["view-download-transmit=neither_orders_nor_creates"])


@pytest.mark.parametrize(
    ("as_of", "excluded"),
    [("2021-05-31", True), ("2021-06-01", True), ("2021-06-02", False)],
)
def test_the_latest_broadband_data_on_the_first_day_of_the_period_decides(
    world: World, as_of: str, excluded: bool
):
    world.encounters("patient | npi | county\np1 | A | 23003")
    world.counties(f"county | as_of | percent_4mbps\n23003 | 2020-01-01 | 98\n23003 | {as_of} | 10")
    claim = stage_3_messaging(exclude=["secure-messaging=county_without_broadband"])
    if excluded:
        assert judged(world, claim).of("secure_messaging")[2] == "excluded"
    else:
        with pytest.raises(RequestError, match="no reporter asked for has the evidence"):
            judged(world, claim)
