"""A MIPS performance category: what counts towards its score, item by item, by date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from wellpost.errors import RequestError
from wellpost.rules.dated import Dated, in_force, read_dated
from wellpost.rules.measure import MeasureRule, PointsRule
from wellpost.rules.naming import no_such
from wellpost.rules.reading import Entry

KINDS = ("proportion", "boolean")
PARTS = ("performance", "registry", "bonus", "bonus_registry")


@dataclass(frozen=True)
class CategoryRule:
    """How items come to a score.

    `base` points when every base item is answered for (0: there is no base); `performance` the
    most that performance points come to; the first registry earns `registry` performance points,
    another one `further_registry` bonus points; the score is at most `at_most` and weighs
    `weight` percent of the final score. `prefix` stands before every identifier of that year.

    Where `moves_points`, an exclusion moves the points of its measure to others. There so many
    `registries` must be answered with yes or excused; they give `registry_points` together, which
    move to `registries_excused_to` when every one is excused (empty: nobody says where).
    `bonus_registry` is what any number of the others give.
    """

    prefix: str
    weight: int
    at_most: int
    base: int = 0
    performance: int | None = None
    registry: int = 0
    further_registry: int = 0
    moves_points: bool = False
    registries: int = 0
    registry_points: int = 0
    registries_excused_to: tuple[str, ...] = ()
    bonus_registry: int = 0


@dataclass(frozen=True)
class Item:
    """Something answered for: a count (proportion) or yes (boolean).

    `base` items are needed for the base; one of `excused_by`, answered yes, stands for it, and its
    points go in equal parts to `excused_to` (empty: nobody says where). One of `instead`, answered
    yes, stands in its place and, if it `takes_points`, has what would have come to it. A yes counts
    with one of `level`. With `any_answer` a no is as good as a yes. `earns` says how a count
    becomes points; `part` is where they belong. What CMS has no identifier for goes `as_is`,
    without a prefix.
    """

    identifier: str
    kind: str
    base: bool = False
    excused_by: tuple[str, ...] = ()
    earns: PointsRule | None = None
    part: str = "performance"
    as_is: bool = False
    excused_to: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    takes_points: bool = False
    any_answer: bool = False


@dataclass(frozen=True)
class CategoryLaw:
    """A category over all years of its program."""

    rule: tuple[Dated[CategoryRule], ...]
    items: tuple[tuple[Dated[Item], ...], ...]
    checked: date

    def on(self, day: date, measures: Iterable[MeasureRule]) -> Category | None:
        """The category in force on a day, None when the program's score is not made here then.

        Measures that earn points are items too, with the points of their own rule.
        """
        rule = in_force(self.rule, day)
        if rule is None:
            return None
        entered = [item for each in self.items if (item := in_force(each, day))]
        named = [_prefixed(each, rule.value.prefix) for each in entered]
        return Category(_rule_prefixed(rule), _with_measures(named, measures), self.checked)


@dataclass(frozen=True)
class Category:
    """The category of one year: its rule and its items, each with its citation."""

    rule: Dated[CategoryRule]
    items: tuple[Dated[Item], ...]
    checked: date

    @property
    def kinds(self) -> Mapping[str, str]:
        """What may be answered, and how: identifiers of items and of what excuses them."""
        own = {each.value.identifier: each.value.kind for each in self.items}
        beside = {
            name: "boolean"
            for each in self.items
            for name in (*each.value.excused_by, *each.value.level)
        }
        return {**beside, **own}

    def refuse_contradictions(self, answers: Mapping[str, object]) -> None:
        """RequestError where a measure is answered beside what excuses it or stands in its place.

        CMS takes no such submission (its guide, on measurements; error 102 of its converter).
        """
        if not self.rule.value.moves_points:
            return
        for item in (each.value for each in self.items):
            for other in (*item.excused_by, *item.instead):
                if answers.get(other) is True and answers.get(item.identifier):
                    raise RequestError(
                        f"{item.identifier} and {other} are both attested; they cannot both be "
                        f"true in one year, so take one out."
                    )

    def kind(self, identifier: str) -> str:
        """How an item is answered; RequestError names those there are."""
        if identifier not in self.kinds:
            raise no_such("measure to attest", identifier, sorted(self.kinds))
        return self.kinds[identifier]


def _prefixed(item: Dated[Item], prefix: str) -> Dated[Item]:
    value = item.value
    if value.as_is:
        return item
    named = replace(
        value,
        identifier=prefix + value.identifier,
        excused_by=_all(prefix, value.excused_by),
        excused_to=_all(prefix, value.excused_to),
        instead=_all(prefix, value.instead),
        level=_all(prefix, value.level),
    )
    return item.with_value(named)


def _all(prefix: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(prefix + each for each in names)


def _rule_prefixed(rule: Dated[CategoryRule]) -> Dated[CategoryRule]:
    to = _all(rule.value.prefix, rule.value.registries_excused_to)
    return rule.with_value(replace(rule.value, registries_excused_to=to))


def _with_measures(
    items: Iterable[Dated[Item]], measures: Iterable[MeasureRule]
) -> tuple[Dated[Item], ...]:
    found = {each.value.identifier: each for each in items}
    for rule in measures:
        if rule.identifier and rule.scored:
            item = found.get(rule.identifier)
            value = item.value if item else Item(rule.identifier, "proportion")
            scored = rule.scored.with_value(replace(value, earns=rule.points))
            found[rule.identifier] = scored
    return tuple(found[identifier] for identifier in sorted(found))


def read_category(entry: Entry) -> CategoryLaw:
    """A category from its `category.yaml`."""
    entries = sorted(entry.entries("items"), key=_named)
    by_item = groupby(entries, key=_named)
    found = CategoryLaw(
        read_dated(entry.entries("category"), _rule),
        tuple(read_dated(each, _item) for _, each in by_item),
        entry.day("checked"),
    )
    entry.finish()
    return found


def _named(entry: Entry) -> str:
    return entry.text("answer") if entry.has("answer") else entry.text("item")


def _rule(entry: Entry) -> CategoryRule:
    return CategoryRule(
        prefix=entry.text("prefix"),
        weight=entry.amount("weight", "percent"),
        at_most=entry.amount("at_most"),
        base=_amount(entry, "base") or 0,
        performance=_amount(entry, "performance"),
        registry=_amount(entry, "registry") or 0,
        further_registry=_amount(entry, "further_registry") or 0,
        moves_points=_flag(entry, "moves_points"),
        registries=_amount(entry, "registries") or 0,
        registry_points=_amount(entry, "registry_points") or 0,
        registries_excused_to=_names(entry, "registries_excused_to"),
        bonus_registry=_amount(entry, "bonus_registry") or 0,
    )


def _amount(entry: Entry, key: str) -> int | None:
    return entry.amount(key) if entry.has(key) else None


def _item(entry: Entry) -> Item:
    return Item(
        _named(entry),
        entry.one_of("kind", KINDS),
        base=entry.has("base") and entry.one_of("base", ("needed",)) == "needed",
        excused_by=_names(entry, "excused_by"),
        earns=_earns(entry),
        part=entry.one_of("part", PARTS) if entry.has("part") else "performance",
        as_is=entry.has("answer"),
        excused_to=_names(entry, "excused_to"),
        instead=_names(entry, "instead"),
        level=_names(entry, "level"),
        takes_points=_flag(entry, "takes_points"),
        any_answer=_flag(entry, "any_answer"),
    )


def _names(entry: Entry, key: str) -> tuple[str, ...]:
    return entry.texts(key) if entry.has(key) else ()


def _flag(entry: Entry, key: str) -> bool:
    return entry.has(key) and entry.one_of(key, ("yes",)) == "yes"


def _earns(entry: Entry) -> PointsRule | None:
    if not entry.has("points"):
        return None
    scale = entry.one_of("scale", ("deciles", "proportional", "flat"))
    return PointsRule(scale, entry.amount("points"))
