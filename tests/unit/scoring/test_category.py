"""The category: a base all or nothing, performance up to 90, bonus, 100 at most (section 5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellpost.reports.attested import Answer, Fraction
from wellpost.rules.category import Category
from wellpost.rules.load import program_year
from wellpost.scoring.category import CategoryScore, category_score

BASE_2017: dict[str, Answer] = {
    "ACI_INFBLO_1": True,
    "ACI_ONCDIR_1": True,
    "ACI_PPHI_1": True,
    "ACI_EP_1": Fraction(1, 1000),
    "ACI_PEA_1": Fraction(1, 1000),
    "ACI_HIE_1": Fraction(1, 1000),
    "ACI_HIE_2": Fraction(1, 1000),
}
TRANSITION_2017: dict[str, Answer] = {
    "ACI_INFBLO_1": True,
    "ACI_ONCDIR_1": True,
    "ACI_TRANS_PPHI_1": True,
    "ACI_TRANS_EP_1": Fraction(1, 1000),
    "ACI_TRANS_PEA_1": Fraction(1, 1000),
    "ACI_TRANS_HIE_1": Fraction(1, 1000),
}
EXCUSES = [
    ("mips-aci", "ACI_EP_1", "ACI_LVPP_1"),
    ("mips-aci", "ACI_HIE_1", "ACI_LVOTC_1"),
    ("mips-aci", "ACI_HIE_2", "ACI_LVITC_1"),
    ("mips-aci-transition", "ACI_TRANS_EP_1", "ACI_TRANS_LVPP_1"),
    ("mips-aci-transition", "ACI_TRANS_HIE_1", "ACI_TRANS_LVOTC_1"),
]


def category(program: str = "mips-aci", year: int = 2017) -> Category:
    found = program_year(program, year).category
    assert found is not None
    return found


def score(answers: dict[str, Answer], program: str = "mips-aci", year: int = 2017) -> CategoryScore:
    return category_score(category(program, year), answers, rounding="round_first")


def base(program: str) -> dict[str, Answer]:
    return dict(BASE_2017 if program == "mips-aci" else TRANSITION_2017)


def test_the_base_alone():
    ours = score(BASE_2017)
    assert (ours.base, ours.performance_points, ours.score, ours.missing) == (50, 3, 53, ())
    theirs = score(TRANSITION_2017, "mips-aci-transition")
    assert (theirs.base, theirs.performance_points, theirs.score) == (50, 4, 54)


@pytest.mark.parametrize("program", ["mips-aci", "mips-aci-transition"])
def test_without_any_one_of_the_base_the_category_is_0(program: str):
    for name in base(program):
        for lacking in (None, False if base(program)[name] is True else Fraction(0, 5)):
            answers = {k: v for k, v in base(program).items() if k != name}
            if lacking is not None:
                answers[name] = lacking
            ours = score(answers, program)
            assert (ours.base, ours.score, ours.missing) == (0, 0, (name,))


@pytest.mark.parametrize(("program", "name", "excuse"), EXCUSES)
def test_an_exclusion_stands_for_its_measure_and_earns_nothing(program, name, excuse):
    answers = {k: v for k, v in base(program).items() if k != name} | {excuse: True}
    ours = score(answers, program)
    assert ours.base == 50
    assert excuse not in ours.performance
    assert score({**answers, excuse: False}, program).missing == (name,)


@pytest.mark.parametrize(
    ("registries", "performance", "bonus"),
    [([], 3, 0), ([2], 13, 0), ([1, 2], 13, 5), ([1, 2, 3, 4, 5], 13, 5)],
)
def test_one_registry_earns_10_another_belongs_to_the_bonus(registries, performance, bonus):
    answers = {**BASE_2017, **{f"ACI_PHCDRR_{n}": True for n in registries}}
    ours = score(answers)
    assert (ours.performance_points, ours.bonus_points) == (performance, bonus)


def test_a_registry_that_was_denied_is_none():
    assert score({**BASE_2017, "ACI_PHCDRR_1": False}).performance_points == 3


@pytest.mark.parametrize(("year", "program", "bonus"), [(2017, "mips-aci", 10)])
def test_an_improvement_activity_with_certified_technology(year, program, bonus):
    assert score({**BASE_2017, "ACI_IACEHRT_1": True}, program, year).bonus_points == bonus


def test_the_2015_edition_bonus_is_of_2018_and_of_the_standard_set():
    assert "only_2015_edition" in category("mips-aci", 2018).kinds
    assert "only_2015_edition" not in category("mips-aci", 2017).kinds
    assert "only_2015_edition" not in category("mips-aci-transition", 2018).kinds


@pytest.mark.parametrize(
    ("name", "numerator", "denominator", "points"),
    [
        ("ACI_TRANS_HIE_1", 47, 100, 10),
        ("ACI_TRANS_HIE_1", 2, 100, 2),
        ("ACI_TRANS_SM_1", 11, 100, 2),
    ],
)
def test_weight_20_earns_double(name: str, numerator: int, denominator: int, points: int):
    answers = {**TRANSITION_2017, name: Fraction(numerator, denominator)}
    assert score(answers, "mips-aci-transition").performance[name] == points


def test_the_rounding_policy_reaches_the_items():
    answers = {**BASE_2017, "ACI_HIE_3": Fraction(102, 1000)}
    ceiling = category_score(category(), answers, rounding="ceiling")
    assert score(answers).performance["ACI_HIE_3"] == 1
    assert ceiling.performance["ACI_HIE_3"] == 2


def test_the_category_weighs_25_percent():
    assert score(BASE_2017).contribution == 53 * 25 / 100


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        name: st.builds(lambda n, d: Fraction(min(n, d), d), st.integers(0, 40), st.integers(1, 40))
        if kind == "proportion"
        else st.booleans()
        for name, kind in category().kinds.items()
    },
)


@given(
    ANSWERS, st.sampled_from(sorted(category().kinds)), st.sampled_from(["round_first", "ceiling"])
)
def test_more_never_earns_less_and_nothing_goes_above_the_caps(answers, name, rounding):
    before = category_score(category(), answers, rounding=rounding)
    more = dict(answers)
    old = more.get(name)
    if category().kinds[name] == "boolean":
        more[name] = True
    else:
        numerator, denominator = (old.numerator, old.denominator) if old else (0, 10)
        more[name] = Fraction(min(numerator + 1, denominator), denominator)
    after = category_score(category(), more, rounding=rounding)
    assert before.score <= after.score <= 100
    assert before.performance_points <= after.performance_points <= 90
    assert before.bonus_points <= after.bonus_points <= 15


@given(ANSWERS)
def test_the_order_of_the_answers_does_not_matter(answers):
    backwards = dict(reversed(answers.items()))
    assert score(answers) == score(backwards)
