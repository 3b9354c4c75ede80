"""The evidence for exclusions claimed: what the facts show for each reporter, in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wellpost.engine.exclusions import GROUNDS, exclusion_query
from wellpost.engine.levels import reporter
from wellpost.engine.relations import on_facts
from wellpost.facts.sources import Source
from wellpost.reports.claims import Claim
from wellpost.reports.request import Request
from wellpost.reports.scorecard import Scorecard, reporter_json
from wellpost.rules.policies import checked_ground
from wellpost.scoring.verdict import Verdict
from wellpost.terms import Reporter, spoken


@dataclass(frozen=True)
class Ground:
    """A claim, for one reporter: encounters looked at, those that speak against it, the outcome.

    The numbers are None where no fact shows the ground and somebody attests it.
    """

    claim: Claim
    reporter: Reporter
    encounters: int | None
    against: int | None
    stands: bool

    def as_json(self) -> dict[str, object]:
        """Its fields and the ground's own words."""
        return {
            "measure": spoken(self.claim.measure),
            "ground": self.claim.ground,
            "says": checked_ground(self.claim.ground).says,
            **reporter_json(self.reporter),
            "encounters": self.encounters,
            "against": self.against,
            "stands": self.stands,
        }


def grounds(source: Source, request: Request, card: Scorecard) -> Iterator[Ground]:
    """The evidence of each claim, for each reporter of the scorecard."""
    for claim in request.claims:
        results = [each for each in card.results if each.rule.measure == claim.measure]
        shown = _shown(source, request, claim)
        for each in results:
            stands = each.judgement.verdict is Verdict.EXCLUDED
            yield Ground(claim, each.reporter, *shown.get(each.reporter, (None, None)), stands)


def _shown(
    source: Source, request: Request, claim: Claim
) -> dict[Reporter, tuple[int | None, int | None]]:
    if claim.ground not in GROUNDS:
        return {}
    rule = request.rules.measure(claim.measure)
    values = {"period_start": request.period.start, "period_end": request.period.end}
    return {
        reporter(level, row): (int(row[-2]), int(row[-1]))
        for level in request.levels
        for query in [exclusion_query(claim.ground, level, request.question(rule, level).words)]
        for row in source.run(on_facts(query, source.tables), values)
    }
