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

    def of_any_year(self) -> Statement:
        """The same without its year, to see in which years it was in force."""
        return replace(self, year=0)

    def as_json(self) -> dict[str, object]:
        """Its fields, days in ISO form."""
        return {**vars(self), "since": str(self.since), "checked": str(self.checked)}


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
    base = f"base {rule.base}, " if rule.base else ""
    performance = f"performance up to {rule.performance}, " if rule.performance else ""
    registries = f"a registry {rule.registry}, another {rule.further_registry}"
    return f"{base}{performance}{registries}; at most {rule.at_most}, weight {rule.weight} %"


def _item(item: Item) -> str:
    asked = "numerator and denominator" if item.kind == "proportion" else "yes or no"
    needed = ["needed for the base"] if item.base else []
    excused = [f"excused by {' or '.join(item.excused_by)}"] if item.excused_by else []
    return ", ".join([asked, *needed, *excused, *_worth(item)])


def _worth(item: Item) -> list[str]:
    if item.part == "registry":
        return ["a registry"]
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
    return Statement(
        rules.name, rules.year, measure, asks, value, dated.since, dated.cite, dated.says, checked
    )
