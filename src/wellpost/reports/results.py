"""One measure of one reporter: counted, judged, and what it earns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wellpost.reports.reporters import order, reporter_json
from wellpost.rules.model import MeasureRule
from wellpost.scoring.verdict import Judgement
from wellpost.terms import Count, Reporter, spoken


@dataclass(frozen=True)
class Result:
    """One measure of one reporter: the count, what was asked of it and how it was judged."""

    rule: MeasureRule
    count: Count
    judgement: Judgement
    points: int | None = None
    before: Count | None = None
    """What was counted, where somebody put `count` in its place by hand."""

    @property
    def reporter(self) -> Reporter:
        """Whose count it is."""
        return self.count.reporter

    @property
    def rate(self) -> float | None:
        """From 0 to 1, for showing only; None when the denominator is 0."""
        return rate_of(self.count)

    def as_json(self) -> dict[str, object]:
        """Its fields, keys in the order of the documentation."""
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


def rate_of(count: Count) -> float | None:
    """From 0 to 1, for showing only; None when the denominator is 0."""
    if count.denominator == 0:
        return None
    return round(count.numerator / count.denominator, 6)


def by_reporter(results: Sequence[Result]) -> Mapping[Reporter, list[Result]]:
    """The results of each reporter, reporters in order."""
    found: dict[Reporter, list[Result]] = {}
    for result in results:
        found.setdefault(result.reporter, []).append(result)
    return {reporter: found[reporter] for reporter in sorted(found, key=order)}
