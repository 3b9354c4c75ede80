"""Which of many periods is the best: met, then excluded, then the higher rate, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wellpost.engine.periods import Curve
from wellpost.rules.model import MeasureRule
from wellpost.rules.thresholds import AtLeastPatients
from wellpost.scoring.verdict import Verdict, judge
from wellpost.terms import Count, Level, Reporter

NOBODY = Reporter(Level.CLINICIAN)
PLACES = {Verdict.MET: 2, Verdict.EXCLUDED: 1}
"""How verdicts rank; every other one stands at 0."""


@dataclass(frozen=True)
class Judging:
    """The verdict on a count under one rule; `attested` is what the practice answered."""

    rule: MeasureRule
    attested: bool | None

    def verdict(self, denominator: int, numerator: int, *, excluded: bool = False) -> Verdict:
        """The verdict on so many of so many."""
        count = Count(self.rule.measure, NOBODY, denominator, numerator)
        judged = judge(count, self.rule.threshold, excluded=excluded, attested=self.attested)
        return judged.verdict

    @property
    def follows_the_rate(self) -> bool:
        """Whether a period of a lower rate is never met where one of a higher is not."""
        threshold = self.rule.threshold
        return not isinstance(threshold, AtLeastPatients) or threshold.patients == 1


def best(curve: Curve, judging: Judging, excluded: frozenset[int], top: int) -> Sequence[int]:
    """The numbers of the best `top` periods; of equal ones the earlier goes first."""
    rates = _rates(curve)
    keys: list[tuple[int, ...]] = list(zip(rates, curve.denominators, strict=True))
    if excluded or not judging.follows_the_rate:
        keys = [
            (PLACES.get(judging.verdict(*counted, excluded=number in excluded), 0), *key)
            for number, (key, counted) in enumerate(
                zip(keys, zip(curve.denominators, curve.numerators, strict=True), strict=True)
            )
        ]
    if top == 1:
        return [keys.index(max(keys))]
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=True)[:top]


def _rates(curve: Curve) -> list[int]:
    """Numbers in the order of the rates; -1 where there is none.

    Two rates of denominators up to D that differ do so by 1 / D**2 at least, so the whole part of
    rate * D**2 orders them as they are.
    """
    square = max(curve.denominators) ** 2
    counted = zip(curve.denominators, curve.numerators, strict=True)
    return [numerator * square // seen if seen else -1 for seen, numerator in counted]
