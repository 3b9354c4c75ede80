"""What holds of every program and year alike: levels, policies on the report, refused periods."""

from __future__ import annotations

import pytest

from tests.spec.judging import judged, of
from tests.worlds.world import World
from wellpost.errors import RequestError
from wellpost.rules.load import programs
from wellpost.rules.policies import policies

LEVELS = ["clinician", "practice-clinician", "group", "virtual-group"]
EDGES = sorted(
    {
        (name, year)
        for name, each in programs().items()
        for year in (each.first_year, each.last_year)
    }
)
"""The first and the last year of each."""


def whole(year: int) -> str:
    """A period that every program allows, 2021 with its last day too."""
    return f"{year}-01-01..{year}-09-30"


@pytest.mark.parametrize(("name", "year"), EDGES)
def test_every_level_works_with_it_and_a_patient_of_two_practices_is_one(
    world: World, name: str, year: int
):
    world.encounters(
        f"patient | npi | tin | seen_on\nann | A | T | {year}-06-03\nann | A | U | {year}-06-04"
    )
    world.virtual_groups("virtual_group | tin\neast | T\neast | U")
    card = judged(world, of(name, year, period=whole(year), levels=LEVELS)).card
    found = {each.rule.measure for each in card.results}
    assert found == {rule.measure for rule in programs()[name].in_year(year).measures}
    assert {each.count.denominator for each in card.results} == {1}
    by_level = {each.reporter.level for each in card.results}
    assert {str(each).replace("_", "-") for each in by_level} == set(LEVELS)


@pytest.mark.parametrize(("name", "year"), EDGES)
def test_every_policy_is_printed_with_its_value_in_force(world: World, name: str, year: int):
    world.encounters(f"patient | npi | seen_on\nann | A | {year}-06-03")
    told = judged(world, of(name, year, period=whole(year), policies={"seen": "visits_only"}))
    printed = told.card.as_json()["policies"]
    assert isinstance(printed, dict)
    assert set(printed) == set(policies())
    assert printed["seen"] == "visits_only"


@pytest.mark.parametrize(("name", "year"), EDGES)
def test_a_period_of_two_years_or_of_too_few_days_is_refused_in_the_rules_words(
    name: str, year: int
):
    rules = programs()[name].in_year(year)
    for period in (f"{year}-11-01..{year + 1}-10-31", f"{year}-06-01..{year}-06-30"):
        with pytest.raises(RequestError) as refused:
            of(name, year, period=period)
        assert f"({rules.period.cite}: {rules.period.says})" in str(refused.value)
