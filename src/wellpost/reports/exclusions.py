"""Which claimed exclusions stand: those whose evidence the facts hold, or that are attested."""

from __future__ import annotations

from collections.abc import Set

from wellpost.engine.exclusions import qualifies
from wellpost.facts.sources import Source
from wellpost.reports.claims import Claim, unsupported
from wellpost.reports.request import Request
from wellpost.rules.model import MeasureRule
from wellpost.rules.policies import checked_ground
from wellpost.terms import Level, Reporter


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
