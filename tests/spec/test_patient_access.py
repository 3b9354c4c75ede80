"""Provide patient access; every encounter timely, by clinician and TIN."""

from __future__ import annotations

import pytest

from tests.worlds.world import World

MEASURE = "patient_access"


def visit(world: World, name: str, *, patient: str = "ann", npi: str = "A", tin: str = "T") -> None:
    """An encounter of that name; days are told by `open_it`."""
    world.add("encounters", encounter_id=name, patient=patient, npi=npi, tin=tin)


def open_it(world: World, name: str, on: str, available: str = "2021-06-03", **told: str) -> None:
    """Its information was available one day and open to the patient on another."""
    days = {"vdt_on": on, "api_on": on, **told}
    world.add("access_grants", encounter_id=name, available_on=available, **days)


@pytest.mark.parametrize(
    ("available", "last", "late"),
    [
        ("2021-06-07", "2021-06-11", "2021-06-12"),  # Monday to Friday
        ("2021-06-08", "2021-06-14", "2021-06-15"),  # Tuesday to Monday
        ("2021-06-09", "2021-06-15", "2021-06-16"),
        ("2021-06-10", "2021-06-16", "2021-06-17"),
        ("2021-06-11", "2021-06-17", "2021-06-18"),  # Friday to Thursday
        ("2021-06-12", "2021-06-17", "2021-06-18"),  # Saturday to Thursday
        ("2021-06-13", "2021-06-17", "2021-06-18"),  # Sunday to Thursday
    ],
)
def test_within_4_business_days(world: World, available: str, last: str, late: str) -> None:
    visit(world, "e1")
    visit(world, "e2", patient="bob")
    open_it(world, "e1", last, available)
    open_it(world, "e2", late, available)
    assert world.count(MEASURE) == {"A": (1, 2)}
    why = world.reasons(MEASURE, npi="A", patient_id="bob")
    assert why[0] == ("access", "access_late")


def test_a_holiday_is_a_business_day_since_no_source_says_otherwise(world: World) -> None:
    visit(world, "e1")
    open_it(world, "e1", "2021-07-08", available="2021-07-01")  # 5 July 2021 was kept as one
    assert world.count(MEASURE) == {"A": (0, 1)}


@pytest.mark.parametrize(("opened", "counted"), [("2021-07-08", 1), ("2021-07-09", 0)])
def test_a_day_on_which_the_practice_was_closed_is_none(
    world: World, opened: str, counted: int
) -> None:
    visit(world, "e1")
    open_it(world, "e1", opened, available="2021-07-01")
    world.add("closed_days", closed_on="2021-07-05")  # Monday
    world.add("closed_days", closed_on="2021-07-04")  # a Sunday is none in any case
    world.add("closed_days", closed_on="2021-07-02", tin="S")  # another practice's
    assert world.count(MEASURE) == {"A": (counted, 1)}


@pytest.mark.parametrize("told", [1, 2, 3])
def test_a_closed_day_told_again_is_one_day(held_world: World, told: int) -> None:
    visit(held_world, "e1")
    visit(held_world, "e2", patient="bob")
    open_it(held_world, "e1", "2021-07-08", available="2021-07-01")
    open_it(held_world, "e2", "2021-07-09", available="2021-07-01")  # two closed days would do
    for _ in range(told):
        held_world.add("closed_days", closed_on="2021-07-05")
    assert held_world.count(MEASURE) == {"A": (1, 2)}


@pytest.mark.parametrize("closed", ["2021-07-01", "2021-07-08"])
def test_closed_on_the_first_or_the_last_day_changes_nothing(world: World, closed: str) -> None:
    visit(world, "e1")
    visit(world, "e2", patient="bob")
    open_it(world, "e1", "2021-07-07", available="2021-07-01")
    open_it(world, "e2", "2021-07-08", available="2021-07-01")
    world.add("closed_days", closed_on=closed)
    assert world.count(MEASURE) == {"A": (1, 2)}


def test_open_before_it_was_available_to_the_clinician(world: World) -> None:
    visit(world, "e1")
    open_it(world, "e1", "2021-06-01")
    assert world.count(MEASURE) == {"A": (1, 1)}


@pytest.mark.parametrize(("way", "alone"), [("vdt_on", 0), ("api_on", 1)])
def test_both_ways_are_needed_or_without_an_api_one(world: World, way: str, alone: int) -> None:
    visit(world, "e1")
    open_it(world, "e1", "2021-06-03", **{way: ""})
    assert world.count(MEASURE) == {"A": (0, 1)}
    assert world.count(MEASURE, api="without") == {"A": (alone, 1)}
    why = world.reasons(MEASURE, npi="A", patient_id="ann")
    assert why[0] == ("access", "access_missing")


def test_both_ways_must_be_timely(world: World) -> None:
    visit(world, "e1")
    open_it(world, "e1", "2021-06-03", api_on="2021-06-10")
    assert world.count(MEASURE) == {"A": (0, 1)}
    assert world.count(MEASURE, api="without") == {"A": (1, 1)}


def test_an_encounter_of_which_nothing_is_known_had_no_access(world: World) -> None:
    visit(world, "e1")
    assert world.count(MEASURE) == {"A": (0, 1)}


@pytest.mark.parametrize("late", ["e1", "e2"])
def test_one_late_encounter_removes_the_patient_and_a_late_first_is_never_repaired(
    world: World, late: str
) -> None:
    visit(world, "e1")
    visit(world, "e2")
    for name in ("e1", "e2"):
        open_it(world, name, "2021-06-30" if name == late else "2021-06-03")
    assert world.count(MEASURE) == {"A": (0, 1)}
    acts = [one for one in world.considered(MEASURE, npi="A", patient_id="ann") if one.npi]
    why = {one.identifier: one.because for one in acts if one.what == "access"}
    other = {"e1": "e2", "e2": "e1"}[late]
    assert why == {late: "access_late", other: "another_access_late"}


def test_a_late_encounter_outside_the_period_changes_nothing(world: World) -> None:
    visit(world, "e1")
    world.add("encounters", encounter_id="e0", patient="ann", npi="A", seen_on="2021-05-31")
    open_it(world, "e1", "2021-06-03")
    assert world.count(MEASURE) == {"A": (1, 1)}


def test_nor_does_another_clinicians(world: World) -> None:
    visit(world, "e1")
    visit(world, "e2", npi="B")
    open_it(world, "e1", "2021-06-03")
    assert world.count(MEASURE) == {"A": (1, 1), "B": (0, 1)}
    assert world.count(MEASURE, level="group") == {"T": (1, 1)}


def test_it_has_no_effect_across_tins(world: World) -> None:
    visit(world, "e1", tin="T")
    visit(world, "e2", tin="U")
    open_it(world, "e1", "2021-06-03")
    found = world.count(MEASURE, level="practice_clinician")
    assert found == {"T/A": (1, 1), "U/A": (0, 1)}
    assert world.count(MEASURE, level="group") == {"T": (1, 1), "U": (0, 1)}


def test_a_clinician_over_all_tins_needs_every_encounter(world: World) -> None:
    visit(world, "e1", tin="T")
    visit(world, "e2", tin="U")
    open_it(world, "e1", "2021-06-03")
    assert world.count(MEASURE) == {"A": (0, 1)}
    open_it(world, "e2", "2021-06-03")
    assert world.count(MEASURE) == {"A": (1, 1)}


def test_a_virtual_group_counts_a_patient_once(world: World) -> None:
    visit(world, "e1", tin="T")
    visit(world, "e2", tin="U")
    open_it(world, "e1", "2021-06-03")
    world.virtual_groups("virtual_group | tin\neast | T\neast | U")
    assert world.count(MEASURE, level="virtual_group") == {"east": (1, 1)}


def test_the_member_shows_the_first_encounter_with_its_access(world: World) -> None:
    visit(world, "e1")
    open_it(world, "e1", "2021-06-03")
    (member,) = world.members(MEASURE)
    assert (member.act, member.act_id, member.in_numerator) == ("access", "e1", True)


def test_the_encounter_under_another_tin_is_named_so(world: World) -> None:
    visit(world, "e1", tin="T")
    visit(world, "e2", tin="U")
    open_it(world, "e1", "2021-06-03")
    who = {"npi": "A", "tin": "T", "patient_id": "ann"}
    why = world.reasons(MEASURE, level="practice_clinician", **who)
    assert why == [
        ("access", None),
        ("access", "other_practice"),
        ("encounter", None),
        ("encounter", "other_practice"),
    ]
