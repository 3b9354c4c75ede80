"""The scorecard: every measure of a program for every reporter, judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wellpost.engine.counts import counts
from wellpost.facts.sources import Source
from wellpost.reports.exclusions import Standing
from wellpost.reports.overrides import counted
from wellpost.reports.request import Request
from wellpost.rules.model import MeasureRule
from wellpost.scoring.points import points
from wellpost.scoring.verdict import (
    Judgement,
    ObjectiveJudgement,
    Verdict,
    judge,
    judge_objective,
)
from wellpost.terms import Count, Level, Measure, Reporter, spoken


@dataclass(frozen=True)
class Result:
    """One measure of one reporter: the count, what was asked of it and how it was judged."""

    rule: MeasureRule
    count: Count
    judgement: Judgement
    points: int | None = None

    @property
    def reporter(self) -> Reporter:
        """Whose count it is."""
        return self.count.reporter

    @property
    def rate(self) -> float | None:
        """From 0 to 1, for showing only; None when the denominator is 0."""
        if self.count.denominator == 0:
            return None
        return round(self.count.numerator / self.count.denominator, 6)

    def as_json(self) -> dict[str, object]:
        """The object of facts.md, keys in its order."""
        return {
            "measure": spoken(self.rule.measure),
            **reporter_json(self.reporter),
            "denominator": self.count.denominator,
            "numerator": self.count.numerator,
            "rate": self.rate,
            "threshold": self.rule.threshold.text,
            "verdict": self.judgement.verdict.value,
            "needed": self.judgement.needed,
        }


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
class PointsResult:
    """The points one reporter's measures earn; `by_measure` has None where there is no rate."""

    reporter: Reporter
    by_measure: Mapping[Measure, int | None]
    maximum: int

    @property
    def total(self) -> int:
        """The sum over the measures."""
        return sum(each or 0 for each in self.by_measure.values())

    def as_json(self) -> dict[str, object]:
        """Whose points, the sum, the most there could be, and each measure's."""
        return {
            **reporter_json(self.reporter),
            "points": self.total,
            "maximum": self.maximum,
            "measures": {spoken(name): each for name, each in self.by_measure.items()},
        }


@dataclass(frozen=True)
class Scorecard:
    """Every result, ordered by measure, level, tin, npi; objectives and points where there are."""

    request: Request
    results: tuple[Result, ...]
    objectives: tuple[ObjectiveResult, ...] = ()
    points: tuple[PointsResult, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The object of facts.md, keys in its order."""
        top = self.request.as_json()
        top["results"] = [each.as_json() for each in self.results]
        if self.request.rules.objective:
            top["objectives"] = [each.as_json() for each in self.objectives]
        if any(rule.points for rule in self.request.rules.measures):
            top["points"] = [each.as_json() for each in self.points]
        return top


def scorecard(source: Source, request: Request) -> Scorecard:
    """Count and judge every measure, level and reporter asked for.

    RequestError when an exclusion is claimed that no reporter's evidence supports.
    """
    standing = Standing(source, request)
    results = [
        result
        for rule in request.measures
        for level in request.levels
        for result in _results(source, request, rule, level, standing)
    ]
    standing.refuse_unsupported()
    return Scorecard(request, tuple(results), _objectives(request, results), _points(results))


def reporter_json(reporter: Reporter) -> dict[str, object]:
    """The keys of a reporter: level, npi, tin, and virtual_group where it is one."""
    keys: dict[str, object] = {
        "level": spoken(reporter.level),
        "npi": reporter.npi,
        "tin": reporter.tin,
    }
    if reporter.level is Level.VIRTUAL_GROUP:
        keys["virtual_group"] = reporter.virtual_group
    return keys


def order(reporter: Reporter) -> tuple[str, str, str, str]:
    """How rows of one measure are ordered."""
    return (
        reporter.level,
        reporter.virtual_group or "",
        reporter.tin or "",
        reporter.npi or "",
    )


def _results(
    source: Source, request: Request, rule: MeasureRule, level: Level, standing: Standing
) -> Iterator[Result]:
    found = sorted(counts(source, request.question(rule, level)), key=lambda c: order(c.reporter))
    excluded = standing.excluded(rule, level, {count.reporter for count in found})
    for count in (counted(each, request.overrides) for each in found):
        judgement = judge(count, rule.threshold, excluded=count.reporter in excluded)
        yield Result(rule, count, judgement, _earned(request, rule, count))


def _earned(request: Request, rule: MeasureRule, count: Count) -> int | None:
    if rule.points is None:
        return None
    return points(count, rule.points, rounding=request.policy("decile_rounding", rule))


def _by_reporter(results: Sequence[Result]) -> Mapping[Reporter, list[Result]]:
    found: dict[Reporter, list[Result]] = {}
    for result in results:
        found.setdefault(result.reporter, []).append(result)
    return {reporter: found[reporter] for reporter in sorted(found, key=order)}


def _objectives(request: Request, results: Sequence[Result]) -> tuple[ObjectiveResult, ...]:
    objective = request.rules.objective
    if objective is None:
        return ()
    return tuple(
        ObjectiveResult(reporter, judge_objective(objective.value, _verdicts(theirs)))
        for reporter, theirs in _by_reporter(results).items()
    )


def _verdicts(results: Sequence[Result]) -> Mapping[Measure, Verdict]:
    return {each.rule.measure: each.judgement.verdict for each in results}


def _points(results: Sequence[Result]) -> tuple[PointsResult, ...]:
    scored = [each for each in results if each.rule.points]
    return tuple(
        PointsResult(
            reporter,
            {each.rule.measure: each.points for each in theirs},
            sum(each.rule.points.maximum for each in theirs if each.rule.points),
        )
        for reporter, theirs in _by_reporter(scored).items()
    )
