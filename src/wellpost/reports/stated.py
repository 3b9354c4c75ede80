"""What somebody attested: one line of it, and the verdict it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from wellpost.rules.model import MeasureRule
from wellpost.rules.thresholds import AtLeastPatients, MoreThanPercent
from wellpost.scoring.verdict import Verdict, judge
from wellpost.terms import Count, Reporter


@dataclass(frozen=True)
class Stated:
    """One line of what was attested: counts, or a rate, or a verdict, or several of these.

    `rate` is a share from 0 to 1 with as many decimals as it was written with; `said` a verdict.
    """

    line: int
    rule: MeasureRule
    reporter: Reporter
    numerator: int | None = None
    denominator: int | None = None
    rate: Decimal | None = None
    said: Verdict | None = None

    @property
    def count(self) -> Count | None:
        """The counts, where both were given."""
        if self.numerator is None or self.denominator is None:
            return None
        return Count(self.rule.measure, self.reporter, self.denominator, self.numerator)

    @property
    def share(self) -> Decimal | None:
        """The rate from 0 to 1; None where none was given or the denominator is 0."""
        if self.count is None:
            return self.rate
        return Decimal(self.count.numerator) / self.count.denominator if self.denominator else None

    @property
    def verdict(self) -> Verdict | None:
        """What was said; else what the counts, or the rate alone, come to; None: cannot be told."""
        if self.said is not None:
            return self.said
        if self.count is not None:
            return judge(self.count, self.rule.threshold).verdict
        return _of_rate(self.rule, self.rate)


def _of_rate(rule: MeasureRule, rate: Decimal | None) -> Verdict | None:
    threshold = rule.threshold
    if rate is None:
        return None
    if isinstance(threshold, MoreThanPercent):
        return Verdict.MET if 100 * rate > threshold.percent else Verdict.NOT_MET
    if isinstance(threshold, AtLeastPatients) and (rate == 0 or threshold.patients == 1):
        return Verdict.MET if rate > 0 else Verdict.NOT_MET
    return None
