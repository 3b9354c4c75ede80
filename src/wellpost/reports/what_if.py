"""What would have to happen: how many more patients, whom first, and by which day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from wellpost.engine.ahead import NextVisits, next_visits, who_can_open
from wellpost.engine.runs import spoils
from wellpost.engine.waiting import Due, Wanted, waiting
from wellpost.facts.sources import Source
from wellpost.reports.best_period import PeriodResult, best_periods
from wellpost.reports.reporters import reporter_json
from wellpost.reports.request import Request
from wellpost.reports.results import Result
from wellpost.reports.scorecard import scorecard
from wellpost.reports.worklist import today
from wellpost.rules.model import MeasureRule
from wellpost.scoring.verdict import Verdict, judge
from wellpost.terms import Level, Period, Reporter

FURTHEST = date.max


@dataclass(frozen=True)
class First:
    """A patient to reach. `can_open`: whether a message could be opened today; None: not known."""

    patient_id: str
    last_seen_on: date
    can_open: bool | None = None
    next_visit_on: date | None = None

    @property
    def order(self) -> tuple[int, date, int, str]:
        """Who can open a message today, then the next visit, then the one seen last."""
        reach = {True: 0, None: 1, False: 2}[self.can_open]
        seen = -self.last_seen_on.toordinal()
        return reach, self.next_visit_on or FURTHEST, seen, self.patient_id

    def as_json(self) -> dict[str, object]:
        """Its fields."""
        ahead = self.next_visit_on
        return {
            "patient_id": self.patient_id,
            "last_seen_on": self.last_seen_on.isoformat(),
            "can_open": self.can_open,
            "next_visit_on": ahead.isoformat() if ahead else None,
        }


@dataclass(frozen=True)
class WhatIf:
    """What one measure of one reporter still needs in one period.

    `by` is the last day on which an act counts, None where no act can help any more. `patients`
    are those to reach first, so many as are needed.
    """

    result: Result
    period: Period
    by: date | None
    patients: Sequence[First]

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
            "patients": [each.as_json() for each in self.patients],
        }


def what_if(source: Source, request: Request, as_of: date | None = None) -> Iterator[WhatIf]:
    """What every measure and reporter needs in the period of the request.

    `as_of` is the day from which visits lie ahead and messages can be opened; None is today.
    """
    results = scorecard(source, request).results
    return _all(source, request, [(each, request.period) for each in results], as_of)


def what_if_best(source: Source, request: Request, as_of: date | None = None) -> Iterator[WhatIf]:
    """The same for the best of all periods as long as that of the request, reporter by reporter."""
    ranked = best_periods(source, request)
    found = [(_judged(request, best), best.period) for each in ranked for best in each.results]
    return _all(source, request, found, as_of)


def _judged(request: Request, best: PeriodResult) -> Result:
    """The result of a period, with what it still needs."""
    judgement = judge(
        best.count,
        best.rule.threshold,
        excluded=best.verdict is Verdict.EXCLUDED,
        attested=request.capability(best.rule),
    )
    return Result(best.rule, best.count, judgement)


def _all(
    source: Source,
    request: Request,
    results: Sequence[tuple[Result, Period]],
    as_of: date | None,
) -> Iterator[WhatIf]:
    whom = _Whom(source, as_of or today())
    for (rule, level), some in groupby(results, _kind):
        theirs = list(some)
        found = whom.first(request, rule, level, theirs)
        for result, period in theirs:
            by = last_day(replace(request, period=period), rule)
            yield WhatIf(result, period, by, found.get(result.reporter, ()))


def _kind(each: tuple[Result, Period]) -> tuple[MeasureRule, Level]:
    result, _ = each
    return result.rule, result.reporter.level


class _Whom:
    """Whom to reach first; what lies ahead of patients is read when somebody needs it."""

    def __init__(self, source: Source, as_of: date) -> None:
        self._source = source
        self._as_of = as_of
        self._ahead: tuple[NextVisits, Mapping[str, bool]] | None = None

    def first(
        self,
        request: Request,
        rule: MeasureRule,
        level: Level,
        results: Sequence[tuple[Result, Period]],
    ) -> Mapping[Reporter, Sequence[First]]:
        """For each reporter so many patients as are needed, in the order to reach them."""
        question = request.question(rule, level)
        needed = {each.reporter: each.judgement.needed for each, _ in results}
        if spoils(question) or not any(needed.values()):
            return {}
        wanted = [
            Wanted(each.reporter, period, replace(request, period=period).window_days(rule))
            for each, period in results
            if each.judgement.needed
        ]
        found: dict[Reporter, list[First]] = {}
        for due in waiting(self._source, question, wanted):
            found.setdefault(due.reporter, []).append(self._of(due))
        return {
            reporter: sorted(theirs, key=lambda each: each.order)[: needed[reporter]]
            for reporter, theirs in found.items()
        }

    def _of(self, due: Due) -> First:
        if self._ahead is None:
            read = next_visits(self._source, self._as_of), who_can_open(self._source, self._as_of)
            self._ahead = read
        visits, can_open = self._ahead
        ahead = visits.of(due.reporter, due.patient_id)
        return First(due.patient_id, due.last_seen_on, can_open.get(due.patient_id), ahead)


def last_day(request: Request, rule: MeasureRule) -> date | None:
    """The last day on which an act counts in the period; None where no act can help.

    Where an act can only spoil what another gave, a patient once lost is lost.
    """
    if spoils(request.question(rule, request.levels[0])):
        return None
    return request.window_days(rule).end
