"""The score of a MIPS category: base, performance and bonus, in whole numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wellpost.rules.category import Category, Item
from wellpost.scoring.points import Share, points

Answers = Mapping[str, Share | bool]
"""What is answered, by identifier: counts, or yes (True) or no."""


@dataclass(frozen=True)
class Yes:
    """A yes as a share: all of it."""

    numerator: int = 1
    denominator: int = 1


@dataclass(frozen=True)
class CategoryScore:
    """What a category comes to. `missing` is what the base lacks; with any, the score is 0.

    `performance` and `bonus` have the points of every item that earned some.
    """

    base: int
    performance: Mapping[str, int]
    bonus: Mapping[str, int]
    performance_points: int
    score: int
    weight: int
    missing: tuple[str, ...]

    @property
    def bonus_points(self) -> int:
        """The sum of the bonuses."""
        return sum(self.bonus.values())

    @property
    def contribution(self) -> float:
        """Points of the final score: so many percent of this one."""
        return self.score * self.weight / 100


def category_score(category: Category, answers: Answers, *, rounding: str) -> CategoryScore:
    """Score the answers (42 CFR 414.1380(b)(4)). `rounding` is the policy `decile_rounding`.

    The base is all or nothing: every base item needs a numerator of at least 1, a yes, or the yes
    of what excuses it. Beside it nothing is needed; what is not answered earns nothing.
    """
    rule, items = category.rule.value, [each.value for each in category.items]
    missing = tuple(one.identifier for one in items if one.base and not _stands(one, answers))
    earned = {
        part: dict(_earned(items, answers, part, rounding)) for part in ("performance", "bonus")
    }
    _add_registries(category, answers, earned)
    performance = sum(earned["performance"].values())
    if rule.performance is not None:
        performance = min(performance, rule.performance)
    whole = rule.base + performance + sum(earned["bonus"].values())
    return CategoryScore(
        base=0 if missing else rule.base,
        performance=earned["performance"],
        bonus=earned["bonus"],
        performance_points=performance,
        score=0 if missing else min(rule.at_most, whole),
        weight=rule.weight,
        missing=missing,
    )


def _stands(item: Item, answers: Answers) -> bool:
    return any(_is_yes(answers.get(name)) for name in (item.identifier, *item.excused_by))


def _is_yes(answer: Share | bool | None) -> bool:
    if answer is None or isinstance(answer, bool):
        return bool(answer)
    return answer.numerator >= 1


def _earned(
    items: list[Item], answers: Answers, part: str, rounding: str
) -> Iterator[tuple[str, int]]:
    for item in items:
        answer = answers.get(item.identifier)
        if item.part == part and item.earns and answer is not None and _is_yes(answer):
            share = Yes() if isinstance(answer, bool) else answer
            yield item.identifier, points(share, item.earns, rounding=rounding) or 0


def _add_registries(
    category: Category, answers: Answers, earned: Mapping[str, dict[str, int]]
) -> None:
    """The first registry earns performance points, another one a bonus; others earn nothing."""
    rule = category.rule.value
    named = (each.value for each in category.items if each.value.part == "registry")
    registries = [one.identifier for one in named if _is_yes(answers.get(one.identifier))]
    if registries:
        earned["performance"][registries[0]] = rule.registry
    if len(registries) > 1:
        earned["bonus"][registries[1]] = rule.further_registry
