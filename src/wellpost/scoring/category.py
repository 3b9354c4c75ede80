"""The score of a MIPS category: base, performance and bonus, in whole numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wellpost.rules.category import Category, CategoryRule, Item
from wellpost.scoring.answers import Answers, answered, excused, is_yes, stands
from wellpost.scoring.moved import moved
from wellpost.scoring.points import points

Earned = dict[str, dict[str, int]]
"""Points by part, then by identifier."""


@dataclass(frozen=True)
class Yes:
    """A yes as a share: all of it."""

    numerator: int = 1
    denominator: int = 1


@dataclass(frozen=True)
class CategoryScore:
    """What a category comes to. `missing` is what the base lacks; with any, the score is 0.

    `performance` and `bonus` have the points of every item that earned some. `unknown` is what no
    source tells and the score depends on; with any, there is no score (None).
    """

    base: int
    performance: Mapping[str, int]
    bonus: Mapping[str, int]
    performance_points: int
    score: int | None
    weight: int
    missing: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    @property
    def bonus_points(self) -> int:
        """The sum of the bonuses."""
        return sum(self.bonus.values())

    @property
    def contribution(self) -> float | None:
        """Points of the final score: so many percent of this one; None without a score."""
        return None if self.score is None else self.score * self.weight / 100


def category_score(category: Category, answers: Answers, *, rounding: str) -> CategoryScore:
    """Score the answers (42 CFR 414.1380(b)(4)). `rounding` is the policy `decile_rounding`.

    All or nothing: every needed item needs a numerator of at least 1, a yes, the yes of what
    excuses it or of what stands instead. Beside it nothing is needed; what is not answered earns
    nothing. From 2019 an exclusion moves the points of its measure; where nobody says where to,
    there is no score.
    """
    rule, items = category.rule.value, [each.value for each in category.items]
    missing = tuple(_missing(rule, items, answers))
    placed = moved(category, answers)
    items = [placed.earning(one) for one in items]
    earned: Earned = {
        part: dict(_earned(items, answers, part, rounding)) for part in ("performance", "bonus")
    }
    _add_registries(rule, items, answers, earned)
    performance = sum(earned["performance"].values())
    if rule.performance is not None:
        performance = min(performance, rule.performance)
    whole = rule.base + performance + sum(earned["bonus"].values())
    unknown = () if missing else tuple(placed.unknown)
    return CategoryScore(
        base=0 if missing else rule.base,
        performance=earned["performance"],
        bonus=earned["bonus"],
        performance_points=performance,
        score=None if unknown else 0 if missing else min(rule.at_most, whole),
        weight=rule.weight,
        missing=missing,
        unknown=unknown,
    )


def _missing(rule: CategoryRule, items: list[Item], answers: Answers) -> Iterator[str]:
    """Needed items that nothing stands for, and registries of which too few are answered for."""
    yield from (one.identifier for one in items if one.base and not stands(one, answers))
    registries = [one for one in items if one.part == "registry"]
    if rule.registries > sum(stands(one, answers) for one in registries):
        yield from (one.identifier for one in registries if not stands(one, answers))


def _earned(
    items: list[Item], answers: Answers, part: str, rounding: str
) -> Iterator[tuple[str, int]]:
    for item in items:
        answer = answers.get(item.identifier)
        if item.part == part and item.earns and answer is not None and is_yes(answer):
            share = Yes() if isinstance(answer, bool) else answer
            yield item.identifier, points(share, item.earns, rounding=rounding) or 0


def _add_registries(
    rule: CategoryRule, items: list[Item], answers: Answers, earned: Earned
) -> None:
    """What registries give: points of performance, and a bonus for one more."""
    mine = [one for one in items if one.part == "registry" and answered(one, answers)]
    if rule.registries:
        _share(rule, items, mine, answers, earned["performance"])
    elif mine:
        earned["performance"][mine[0].identifier] = rule.registry
        earned["bonus"].update({one.identifier: rule.further_registry for one in mine[1:2]})
    others = (one for one in items if one.part == "bonus_registry" and answered(one, answers))
    if first := next(others, None):
        earned["bonus"][first.identifier] = rule.bonus_registry


def _share(
    rule: CategoryRule,
    items: list[Item],
    mine: list[Item],
    answers: Answers,
    performance: dict[str, int],
) -> None:
    """All or nothing: with enough registries answered or excused, all points to those answered.

    Two halve them, the first has what does not halve (13 and 12 of 25).
    """
    registries = [one for one in items if one.part == "registry"]
    excluded = sum(excused(one, answers) for one in registries if one not in mine)
    if not mine or len(mine) + excluded < rule.registries:
        return
    first, *second = mine[:2]
    half = rule.registry_points // 2 if second else 0
    performance[first.identifier] = rule.registry_points - half
    performance.update({one.identifier: half for one in second})
