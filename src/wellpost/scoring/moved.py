"""Points that an exclusion moves from its measure to others, and those nobody can place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from wellpost.rules.category import Category, Item
from wellpost.scoring.answers import Answers, answered, chosen, excused, is_yes


@dataclass
class Moved:
    """The most each item can earn once exclusions have moved points; `unknown` says what has none.

    An item that is excused, or in whose place another stands, can earn nothing.
    """

    most: dict[str, int]
    unknown: list[str] = field(default_factory=list)

    def earning(self, item: Item) -> Item:
        """The item with the most it can earn now; without points when that is none."""
        most = self.most.get(item.identifier, 0)
        if item.earns is None or most == item.earns.maximum:
            return item
        return replace(item, earns=replace(item.earns, maximum=most) if most else None)


def moved(category: Category, answers: Answers) -> Moved:
    """Where the points of exclusions went. Nothing moves before 2019."""
    items = {each.value.identifier: each.value for each in category.items}
    found = Moved({name: one.earns.maximum for name, one in items.items() if one.earns})
    if category.rule.value.moves_points:
        _from_registries(category, answers, found)
        for name in _excused_first(items, answers):
            _move(items[name], items[name].excused_to, found)
        for item in items.values():
            _stand_aside(item, items, answers, found)
    return found


def _excused_first(items: Mapping[str, Item], answers: Answers) -> list[str]:
    """Excused items that have points, each before those its points go to."""
    left = [name for name, one in items.items() if one.earns and excused(one, answers)]
    ordered: list[str] = []
    while left:
        fed = {to for name in left for to in items[name].excused_to}
        ordered += [name for name in left if name not in fed] or left
        left = [name for name in left if name not in ordered]
    return ordered


def _move(item: Item, to: tuple[str, ...], found: Moved) -> None:
    """Its points in equal parts to others; nobody to have them is told."""
    points = found.most[item.identifier]
    found.most[item.identifier] = 0
    if not to:
        found.unknown.append(
            f"where the {points} points of {item.identifier} go when it is excused"
        )
    for each in to:
        found.most[each] += points // len(to)


def _from_registries(category: Category, answers: Answers, found: Moved) -> None:
    """Registries all excused, with none answered yes, move what they would give together."""
    rule = category.rule.value
    registries = [each.value for each in category.items if each.value.part == "registry"]
    if any(is_yes(answers.get(one.identifier)) for one in registries):
        return
    if sum(excused(one, answers) for one in registries) < rule.registries:
        return
    if any(answered(one, answers) for one in registries):
        return
    if not rule.registries_excused_to:
        found.unknown.append(f"where the {rule.registry_points} points of excused registries go")
    for each in rule.registries_excused_to:
        found.most[each] += rule.registry_points // len(rule.registries_excused_to)


def _stand_aside(item: Item, items: Mapping[str, Item], answers: Answers, found: Moved) -> None:
    """Who is answered for by another gives it what had come to it, where the law says so."""
    other = chosen(item, answers)
    if other is None or item.earns is None:
        return
    came = found.most[item.identifier] - item.earns.maximum
    found.most[item.identifier] = 0
    if came > 0 and items[other].takes_points:
        found.most[other] += came
    elif came > 0:
        found.unknown.append(f"whether {other} takes the points that came to {item.identifier}")
