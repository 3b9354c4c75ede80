"""A program, its measures and what it asks, as values. Read from `programs/` by `load`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from wellpost.errors import RequestError
from wellpost.rules.category import Category, CategoryLaw
from wellpost.rules.dated import Dated, in_force
from wellpost.rules.measure import MeasureLaw, MeasureRule, PointsRule
from wellpost.rules.mips_measures import mips_year
from wellpost.rules.naming import listed, no_such
from wellpost.terms import Level, Measure, Period, spoken, written

__all__ = [
    "CheckRule",
    "MeasureLaw",
    "MeasureRule",
    "ObjectiveRule",
    "PeriodRule",
    "PointsRule",
    "Program",
    "ProgramYear",
]


@dataclass(frozen=True)
class PeriodRule:
    """How long a reporting period must be, and the day it must end before."""

    at_least: int
    ends_before: date | None = None

    @property
    def last_day(self) -> date | None:
        """The last day a period may end on, where the law sets one."""
        return self.ends_before - timedelta(days=1) if self.ends_before else None


@dataclass(frozen=True)
class ObjectiveRule:
    """So many of these measures must be met, fewer where exclusions leave fewer."""

    name: str
    satisfy: int
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class CheckRule:
    """A share of encounters that must be so, reported beside the measures."""

    name: str
    at_least: int

    @property
    def text(self) -> str:
        """As tables show it: `>= 50 %`."""
        return f">= {self.at_least} %"


@dataclass(frozen=True)
class Program:
    """A program over all its years."""

    name: str
    title: str
    first_year: int
    last_year: int
    levels: tuple[Level, ...]
    period: tuple[Dated[PeriodRule], ...]
    objective: tuple[Dated[ObjectiveRule], ...]
    policies: tuple[Dated[Mapping[str, str]], ...]
    checks: tuple[Dated[CheckRule], ...]
    measures: tuple[MeasureLaw, ...]
    category: CategoryLaw | None
    checked: date
    place: str

    @property
    def years(self) -> range:
        """The years it ran."""
        return range(self.first_year, self.last_year + 1)

    def in_year(self, year: int, state: str | None = None) -> ProgramYear:
        """What it asks in one year (in one state, where states may settle something)."""
        if year not in self.years:
            raise RequestError(f"{self.name} has no rules for {year}; it ran {self.years_text}.")
        if state is not None and state not in self.states:
            raise no_such(f"state with settings of its own in {self.name}", state, self.states)
        day = date(year, 1, 1)
        rules = tuple(filter(None, (law.on(day, state) for law in self.measures)))
        period = in_force(self.period, day, state)
        if period is None:  # the reader of rule files refuses this
            raise RequestError(f"{self.name} has no rule on the reporting period of {year}.")
        return ProgramYear(
            self,
            year,
            rules,
            period,
            in_force(self.objective, day, state),
            in_force(self.policies, day, state),
            in_force(self.checks, day, state),
            self.category.on(day, rules) if self.category else None,
            state,
        )

    @property
    def states(self) -> tuple[str, ...]:
        """The states that settled something for themselves."""
        return tuple(sorted({each.state for each in self.period if each.state}))

    @property
    def years_text(self) -> str:
        """`2017 to 2021`, or `in 2017`."""
        if self.first_year == self.last_year:
            return f"in {self.first_year}"
        return f"from {self.first_year} to {self.last_year}"


@dataclass(frozen=True)
class ProgramYear:
    """Everything one program asks in one year."""

    program: Program
    year: int
    measures: tuple[MeasureRule, ...]
    period: Dated[PeriodRule]
    objective: Dated[ObjectiveRule] | None
    settled: Dated[Mapping[str, str]] | None
    check: Dated[CheckRule] | None = None
    category: Category | None = None
    state: str | None = None

    @property
    def name(self) -> str:
        """The program's name, as commands write it."""
        return self.program.name

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels reported when none is asked for."""
        return self.program.levels

    @property
    def policies(self) -> Mapping[str, str]:
        """Defaults of policies that the program itself settles."""
        return self.settled.value if self.settled else {}

    def measure(self, name: str) -> MeasureRule:
        """The rule for a measure, by name or identifier; RequestError names those there are."""
        for rule in self.measures:
            if rule.measure == written(name) or rule.identifier == self._canonical(name):
                return rule
        existing = sorted(spoken(rule.measure) for rule in self.measures)
        raise no_such(f"measure in {self.name} {self.year}", spoken(name), existing)

    def _canonical(self, identifier: str) -> str:
        """The identifier of this year, for one that CMS also accepts under an older name."""
        if not any(rule.identifier for rule in self.measures):
            return identifier
        return mips_year(self.year).canonical(identifier)

    def check_period(self, period: Period) -> None:
        """Refuse a period the program does not allow, in the rule's own words."""
        for wrong in (self._outside, self._too_short, self._too_late):
            sentence = wrong(period)
            if sentence:
                raise RequestError(f"{sentence} ({self.period.cite}: {self.period.says}).")

    def _outside(self, period: Period) -> str | None:
        year = Period.of_year(self.year)
        if year.start <= period.start and period.end <= year.end:
            return None
        years = [str(y) for y in range(period.start.year, period.end.year + 1)]
        where = f"in {listed(years)}" if len(years) < 3 else f"in {len(years)} years"
        return (
            f"period {period} lies {where}; {self.name} {self.year} asks for one inside "
            f"program year {self.year}, {year}"
        )

    def _too_short(self, period: Period) -> str | None:
        least = self.period.value.at_least
        if period.days >= least:
            return None
        days = "1 day" if period.days == 1 else f"{period.days} days"
        return (
            f"period {period} is too short: {days}; {self.name} {self.year} asks for at least "
            f"{least} continuous days"
        )

    def _too_late(self, period: Period) -> str | None:
        last = self.period.value.last_day
        if last is None or period.end <= last:
            return None
        return (
            f"period {period} ends too late; in {self.name} {self.year} the last permitted day "
            f"is {last}"
        )
