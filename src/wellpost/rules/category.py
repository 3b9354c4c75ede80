"""A MIPS performance category: what counts towards its score, item by item, by date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from wellpost.rules.dated import Dated, in_force, read_dated
from wellpost.rules.measure import MeasureRule, PointsRule
from wellpost.rules.naming import no_such
from wellpost.rules.reading import Entry

KINDS = ("proportion", "boolean")
PARTS = ("performance", "registry", "bonus")


@dataclass(frozen=True)
class CategoryRule:
    """How items come to a score.

    `base` points when every base item is answered for (0: there is no base); `performance` the
    most that performance points come to; the first registry earns `registry` performance points,
    another one `further_registry` bonus points; the score is at most `at_most` and weighs
    `weight` percent of the final score. `prefix` stands before every identifier of that year.
    """

    prefix: str
    weight: int
    at_most: int
    base: int = 0
    performance: int | None = None
    registry: int = 0
    further_registry: int = 0


@dataclass(frozen=True)
class Item:
    """Something answered for: a count (proportion) or yes (boolean).

    `base` items are needed for the base; one of `excused_by`, answered yes, stands for it. `earns`
    says how a count becomes points; `part` is where they belong. What CMS has no identifier for
    goes `as_is`, without a prefix.
    """

    identifier: str
    kind: str
    base: bool = False
    excused_by: tuple[str, ...] = ()
    earns: PointsRule | None = None
    part: str = "performance"
    as_is: bool = False


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
        return Category(rule, _with_measures(named, measures), self.checked)


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
        excuses = {name: "boolean" for each in self.items for name in each.value.excused_by}
        return {**excuses, **own}

    def kind(self, identifier: str) -> str:
        """How an item is answered; RequestError names those there are."""
        if identifier not in self.kinds:
            raise no_such("measure to attest", identifier, sorted(self.kinds))
        return self.kinds[identifier]


def _prefixed(item: Dated[Item], prefix: str) -> Dated[Item]:
    value = item.value
    if value.as_is:
        return item
    excused = tuple(prefix + each for each in value.excused_by)
    return replace(
        item, value=replace(value, identifier=prefix + value.identifier, excused_by=excused)
    )


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
    )


def _amount(entry: Entry, key: str) -> int | None:
    return entry.amount(key) if entry.has(key) else None


def _item(entry: Entry) -> Item:
    return Item(
        _named(entry),
        entry.one_of("kind", KINDS),
        base=entry.has("base") and entry.one_of("base", ("needed",)) == "needed",
        excused_by=entry.texts("excused_by") if entry.has("excused_by") else (),
        earns=_earns(entry),
        part=entry.one_of("part", PARTS) if entry.has("part") else "performance",
        as_is=entry.has("answer"),
    )


def _earns(entry: Entry) -> PointsRule | None:
    if not entry.has("points"):
        return None
    scale = entry.one_of("scale", ("deciles", "proportional", "flat"))
    return PointsRule(scale, entry.amount("points"))
