"""Which claimed exclusions stand: those whose evidence the facts hold, or that are attested."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set

from wellpost.engine.exclusions import qualifies
from wellpost.engine.standing import standing
from wellpost.facts.sources import Source
from wellpost.reports.claims import Claim, unsupported
from wellpost.reports.request import Request
from wellpost.rules.model import MeasureRule
from wellpost.rules.policies import checked_ground
from wellpost.terms import Level, Period, Reporter

Excluded = Callable[[Reporter], frozenset[int]]
"""The numbers of the periods from which a reporter is excluded."""


class Standing:
    """The claims of a request held against the facts, reporter by reporter."""

    def __init__(self, source: Source, request: Request) -> None:
        self._source = source
        self._request = request
        self._unsupported = set(request.claims)
        self._known: dict[object, Set[Reporter]] = {}

    def excluded(self, rule: MeasureRule, level: Level, reporters: Set[Reporter]) -> Set[Reporter]:
        """Those of the reporters for whom a claim about this measure stands."""
        stands: set[Reporter] = set()
        for claim in self._request.claims:
            if claim.measure == rule.measure:
                stands |= self._supported(claim, rule, level, reporters)
        return stands

    def refuse_unsupported(self) -> None:
        """RequestError for a claim that stood for nobody."""
        for claim in self._request.claims:
            asked = any(rule.measure == claim.measure for rule in self._request.measures)
            if asked and claim in self._unsupported:
                raise unsupported(claim)

    def _supported(
        self, claim: Claim, rule: MeasureRule, level: Level, reporters: Set[Reporter]
    ) -> Set[Reporter]:
        supported = reporters
        if checked_ground(claim.ground).shown_by == "facts":
            supported = reporters & self._shown(claim.ground, level, rule)
        if supported:
            self._unsupported.discard(claim)
        return supported

    def _shown(self, ground: str, level: Level, rule: MeasureRule) -> Set[Reporter]:
        key = ground, level, tuple(rule.manners.items())
        if key not in self._known:
            self._known[key] = qualifies(
                self._source, ground, level, self._request.period, rule.manners
            )
        return self._known[key]


class StandingInPeriods:
    """The claims of a request held against the facts, period by period."""

    def __init__(self, source: Source, request: Request, periods: Sequence[Period]) -> None:
        self._source = source
        self._request = request
        self._number = {period: number for number, period in enumerate(periods)}
        self._known: dict[object, Mapping[Reporter, frozenset[int]]] = {}

    def excluded(self, rule: MeasureRule, level: Level) -> Excluded:
        """From which periods a claim about this measure excludes each reporter."""
        claims = [each for each in self._request.claims if each.measure == rule.measure]
        if any(not _is_shown(each) for each in claims):
            return lambda reporter: frozenset(self._number.values())
        shown = [self._shown(each.ground, level, rule) for each in claims]
        return lambda reporter: frozenset[int]().union(*(each.get(reporter, ()) for each in shown))

    def refuse_unsupported(self) -> None:
        """RequestError for a claim that stands for nobody in any period."""
        for claim in self._request.claims:
            rules = [each for each in self._request.measures if each.measure == claim.measure]
            if rules and _is_shown(claim) and not self._stands(claim, rules[0]):
                raise unsupported(claim)

    def _stands(self, claim: Claim, rule: MeasureRule) -> bool:
        return any(
            any(self._shown(claim.ground, level, rule).values()) for level in self._request.levels
        )

    def _shown(
        self, ground: str, level: Level, rule: MeasureRule
    ) -> Mapping[Reporter, frozenset[int]]:
        """The numbers of the periods, for the reporters asked for."""
        key = ground, level, tuple(rule.manners.items())
        if key not in self._known:
            found = standing(self._source, ground, level, list(self._number), rule.manners)
            self._known[key] = {
                reporter: frozenset(self._number[period] for period in periods)
                for reporter, periods in found.items()
                if _is_asked_for(reporter, self._request)
            }
        return self._known[key]


def _is_shown(claim: Claim) -> bool:
    return checked_ground(claim.ground).shown_by == "facts"


def _is_asked_for(reporter: Reporter, request: Request) -> bool:
    """Whether the request is about the reporter, as far as its own numbers tell."""
    return request.npi in (None, reporter.npi or request.npi) and request.tin in (
        None,
        reporter.tin or request.tin,
    )
