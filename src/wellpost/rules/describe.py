"""The law of a program year as statements: what is asked, since when, and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from wellpost.rules.category import CategoryRule, Item
from wellpost.rules.dated import Dated, in_force
from wellpost.rules.manners import manners
from wellpost.rules.model import MeasureRule, PeriodRule, ProgramYear
from wellpost.rules.naming import listed
from wellpost.rules.sources import Source, in_words
from wellpost.terms import spoken


@dataclass(frozen=True)
class Statement:
    """One thing the law asks. `measure` is None where it is about the program as a whole."""

    program: str
    year: int
    measure: str | None
    asks: str
    value: str
    since: date
    cite: str
    says: str
    checked: date
    sources: tuple[Source, ...] = ()

    @property
    def checked_against(self) -> str:
        """What the value was checked against on that day, or that nothing was found."""
        return in_words(self.sources)

    def of_any_year(self) -> Statement:
        """The same without its year, to see in which years it was in force."""
        return replace(self, year=0)

    def as_json(self) -> dict[str, object]:
        """Its fields, days in ISO form."""
        days = {"since": str(self.since), "checked": str(self.checked)}
        told = {name: value for name, value in vars(self).items() if name != "sources"}
        return {**told, **days, "checked_against": self.checked_against}


def statements(rules: ProgramYear) -> Iterator[Statement]:
    """Everything a program asks in a year: of the period, the objective, then each measure."""
    for asks, value, dated in _program(rules):
        yield _statement(rules, None, asks, value, dated, rules.program.checked)
    for rule in sorted(rules.measures, key=lambda each: each.measure):
        for asks, value, dated in _measure(rule):
            yield _statement(rules, rule, asks, value, dated, rule.checked)


def _program(rules: ProgramYear) -> Iterator[tuple[str, str, Dated[object]]]:
    yield "period", _period(rules.period.value), rules.period
    for state in rules.program.states:
        settled = in_force(rules.program.period, date(rules.year, 1, 1), state)
        if settled and settled.state and settled != rules.period:
            yield f"period in {state}", _period(settled.value), settled
    if rules.objective:
        asked = rules.objective.value
        measures = listed(map(spoken, asked.measures))
        yield "objective", f"meet {asked.satisfy} of {measures}", rules.objective
    if rules.settled:
        yield "policies", _set(rules.policies), rules.settled
    if rules.check:
        yield "check", f"{spoken(rules.check.value.name)} {rules.check.value.text}", rules.check
    if rules.category:
        yield "score", _score(rules.category.rule.value), rules.category.rule
        for item in rules.category.items:
            yield item.value.identifier, _item(item.value), item


def _score(rule: CategoryRule) -> str:
    base = [f"base {rule.base}"] if rule.base else []
    performance = [f"performance up to {rule.performance}"] if rule.performance else []
    most = f"at most {rule.at_most}, weight {rule.weight} %"
    return "; ".join([", ".join([*base, *performance, *_registries(rule)]), most])


def _registries(rule: CategoryRule) -> list[str]:
    if not rule.registries:
        return [f"a registry {rule.registry}", f"another {rule.further_registry}"]
    found = [f"{rule.registries} registries, yes or excused, {rule.registry_points} together"]
    if rule.registries_excused_to:
        found.append(f"all excused they go to {' and '.join(rule.registries_excused_to)}")
    return [*found, f"others {rule.bonus_registry}"] if rule.bonus_registry else found


def _item(item: Item) -> str:
    asked = "numerator and denominator" if item.kind == "proportion" else "yes or no"
    needed = ["needed"] if item.base else []
    return ", ".join([asked, *needed, *_beside(item), *_worth(item)])


def _beside(item: Item) -> Iterator[str]:
    """What may excuse it, stand in its place or must stand beside it."""
    if item.any_answer:
        yield "any answer will do"
    if item.instead:
        yield f"or {' or '.join(item.instead)}"
    if item.level:
        yield f"with {' or '.join(item.level)}"
    if item.excused_by:
        yield f"excused by {' or '.join(item.excused_by)}"
    if item.excused_to:
        yield f"its points then go to {' and '.join(item.excused_to)}"


def _worth(item: Item) -> list[str]:
    if item.part in ("registry", "bonus_registry"):
        return ["a registry" if item.part == "registry" else "a registry of the bonus"]
    if item.earns is None:
        return []
    bonus = "bonus of " if item.part == "bonus" else ""
    return [f"{bonus}up to {item.earns.maximum} points, {item.earns.scale}"]


def _measure(rule: MeasureRule) -> Iterator[tuple[str, str, Dated[object]]]:
    yield "threshold", rule.threshold.text, rule.asked
    if rule.counted:
        yield "counted", _counted(rule.manners), rule.counted
    yield "numerator window", spoken(rule.window), rule.timed
    if rule.excluded:
        yield "exclusions", ", ".join(rule.exclusions), rule.excluded
    if rule.identified:
        yield "identifier", rule.identified.value, rule.identified
    if rule.scored and rule.points:
        yield "points", f"up to {rule.points.maximum}, by {rule.points.scale}", rule.scored
    if rule.settled:
        yield "policies", _set(rule.policies), rule.settled


def _period(rule: PeriodRule) -> str:
    last = f", ending on {rule.last_day} or earlier" if rule.last_day else ""
    return f"at least {rule.at_least} continuous days in the year{last}"


def _counted(words: Mapping[str, str]) -> str:
    said = (f"{name} {word} ({manners()[name].values[word]})" for name, word in words.items())
    return ", ".join(said)


def _set(policies: object) -> str:
    pairs = policies.items() if isinstance(policies, dict) else ()
    return ", ".join(f"{name}={value}" for name, value in pairs)


def _statement(
    rules: ProgramYear,
    rule: MeasureRule | None,
    asks: str,
    value: str,
    dated: Dated[object],
    checked: date,
) -> Statement:
    measure = spoken(rule.measure) if rule else None
    told = (dated.since, dated.cite, dated.says, checked, dated.sources)
    return Statement(rules.name, rules.year, measure, asks, value, *told)
