"""The ONC test deck for 170.315(g)(2): RT4a-c, RT5 and RT6, every total of every scenario."""

from collections.abc import Callable

import pytest

from tests.worlds.deck import Cell, Scenario, scenarios
from tests.worlds.world import World

Tell = Callable[[World, Cell], None]


def tell_use(world: World, cell: Cell) -> None:
    """The patient uses a portal of no practice in particular, or an API."""
    action = "api" if "Through API" in cell.column else "view"
    world.add("portal_actions", patient=cell.patient, tin="", action=action)


def tell_data(world: World, cell: Cell) -> None:
    """The provider incorporates the patient's data."""
    world.add("patient_data", patient=cell.patient, npi=cell.provider)


def tell_message(world: World, cell: Cell) -> None:
    """A message in the direction that the column's title gives."""
    told = {"patient": cell.patient, "npi": cell.provider}
    if cell.column.startswith("Patient or Patient Representative Sends"):
        world.add("messages", sent_by="patient", sent_to="clinician", **told)
    elif "to Provider Including Patient" in cell.column:
        world.add("messages", sent_to="clinician", **told)
    else:
        world.add("messages", **told)


def told(world: World, scenario: Scenario, tell: Tell) -> None:
    """Add what happened in the scenario."""
    for cell in scenario.cells:
        if cell.is_seen:
            world.add("encounters", patient=cell.patient, npi=cell.provider)
        if cell.is_yes:
            tell(world, cell)


DECK = [
    ("EP_RT4a_G2.json", "view_download_transmit", tell_use),
    ("EP_RT4b_G2.json", "view_download_transmit", tell_use),
    ("EP_RT4c_G2.json", "view_download_transmit", tell_use),
    ("EP_RT5_G2.json", "secure_messaging", tell_message),
    ("EP_RT6_G2.json", "patient_generated_data", tell_data),
]


@pytest.mark.parametrize(("file", "measure", "tell"), DECK)
def test_every_total_of_the_deck(world: World, file: str, measure: str, tell: Tell) -> None:
    every = list(scenarios(file))
    assert len(every) == 5
    for scenario in every:
        told(world, scenario, tell)
        assert world.count(measure) == scenario.totals, scenario.title


def test_the_totals_without_copied_patients(world: World) -> None:
    for scenario in scenarios("EP_RT5_G2.json"):
        told(world, scenario, tell_message)
        found = world.count("secure_messaging", copied_patients="do_not_count")
        assert found == scenario.other_totals, scenario.title


@pytest.mark.parametrize(("file", "measure", "tell"), DECK)
def test_the_last_total_however_the_facts_are_held(
    held_world: World, file: str, measure: str, tell: Tell
) -> None:
    for scenario in scenarios(file):
        told(held_world, scenario, tell)
    assert held_world.count(measure) == scenario.totals


def test_without_an_api_rt4b_stays_and_rt4c_has_nobody(world: World) -> None:
    for scenario in scenarios("EP_RT4b_G2.json"):
        told(world, scenario, tell_use)
        assert world.count("view_download_transmit", api="without") == scenario.totals
    world.rows.clear()
    for scenario in scenarios("EP_RT4c_G2.json"):
        told(world, scenario, tell_use)
        found = world.count("view_download_transmit", api="without")
        assert found == {name: (0, seen) for name, (_, seen) in scenario.totals.items()}


def test_the_deck_tells_the_two_ways_apart() -> None:
    first = next(scenarios("EP_RT5_G2.json"))
    assert first.totals != first.other_totals
