"""View, download, transmit, and access through an API."""

import pytest

from tests.worlds.world import World

MEASURE = "view_download_transmit"


@pytest.mark.parametrize("action", ["view", "download", "transmit", "api"])
@pytest.mark.parametrize("acted_by", ["patient", "representative"])
def test_the_patient_or_representative_acts(world: World, action: str, acted_by: str) -> None:
    world.add("encounters", patient="ann", npi="A")
    world.add("portal_actions", patient="ann", tin="T", action=action, acted_by=acted_by)
    assert world.count(MEASURE) == {"A": (1, 1)}


@pytest.mark.parametrize("acted_by", ["clinician", "staff"])
def test_a_clinicians_own_printing_never_counts(world: World, acted_by: str) -> None:
    world.add("encounters", patient="ann", npi="A")
    world.add("portal_actions", patient="ann", tin="T", acted_by=acted_by)
    assert world.count(MEASURE) == {"A": (0, 1)}
    assert world.reasons(MEASURE, npi="A", patient_id="ann")[-1] == ("view", "not_by_patient")


def test_each_patient_once_whatever_they_did(world: World) -> None:
    world.add("encounters", patient="ann", npi="A")
    for action in ("view", "api", "view"):
        world.add("portal_actions", patient="ann", tin="T", action=action)
    assert world.count(MEASURE) == {"A": (1, 1)}


def test_it_is_credited_to_every_clinician_of_the_practice_who_saw_the_patient(
    world: World,
) -> None:
    world.encounters("""
        patient | npi | tin | seen_on
        ann     | A   | T   | 2021-06-03
        ann     | B   | T   | 2021-06-04
        ann     | C   | U   | 2021-06-05
        ann     | D   | T   | 2021-03-05
        bob     | D   | T   | 2021-06-05
    """)
    world.add("portal_actions", patient="ann", tin="T")
    assert world.count(MEASURE) == {"A": (1, 1), "B": (1, 1), "C": (0, 1), "D": (0, 1)}


def test_a_portal_of_no_practice_is_everyones(world: World) -> None:
    world.encounters("""
        patient | npi | tin
        ann     | A   | T
        ann     | C   | U
    """)
    world.add("portal_actions", patient="ann", tin="")
    assert world.count(MEASURE) == {"A": (1, 1), "C": (1, 1)}


def test_it_counts_in_all_tins_of_a_clinician_of_the_portals_practice(world: World) -> None:
    world.encounters("""
        patient | npi | tin
        ann     | A   | T
        ann     | A   | U
    """)
    world.add("portal_actions", patient="ann", tin="T")
    assert world.count(MEASURE, level="practice_clinician") == {"T/A": (1, 1), "U/A": (1, 1)}
