"""What would have to happen: how many more patients, whom first, and by which day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wellpost.engine.membership import Member, membership
from wellpost.engine.runs import spoils
from wellpost.facts.sources import Source
from wellpost.reports.best_period import best_periods
from wellpost.reports.reporters import reporter_json
from wellpost.reports.request import Request
from wellpost.reports.results import Result
from wellpost.reports.scorecard import scorecard
from wellpost.rules.model import MeasureRule
from wellpost.terms import Measure, Period, Reporter


@dataclass(frozen=True)
class WhatIf:
    """What one measure of one reporter still needs in one period.

    `by` is the last day on which an act counts, None where no act can help any more. `patients`
    are those to reach first, so many as are needed, the one seen last first.
    """

    result: Result
    period: Period
    by: date | None
    patients: Sequence[Member]

    def as_json(self) -> dict[str, object]:
        """Measure, reporter, period, the count, and what is still needed."""
        named = self.result.as_json()
        start, end = self.period.start.isoformat(), self.period.end.isoformat()
        return {
            "measure": named.pop("measure"),
            **reporter_json(self.result.reporter),
            "start": start,
            "end": end,
            **named,
            "by": self.by.isoformat() if self.by else None,
            "patients": [
                {"patient_id": each.patient_id, "last_seen_on": each.last_seen_on.isoformat()}
                for each in self.patients
            ],
        }


def what_if(source: Source, request: Request) -> Iterator[WhatIf]:
    """What every measure and reporter needs in the period of the request."""
    card = scorecard(source, request)
    waiting = _waiting(source, request) if any(map(_can_be_helped, card.results)) else {}
    for result in card.results:
        yield _of_result(request, result, waiting.get((result.rule.measure, result.reporter), ()))


def what_if_best(source: Source, request: Request) -> Iterator[WhatIf]:
    """The same for the best of all periods as long as that of the request, reporter by reporter."""
    for ranked in best_periods(source, request):
        (best,) = ranked.results
        yield from what_if(source, of_reporter(request, ranked.rule, ranked.reporter, best.period))


def of_reporter(request: Request, rule: MeasureRule, reporter: Reporter, period: Period) -> Request:
    """The request for one measure of one reporter in another period."""
    return replace(
        request,
        period=period,
        measures=(rule,),
        levels=(reporter.level,),
        npi=reporter.npi or request.npi,
        tin=reporter.tin or request.tin,
    )


def last_day(request: Request, rule: MeasureRule) -> date | None:
    """The last day on which an act counts in the period; None where no act can help.

    Where an act can only spoil what another gave, a patient once lost is lost.
    """
    if spoils(request.question(rule, request.levels[0])):
        return None
    return request.window_days(rule).end


def _of_result(request: Request, result: Result, waiting: Iterable[Member]) -> WhatIf:
    by = last_day(request, result.rule)
    needed = result.judgement.needed or 0 if by else 0
    first = sorted(waiting, key=lambda each: (-each.last_seen_on.toordinal(), each.patient_id))
    return WhatIf(result, request.period, by, first[:needed])


def _can_be_helped(result: Result) -> bool:
    return bool(result.judgement.needed)


def _waiting(
    source: Source, request: Request
) -> Mapping[tuple[Measure, Reporter], Sequence[Member]]:
    """Those not reached yet, by measure and reporter."""
    found: dict[tuple[Measure, Reporter], list[Member]] = defaultdict(list)
    for rule in request.measures:
        for level in request.levels:
            for member in membership(source, request.question(rule, level)):
                if not member.in_numerator:
                    found[rule.measure, member.reporter].append(member)
    return found
