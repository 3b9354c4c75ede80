"""What is asked of a report: program, period, levels, policies and claims, checked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from wellpost.engine.question import Question
from wellpost.errors import RequestError
from wellpost.facts.identifiers import npi_is_valid, tin_is_valid
from wellpost.reports.attested import Answer, Attested, answers_json, checked_answers
from wellpost.reports.claims import Claim, checked_claims
from wellpost.reports.overrides import Override, checked_overrides
from wellpost.rules.load import program_year
from wellpost.rules.model import MeasureRule, ProgramYear
from wellpost.rules.naming import no_such
from wellpost.rules.policies import checked_policy, policies
from wellpost.terms import Level, Measure, Period, Reporter, Window, spoken, written

LEVELS_WITHOUT_NPI = (Level.GROUP, Level.VIRTUAL_GROUP)


@dataclass(frozen=True)
class Request:
    """A report asked for. Made by `ask`, which has refused whatever cannot be right.

    `measures` are in the order of their names, `levels` likewise; `given` holds the policies
    that were asked for, the others have their defaults.
    """

    rules: ProgramYear
    period: Period
    measures: tuple[MeasureRule, ...]
    levels: tuple[Level, ...]
    given: Mapping[str, str] = field(default_factory=dict)
    npi: str | None = None
    tin: str | None = None
    claims: tuple[Claim, ...] = ()
    attested_on: date | None = None
    overrides: tuple[Override, ...] = ()
    attested: Mapping[str, Answer] = field(default_factory=dict)

    def capability(self, rule: MeasureRule) -> bool | None:
        """What the practice answered where the rule asks for yes; None when it gave no answer."""
        answer = self.attested.get(rule.measure)
        return answer if isinstance(answer, bool) else None

    def policy(self, name: str, rule: MeasureRule | None = None) -> str:
        """The value in force: what was asked for, else the measure's, the program's, the default.

        The program's own value of a measure goes before the program's.
        """
        settled = rule.policies if rule else {}
        return {**self._defaults(), **settled, **self.given}[name]

    def window(self, rule: MeasureRule) -> Window:
        """Which window the numerator of a measure has."""
        value = self.policy("numerator_window", rule)
        return rule.window if value == "by_measure" else Window(value)

    def window_days(self, rule: MeasureRule) -> Period:
        """The days on which a numerator act counts, up to the attestation where one is given."""
        period = Period.of_year(self.rules.year)
        days = period if self.window(rule) is Window.CALENDAR_YEAR else self.period
        return Period(days.start, min(days.end, self.known_by(rule)))

    def known_by(self, rule: MeasureRule) -> date:
        """The day of attestation, where what came later cannot have been counted; else no day."""
        capped = self.policy("cap_at_attestation", rule) == "on"
        return self.attested_on if self.attested_on and capped else date.max

    def question(
        self,
        rule: MeasureRule,
        level: Level,
        *,
        patient_id: str | None = None,
        reporter: Reporter | None = None,
    ) -> Question:
        """The same request as the engine reads it, for one measure at one level.

        With `reporter`, for that one alone.
        """
        counting = [each.name for each in policies().values() if each.decides == "counting"]
        return Question(
            measure=rule.measure,
            level=level,
            period=self.period,
            window=self.window_days(rule),
            policies={**{name: self.policy(name, rule) for name in counting}, **rule.manners},
            npi=reporter.npi if reporter else self.npi,
            tin=reporter.tin if reporter else self.tin,
            patient_id=patient_id,
            known_by=self.known_by(rule),
        )

    def policies_in_force(self) -> dict[str, str | dict[str, str]]:
        """Every policy with its value, or its values by measure where these differ."""
        return {name: self._in_force(name) for name in policies()}

    def as_json(self) -> dict[str, object]:
        """What every report starts with: program, year, period, policies."""
        start, end = self.period.start.isoformat(), self.period.end.isoformat()
        top: dict[str, object] = {
            "program": self.rules.name,
            "year": self.rules.year,
            "period": {"start": start, "end": end},
            "policies": self.policies_in_force(),
        }
        if self.rules.state:
            top["state"] = self.rules.state
        if self.attested_on:
            top["attested_on"] = self.attested_on.isoformat()
        if self.attested:
            top["attested"] = answers_json(self.attested)
        if self.overrides:
            top["overrides"] = [each.as_json() for each in self.overrides]
        return top

    def _defaults(self) -> dict[str, str]:
        return {name: each.default for name, each in policies().items()} | dict(self.rules.policies)

    def _in_force(self, name: str) -> str | dict[str, str]:
        by_measure = {spoken(rule.measure): self._value(name, rule) for rule in self.measures}
        values = set(by_measure.values())
        return values.pop() if len(values) == 1 else by_measure

    def _value(self, name: str, rule: MeasureRule) -> str:
        return self.window(rule) if name == "numerator_window" else self.policy(name, rule)


def ask(
    program: str,
    year: int,
    period: Period,
    *,
    measures: Iterable[str | Measure] = (),
    levels: Iterable[str | Level] = (),
    policies: Mapping[str, str] | None = None,
    npi: str | None = None,
    tin: str | None = None,
    claims: Iterable[Claim] = (),
    attested_on: date | None = None,
    state: str | None = None,
    overrides: Iterable[Override] = (),
    attested: Iterable[Attested] = (),
) -> Request:
    """Check everything that can be wrong before any fact is read; RequestError says what is.

    Without `measures`, all of the program; without `levels`, those the program reports.
    """
    rules = program_year(program, year, state)
    rules.check_period(period)
    _check_identifiers(npi, tin)
    _check_attestation(attested_on, period)
    wanted = {rules.measure(str(each)).measure for each in measures}
    chosen = [rule for rule in rules.measures if not wanted or rule.measure in wanted]
    return Request(
        rules=rules,
        period=period,
        measures=tuple(sorted(chosen, key=lambda rule: rule.measure)),
        levels=_levels(rules, levels, npi),
        given=dict(checked_policy(*each) for each in (policies or {}).items()),
        npi=npi,
        tin=tin,
        claims=checked_claims(claims, rules),
        attested_on=attested_on,
        overrides=checked_overrides(overrides, rules),
        attested=checked_answers(attested, rules),
    )


def _levels(rules: ProgramYear, given: Iterable[str | Level], npi: str | None) -> tuple[Level, ...]:
    asked = [_level(str(each)) for each in given]
    for level in asked:
        if npi and level in LEVELS_WITHOUT_NPI:
            raise RequestError(
                f"level {spoken(level)} has no npi; ask for --tin, or for level clinician."
            )
    usual = [each for each in rules.levels if not (npi and each in LEVELS_WITHOUT_NPI)]
    return tuple(sorted(set(asked or usual)))


def _level(name: str) -> Level:
    try:
        return Level(written(name))
    except ValueError:
        raise no_such("level", spoken(name), map(spoken, Level)) from None


def _check_identifiers(npi: str | None, tin: str | None) -> None:
    if npi is not None and not npi_is_valid(npi):
        raise RequestError(
            f"npi {npi} fails its check digit; an npi is 10 digits, the last the check."
        )
    if tin is not None and not tin_is_valid(tin):
        raise RequestError(f"tin {tin} cannot be right; a tin is 9 digits.")


def _check_attestation(attested_on: date | None, period: Period) -> None:
    if attested_on and attested_on <= period.end:
        raise RequestError(
            f"attested on {attested_on}: the period {period} had not ended then; "
            f"the first day it can be attested is the day after {period.end}."
        )
