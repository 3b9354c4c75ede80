"""The scorecard: every measure of a program for every reporter, judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wellpost.engine.together import counts_of_all
from wellpost.facts.sources import Source
from wellpost.reports.checks import CheckResult, check_results
from wellpost.reports.exclusions import Standing
from wellpost.reports.overrides import counted
from wellpost.reports.points import PointsResult, points_results
from wellpost.reports.reporters import order, reporter_json
from wellpost.reports.request import Request
from wellpost.reports.results import Result, by_reporter
from wellpost.rules.model import MeasureRule
from wellpost.scoring.points import points
from wellpost.scoring.verdict import ObjectiveJudgement, Verdict, judge, judge_objective
from wellpost.terms import Count, Level, Measure, Reporter

__all__ = [
    "CheckResult",
    "ObjectiveResult",
    "PointsResult",
    "Result",
    "Scorecard",
    "order",
    "reporter_json",
    "scorecard",
]


@dataclass(frozen=True)
class ObjectiveResult:
    """The objective of one reporter."""

    reporter: Reporter
    judgement: ObjectiveJudgement

    def as_json(self) -> dict[str, object]:
        """The object of facts.md, keys in its order."""
        who = reporter_json(self.reporter)
        who.pop("level")
        return {
            **who,
            "verdict": self.judgement.verdict.value,
            "required": self.judgement.required,
            "met": self.judgement.met,
            "excluded": self.judgement.excluded,
        }


@dataclass(frozen=True)
class Scorecard:
    """Every result, ordered by measure, level, tin, npi; objectives and points where there are."""

    request: Request
    results: tuple[Result, ...]
    objectives: tuple[ObjectiveResult, ...] = ()
    points: tuple[PointsResult, ...] = ()
    checks: tuple[CheckResult, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The object of facts.md, keys in its order."""
        top = self.request.as_json()
        top["results"] = [each.as_json() for each in self.results]
        if self.request.rules.objective:
            top["objectives"] = [each.as_json() for each in self.objectives]
        if any(rule.points for rule in self.request.rules.measures):
            top["points"] = [each.as_json() for each in self.points]
        if self.checks:
            top["checks"] = [each.as_json() for each in self.checks]
        return top


def scorecard(source: Source, request: Request) -> Scorecard:
    """Count and judge every measure, level and reporter asked for.

    RequestError when an exclusion is claimed that no reporter's evidence supports.
    """
    standing = Standing(source, request)
    asked = [(rule, level) for rule in request.measures for level in request.levels]
    answers = counts_of_all(source, [request.question(*each) for each in asked])
    results = [
        result
        for (rule, level), answer in zip(asked, answers, strict=True)
        for result in _results(request, rule, level, answer, standing)
    ]
    standing.refuse_unsupported()
    return Scorecard(
        request,
        tuple(results),
        _objectives(request, results),
        points_results(request, results),
        tuple(check_results(source, request)),
    )


def _results(
    request: Request,
    rule: MeasureRule,
    level: Level,
    answer: Sequence[Count],
    standing: Standing,
) -> Iterator[Result]:
    found = sorted(answer, key=lambda count: order(count.reporter))
    excluded = standing.excluded(rule, level, {count.reporter for count in found})
    for each in found:
        count = counted(each, request.overrides)
        judgement = judge(
            count,
            rule.threshold,
            excluded=count.reporter in excluded,
            attested=request.capability(rule),
        )
        before = each if count != each else None
        yield Result(rule, count, judgement, _earned(request, rule, count), before)


def _earned(request: Request, rule: MeasureRule, count: Count) -> int | None:
    if rule.points is None:
        return None
    return points(count, rule.points, rounding=request.policy("decile_rounding", rule))


def _objectives(request: Request, results: Sequence[Result]) -> tuple[ObjectiveResult, ...]:
    objective = request.rules.objective
    if objective is None:
        return ()
    return tuple(
        ObjectiveResult(reporter, judge_objective(objective.value, _verdicts(theirs)))
        for reporter, theirs in by_reporter(results).items()
    )


def _verdicts(results: Sequence[Result]) -> Mapping[Measure, Verdict]:
    return {each.rule.measure: each.judgement.verdict for each in results}
