"""The category from 2019 on, held against CMS's own definitions of each year, and its totals."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellpost.errors import RequestError
from wellpost.reports.attested import Answer, Attested, Fraction, checked_answers
from wellpost.rules.category import Category, Item
from wellpost.rules.load import program_year
from wellpost.scoring.category import CategoryScore, category_score

DEFINITIONS = Path(__file__).parents[2] / "data/qpp/measures-data"
YEARS = range(2019, 2027)
MULTI = "_MULTI"


def category(year: int) -> Category:
    found = program_year("mips-pi", year).category
    assert found is not None
    return found


def items(year: int) -> dict[str, Item]:
    return {each.value.identifier: each.value for each in category(year).items}


def theirs(year: int) -> dict[str, dict[str, Any]]:
    packed = DEFINITIONS / f"{year}-aci-pi-measures.json.gz"
    return {each["measureId"]: each for each in json.loads(gzip.decompress(packed.read_bytes()))}


def listed(value: object) -> set[str]:
    return {value} if isinstance(value, str) else set(value) if isinstance(value, list) else set()


def score(year: int, answers: dict[str, Answer]) -> CategoryScore:
    return category_score(category(year), answers, rounding="round_first")


def whole(year: int, **other: Answer | None) -> dict[str, Answer]:
    """Every needed measure answered, rates of one half and patient access of all; with changes."""
    own = items(year)
    answers: dict[str, Answer | None] = {
        name: Fraction(1, 2) if one.kind == "proportion" else True
        for name, one in own.items()
        if one.base
    }
    answers["PI_PEA_1"] = Fraction(10, 10)
    for name in ("PI_PHCDRR_1", "PI_PHCDRR_3"):
        answers[name] = True
        answers |= dict.fromkeys(own[name].level[1:], True)
    answers |= {f"PI_{name}": value for name, value in other.items()}
    return {name: value for name, value in answers.items() if value is not None}


@pytest.mark.parametrize("year", YEARS)
def test_it_knows_every_measure_of_the_year_and_how_each_is_answered(year: int):
    assert dict(category(year).kinds) == {
        name: each["metricType"] for name, each in theirs(year).items()
    }


@pytest.mark.parametrize("year", YEARS)
def test_what_cms_requires_is_needed_or_one_of_those_of_which_some_are(year: int):
    own = items(year)
    needed = {name for name, one in own.items() if one.base or one.part == "registry"}
    beside = {name for one in own.values() for name in (*one.instead, *one.level)}
    required = {name for name, each in theirs(year).items() if each["isRequired"]}
    assert {name for name in needed if MULTI not in name} | beside == required


@pytest.mark.parametrize("year", YEARS)
def test_a_bonus_is_what_cms_calls_one(year: int):
    own = items(year)
    bonus = {name for name, one in own.items() if one.part in ("bonus", "bonus_registry")}
    levels = {level for name in bonus for level in own[name].level}
    assert bonus | levels == {name for name, each in theirs(year).items() if each["isBonus"]}


@pytest.mark.parametrize("year", YEARS)
def test_exclusions_levels_and_what_stands_instead_are_those_of_cms(year: int):
    files = theirs(year)
    exclusions = {name for name, each in files.items() if each["reportingCategory"] == "exclusion"}
    assert {name for one in items(year).values() for name in one.excused_by} == exclusions
    for name, one in items(year).items():
        if MULTI not in name and files[name]["exclusion"]:
            assert set(one.excused_by) == listed(files[name]["exclusion"])
        assert set(one.level) == listed(files[name].get("preprod"))
        if one.instead:
            assert set(one.instead) == listed(files[name]["substitutes"])


def test_the_points_of_2019_are_the_weights_of_the_file():
    weights = {name: each["weight"] for name, each in theirs(2019).items() if each["weight"]}
    ours = {name: one.earns.maximum for name, one in items(2019).items() if one.earns}
    registries = {name: weight for name, weight in weights.items() if MULTI in name}
    assert ours == {name: weight for name, weight in weights.items() if name not in registries}
    assert set(registries.values()) == {category(2019).rule.value.registry_points} == {10}


@pytest.mark.parametrize("year", YEARS)
def test_everything_needed_in_full_is_100_without_any_bonus(year: int):
    answers = whole(year, EP_1=Fraction(3, 3), HIE_1=Fraction(3, 3), HIE_4=Fraction(3, 3))
    ours = score(year, answers)
    assert (ours.score, ours.bonus_points, ours.missing, ours.unknown) == (100, 0, (), ())
    assert sum(ours.performance.values()) == 100


@pytest.mark.parametrize(
    ("year", "half"),
    [(2019, 75), (2020, 75), (2021, 75), (2022, 75), (2023, 81), (2024, 81), (2025, 81)],
)
def test_rates_of_one_half_rounded_half_up(year: int, half: int):
    """5 + 10 + 10 to 2022; from 2023, 5 + 8 + 8 (7.5 rounded up) beside 10 of the query."""
    assert score(year, whole(year)).score == half


@pytest.mark.parametrize("year", YEARS)
def test_without_any_one_needed_measure_there_are_no_points(year: int):
    for name in [name for name, one in items(year).items() if one.base]:
        ours = score(year, {k: v for k, v in whole(year).items() if k != name})
        assert (ours.score, ours.missing) == (0, (name,))


@pytest.mark.parametrize("year", range(2020, 2027))
def test_a_no_to_the_risk_analysis_is_no_answer(year: int):
    assert score(year, whole(year, PPHI_1=False)).missing == ("PI_PPHI_1",)


@pytest.mark.parametrize(("year", "missing"), [(2023, ()), (2024, ("PI_PPHI_2",))])
def test_a_no_to_the_safer_guides_is_enough_until_2023(year: int, missing: tuple[str, ...]):
    assert score(year, whole(year, PPHI_2=False)).missing == missing


@pytest.mark.parametrize(("year", "points"), [(2019, 5), (2020, 5), (2021, 10), (2022, 10)])
def test_the_query_is_a_bonus_to_2022(year: int, points: int):
    assert score(year, whole(year, EP_2=True)).bonus == {"PI_EP_2": points}


def test_and_needed_from_2023():
    assert score(2022, whole(2022)).missing == ()
    assert score(2023, whole(2023, EP_2=False)).missing == ("PI_EP_2",)
    assert score(2023, whole(2023)).performance["PI_EP_2"] == 10


@pytest.mark.parametrize(("year", "points"), [(2021, 40), (2022, 40), (2023, 30), (2026, 30)])
def test_two_way_exchange_stands_instead_of_sending_and_receiving(year: int, points: int):
    ours = score(year, whole(year, HIE_1=None, HIE_4=None, HIE_5=True))
    assert ours.performance["PI_HIE_5"] == points
    assert (ours.missing, ours.unknown) == ((), ())
    assert "PI_HIE_1" in score(year, whole(year, HIE_1=None, HIE_5=False)).missing


@pytest.mark.parametrize(("year", "known"), [(2022, False), (2023, True)])
def test_exchange_under_tefca_stands_instead_from_2023(year: int, known: bool):
    assert ("PI_HIE_6" in category(year).kinds) is known
    if known:
        ours = score(year, whole(year, HIE_1=None, HIE_4=None, HIE_6=True))
        assert ours.performance["PI_HIE_6"] == 30


@pytest.mark.parametrize("year", YEARS)
def test_who_sends_both_ways_earns_neither_twice(year: int):
    if year >= 2021:
        ours = score(year, whole(year, HIE_5=True))
        assert "PI_HIE_1" not in ours.performance or ours.performance["PI_HIE_1"] == 0
        assert ours.score is not None
        assert ours.score <= 100


@pytest.mark.parametrize(("year", "own"), [(2019, 20), (2022, 20), (2023, 15), (2026, 15)])
def test_half_of_excused_e_prescribing_goes_to_each_way_of_exchange(year: int, own: int):
    full = {"HIE_1": Fraction(4, 4), "HIE_4": Fraction(4, 4)}
    ours = score(year, whole(year, EP_1=None, LVPP_1=True, **full))
    assert ours.performance["PI_HIE_1"] == ours.performance["PI_HIE_4"] == own + 5
    assert "PI_EP_1" not in ours.performance
    assert ours.score == 100


def test_an_excused_query_gives_its_points_to_e_prescribing():
    ours = score(2023, whole(2023, EP_1=Fraction(4, 4), EP_2=None, EP_2_EX_1=True))
    assert ours.performance["PI_EP_1"] == 20
    both = score(2023, whole(2023, EP_1=None, LVPP_1=True, EP_2=None, EP_2_EX_1=True))
    assert both.performance["PI_HIE_1"] == both.performance["PI_HIE_4"] == 13  # half of 25, up


def test_two_way_exchange_takes_them_from_2023_and_before_that_nobody_says():
    answers = {"EP_1": None, "LVPP_1": True, "HIE_1": None, "HIE_4": None, "HIE_5": True}
    assert score(2023, whole(2023, **answers)).performance["PI_HIE_5"] == 40
    ours = score(2022, whole(2022, **answers))
    assert ours.score is None
    assert ours.contribution is None
    assert ours.unknown[0] == "whether PI_HIE_5 takes the points that came to PI_HIE_1"


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(("name", "excuse"), [("HIE_1", "LVOTC_1"), ("HIE_4", "LVITC_2")])
def test_where_no_source_says_who_has_the_points_there_is_no_score(year, name, excuse):
    ours = score(year, whole(year, **{name: None, excuse: True}))
    points = 20 if year < 2023 else 15
    assert ours.score is None
    assert ours.missing == ()
    assert ours.unknown == (f"where the {points} points of PI_{name} go when it is excused",)


@pytest.mark.parametrize(
    ("year", "first", "second"), [(2019, 5, 5), (2022, 5, 5), (2023, 13, 12), (2026, 13, 12)]
)
def test_two_registries_give_all_one_gives_nothing(year: int, first: int, second: int):
    ours = score(year, whole(year))
    assert ours.performance["PI_PHCDRR_1"] == first
    assert ours.performance["PI_PHCDRR_3"] == second
    one = score(year, whole(year, PHCDRR_3=None))
    assert one.score == 0
    assert "PI_PHCDRR_3" in one.missing
    assert "PI_PHCDRR_1" not in one.performance


@pytest.mark.parametrize(("year", "all_of"), [(2019, 10), (2021, 10), (2022, 10), (2024, 25)])
def test_one_registry_and_an_exclusion_give_all(year: int, all_of: int):
    ours = score(year, whole(year, PHCDRR_3=None, PHCDRR_3_EX_1=True))
    assert ours.performance["PI_PHCDRR_1"] == all_of
    assert (ours.missing, ours.unknown) == ((), ())


@pytest.mark.parametrize("year", YEARS)
def test_two_excused_registries_give_their_points_to_access_where_a_source_says_so(year: int):
    none = {"PHCDRR_1": None, "PHCDRR_3": None}
    excuses = {"PHCDRR_1_EX_1": True, "PHCDRR_3_EX_1": True}
    ours = score(year, whole(year, **none, **excuses))
    if year == 2021:
        assert ours.performance["PI_PEA_1"] == 50
    elif year == 2025:  # case reporting is suppressed: an exclusion has full credit
        assert ours.performance["PI_PHCDRR_3"] == 25
    else:
        points = 10 if year < 2023 else 25
        assert ours.unknown == (f"where the {points} points of excused registries go",)


def test_a_no_to_case_reporting_has_full_credit_in_2025_alone():
    assert score(2025, whole(2025, PHCDRR_3=False)).score == score(2025, whole(2025)).score == 81
    for year in (2024, 2026):
        assert score(year, whole(year, PHCDRR_3=False)).missing == ("PI_PHCDRR_3",)


def test_but_immunization_must_be_answered_in_2025_too():
    assert score(2025, whole(2025, PHCDRR_1=False)).missing == ("PI_PHCDRR_1",)
    excused = {"PHCDRR_3": None, "PHCDRR_3_EX_1": True}
    assert score(2025, whole(2025, PHCDRR_1=False, **excused)).score == 0


@pytest.mark.parametrize(
    ("year", "one", "other"),
    [
        (2019, "PI_EP_1=3/4", "PI_LVPP_1=yes"),
        (2021, "PI_HIE_1=3/4", "PI_HIE_5=yes"),
        (2023, "PI_EP_2=yes", "PI_EP_2_EX_1=yes"),
    ],
)
def test_a_measure_beside_what_excuses_it_is_refused(year: int, one: str, other: str):
    rules = program_year("mips-pi", year)
    both = [Attested.parse(one), Attested.parse(other)]
    with pytest.raises(RequestError, match="both attested; they cannot both be true"):
        checked_answers(both, rules)
    for each in both:
        assert len(checked_answers([each], rules)) == 1


def test_from_2023_a_registry_counts_with_its_level_of_engagement():
    assert score(2023, whole(2023, PHCDRR_1_PROD=None)).missing == ("PI_PHCDRR_1",)
    assert score(2023, whole(2023, PHCDRR_1_PROD=None, PHCDRR_1_PRE=True)).missing == ()
    assert score(2022, whole(2022)).missing == ()


@pytest.mark.parametrize("year", range(2022, 2027))
def test_any_number_of_other_registries_is_a_bonus_of_5(year: int):
    own = items(year)
    others = [name for name, one in own.items() if one.part == "bonus_registry"]
    given_all: dict[str, Answer] = dict.fromkeys(others, True)
    given_all |= {level: True for name in others for level in own[name].level}
    assert score(year, whole(year) | given_all).bonus_points == 5
    assert score(year, whole(year)).bonus_points == 0
    alone = {others[0]: True, **dict.fromkeys(own[others[0]].level[:1], True)}
    assert score(year, whole(year) | alone).bonus_points == 5


def test_without_its_level_another_registry_is_no_bonus():
    assert score(2023, whole(2023, PHCDRR_2=True)).bonus_points == 0
    assert score(2022, whole(2022, PHCDRR_2=True)).bonus_points == 5


RATES = st.builds(lambda n, d: Fraction(min(n, d), d), st.integers(1, 60), st.integers(1, 60))
COUNTED = ("EP_1", "HIE_1", "HIE_4", "PEA_1")


@given(
    st.sampled_from(list(YEARS)),
    st.fixed_dictionaries(dict.fromkeys(COUNTED, RATES)),
    st.sampled_from(COUNTED),
    st.booleans(),
)
def test_one_more_never_earns_less_and_nothing_is_above_100(year, rates, name, excused):
    changes: dict[str, Any] = {**rates, **({"EP_1": None, "LVPP_1": True} if excused else {})}
    before = score(year, whole(year, **changes))
    old = rates[name]
    more = Fraction(min(old.numerator + 1, old.denominator), old.denominator)
    if changes[name] is not None:
        changes[name] = more
    after = score(year, whole(year, **changes))
    assert before.score is not None
    assert after.score is not None
    assert 4 <= before.score <= after.score <= 100
    for each, points in after.performance.items():
        assert 0 <= points <= 100
        assert points >= before.performance[each] or each != f"PI_{name}"


@given(st.sampled_from(list(YEARS)), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(year, random):
    answers = list(whole(year, LVPP_1=True, EP_1=None).items())
    random.shuffle(answers)
    assert score(year, dict(answers)) == score(year, whole(year, LVPP_1=True, EP_1=None))
