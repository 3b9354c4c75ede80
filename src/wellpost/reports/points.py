"""Points on a scorecard: what each measure earns, and the score of the category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wellpost.reports.reporters import reporter_json
from wellpost.reports.request import Request
from wellpost.reports.results import Result, by_reporter
from wellpost.scoring.category import CategoryScore, category_score
from wellpost.scoring.points import Share
from wellpost.terms import Measure, Reporter, spoken


@dataclass(frozen=True)
class PointsResult:
    """The points one reporter's measures earn; `by_measure` has None where there is no rate.

    `category` is the score of the whole, where Wellpost knows all of it; what it does not count
    is taken from what the practice attested.
    """

    reporter: Reporter
    by_measure: Mapping[Measure, int | None]
    maximum: int
    category: CategoryScore | None = None

    @property
    def total(self) -> int:
        """The sum over the measures."""
        return sum(each or 0 for each in self.by_measure.values())

    def as_json(self) -> dict[str, object]:
        """Whose points, the sum, the most there could be, each measure's, and the category."""
        found: dict[str, object] = {
            **reporter_json(self.reporter),
            "points": self.total,
            "maximum": self.maximum,
            "measures": {spoken(name): each for name, each in self.by_measure.items()},
        }
        if self.category:
            found["category"] = _category_json(self.category)
        return found


def points_results(request: Request, results: Sequence[Result]) -> tuple[PointsResult, ...]:
    """The points of every reporter whose measures earn some."""
    scored = [each for each in results if each.rule.points]
    return tuple(
        PointsResult(
            reporter,
            {each.rule.measure: each.points for each in theirs},
            sum(each.rule.points.maximum for each in theirs if each.rule.points),
            _category(request, theirs),
        )
        for reporter, theirs in by_reporter(scored).items()
    )


def _category(request: Request, results: Sequence[Result]) -> CategoryScore | None:
    category = request.rules.category
    if category is None:
        return None
    counted: dict[str, Share | bool] = {
        each.rule.identifier: each.count for each in results if each.rule.identifier
    }
    answers = {**counted, **request.attested}
    return category_score(category, answers, rounding=request.policy("decile_rounding"))


def _category_json(score: CategoryScore) -> dict[str, object]:
    return {
        "score": score.score,
        "base": score.base,
        "performance": score.performance_points,
        "bonus": score.bonus_points,
        "weight": score.weight,
        "contribution": score.contribution,
        "missing": list(score.missing),
        "unknown": list(score.unknown),
        "items": {**score.performance, **score.bonus},
    }
