"""CMS's own scoring examples, 2017 to 2019, come out exactly (tests/data/qpp/submissions-docs)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wellpost.reports.attested import Answer, Fraction
from wellpost.rules.load import program_year
from wellpost.scoring.category import CategoryScore, category_score

EXAMPLES = Path(__file__).parents[2] / "data/qpp/submissions-docs"


def read(name: str) -> dict[str, Any]:
    """The example, without the envelopes that some have."""
    found = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    inner = found.get("data", found)
    return inner.get("submission", inner.get("score", inner))


def answers(name: str) -> dict[str, Answer]:
    """What a submission answers in the category."""
    return {
        each["measureId"]: Fraction(**each["value"])
        if isinstance(each["value"], dict)
        else each["value"]
        for part in read(name)["measurementSets"]
        if part["category"] in ("aci", "pi")
        for each in part["measurements"]
    }


def parts(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every part of a score, however deep."""
    yield node
    for each in [*node.get("parts", []), *([node["original"]] if "original" in node else [])]:
        yield from parts(each)


def named(score: dict[str, Any], name: str) -> dict[str, Any]:
    """The innermost part of that name."""
    return [each for each in parts(score) if each.get("name") == name][-1]


def scored(program: str, year: int, given: dict[str, Answer]) -> CategoryScore:
    category = program_year(program, year).category
    assert category is not None
    return category_score(category, given, rounding="round_first")


def test_2017_base_part_80_performance_20_score_100_contribution_25():
    ours = scored("mips-aci", 2017, answers("2017-aci-scoring-example-input"))
    theirs = read("2017-aci-scoring-example-output")
    base = named(theirs, "aci_base")
    of_base = sum(ours.performance[each["name"]] for each in base["parts"])
    assert ours.base + of_base == base["value"] == 80
    performance = named(theirs, "aci_performance")
    assert ours.performance_points - of_base == performance["value"] == 20
    for each in [*base["parts"], *performance["parts"]]:
        assert ours.performance[each["name"]] == each["value"]
    assert ours.bonus_points == named(theirs, "aci_bonus")["value"]
    assert ours.score == named(theirs, "aci")["value"] == 100
    assert ours.contribution == next(iter(named_all(theirs, "aci")))["value"] == 25


def named_all(score: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Every part of that name, the outermost first."""
    return [each for each in parts(score) if each.get("name") == name]


def test_2018_each_measure_the_bonus_and_the_cap():
    theirs = read("2018-pi-scoring-example-output")
    given: dict[str, Answer] = dict(answers("2018-pi-submission-example"))
    del given["PI_IACEHRT_1"]  # the scored example reports a registry and the 2015 Edition instead
    given |= {"PI_PHCDRR_1": True, "only_2015_edition": True}
    ours = scored("mips-aci", 2018, given)
    for part in ("PI_base", "PI_performance"):
        for each in named(theirs, part)["parts"]:
            assert ours.performance[each["name"]] == each["value"]
    assert ours.bonus_points == named(theirs, "cehrt_bonus")["value"] == 10
    assert ours.score == named(theirs, "pi")["value"] == 100
    assert ours.contribution == named_all(theirs, "pi")[0]["value"] == 25


def test_the_submission_of_2018_scores_100():
    ours = scored("mips-aci", 2018, answers("2018-pi-submission-example"))
    assert (ours.base, ours.performance_points, ours.bonus_points) == (50, 40, 10)
    assert ours.score == 100


def test_2019_every_measure_the_total_64_and_the_contribution_16():
    ours = scored("mips-pi", 2019, answers("2019-pi-submission-example"))
    theirs = read("2019-pi-scoring-example-output")
    points = {**ours.performance, **ours.bonus}
    shown = [each for each in named(theirs, "pi")["parts"] if type(each["value"]) is int]
    assert {each["name"]: each["value"] for each in shown} == points
    assert ours.score == named(theirs, "pi")["value"] == 64
    assert ours.contribution == named_all(theirs, "pi")[0]["value"] == 16


@pytest.mark.parametrize("year", [2017, 2018])
@pytest.mark.parametrize("program", ["mips-aci", "mips-aci-transition"])
def test_everything_done_is_100(program: str, year: int):
    category = program_year(program, year).category
    assert category is not None
    given: dict[str, Answer] = {
        name: Fraction(1, 1) if kind == "proportion" else True
        for name, kind in category.kinds.items()
    }
    ours = scored(program, year, given)
    assert (ours.base, ours.performance_points, ours.score) == (50, 90, 100)
    assert ours.bonus_points == (25 if (program, year) == ("mips-aci", 2018) else 15)
