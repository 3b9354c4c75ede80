"""The ONC test deck for 170.315(g)(2), RT2a and RT2b: timely access, by provider, TIN and group."""

from itertools import count

import pytest

from tests.worlds.deck import Scenario, scenarios
from tests.worlds.world import World

Visit = dict[str, str]
numbers = count()


def told(world: World, scenario: Scenario, *, automatic: bool = False) -> None:
    """Each encounter of the scenario with the access that its columns give."""
    visits: dict[tuple[str, str], Visit] = {}
    for cell in scenario.cells:
        if cell.is_seen:
            tin, npi = cell.provider.split("/")
            visit = {"encounter_id": f"deck-{next(numbers)}"}
            world.add("encounters", patient=cell.patient, npi=npi, tin=tin, **visit)
            visits[cell.provider, cell.patient] = visit
    for cell in scenario.cells:
        visit = visits.get((cell.provider, cell.patient), {})
        if visit and (cell.is_yes or automatic) and not cell.is_seen_column:
            visit["api_on" if "via API" in cell.column else "vdt_on"] = "2021-06-09"
    for visit in visits.values():
        world.add("access_grants", **visit)


def totals(world: World, api: str) -> dict[str, tuple[int, int]]:
    """By provider under each TIN, and by TIN."""
    groups = world.count("patient_access", level="group", api=api)
    own = world.count("patient_access", level="practice_clinician", api=api)
    return {**own, **{f"Group/{tin}": found for tin, found in groups.items()}}


DECK = [("EP_RT2a_G2.json", "with"), ("EP_RT2b_G2.json", "without")]
"""RT2b is for products with view, download and transmit alone: its API column was taken out."""


@pytest.mark.parametrize(("file", "api"), DECK)
def test_every_total_of_the_deck(world: World, file: str, api: str) -> None:
    every = list(scenarios(f"head-2025/{file}"))
    assert len(every) == 5
    for scenario in every:
        told(world, scenario)
        assert totals(world, api) == scenario.totals, scenario.title


def test_the_last_total_however_the_facts_are_held(held_world: World) -> None:
    for scenario in scenarios("head-2025/EP_RT2a_G2.json"):
        told(held_world, scenario)
    assert totals(held_world, "with") == scenario.totals


@pytest.mark.parametrize(("file", "api"), DECK)
def test_where_access_is_automatic_everybody_has_it(world: World, file: str, api: str) -> None:
    for scenario in scenarios(f"head-2025/{file}"):
        told(world, scenario, automatic=True)
        assert totals(world, api) == scenario.other_totals, scenario.title


def test_the_deck_tells_every_total_of_six_reporters() -> None:
    for file, _ in DECK:
        assert all(len(each.totals) == 6 for each in scenarios(f"head-2025/{file}"))
