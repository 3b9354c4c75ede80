"""What was attested beside what the facts give: each discrepancy, what it means, and its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from wellpost.reports.comparison_size import margin, size
from wellpost.reports.reporters import order, reporter_json
from wellpost.reports.request import Request
from wellpost.reports.results import Result, by_reporter, rate_of
from wellpost.reports.scorecard import Scorecard
from wellpost.reports.stated import Stated
from wellpost.rules.model import MeasureRule, ObjectiveRule
from wellpost.scoring.verdict import Verdict, judge, judge_objective
from wellpost.terms import Count, Measure, Reporter, spoken


class Status(StrEnum):
    """What a comparison comes to; the most serious first."""

    OVERSTATED = "overstated"
    NOT_IN_FACTS = "not_in_facts"
    UNDERSTATED = "understated"
    DIFFERS = "differs"
    NOT_ATTESTED = "not_attested"
    NOT_COMPARABLE = "not_comparable"
    AGREES = "agrees"


MEANS = {
    Status.OVERSTATED: "attested as met or excluded; the facts do not give that",
    Status.NOT_IN_FACTS: "attested by somebody the facts do not know",
    Status.UNDERSTATED: "the facts give another verdict, not to the clinician's loss",
    Status.DIFFERS: "the verdict is the same, the numbers are not",
    Status.NOT_ATTESTED: "patients were seen and nothing was attested",
    Status.NOT_COMPARABLE: "only a verdict was attested or asked for; the facts can give none",
    Status.AGREES: "the verdict and the numbers are the same",
}
RANK = {status: number for number, status in enumerate(Status)}
EARNED = (Verdict.MET, Verdict.EXCLUDED)


@dataclass(frozen=True)
class Compared:
    """One measure of one reporter: what was attested (None: nothing), what the facts give."""

    rule: MeasureRule
    reporter: Reporter
    stated: Stated | None
    found: Count | None
    verdict: Verdict | None
    """What the facts come to. An exclusion counts here only where one was attested."""

    @property
    def status(self) -> Status:
        """What the comparison comes to."""
        if self.stated is None:
            return Status.NOT_ATTESTED
        if self.found is None:
            return Status.NOT_IN_FACTS
        if self.stated.verdict is None or self.verdict is Verdict.NOT_APPLICABLE:
            return Status.DIFFERS if self._numbers_differ else Status.NOT_COMPARABLE
        if self.stated.verdict is self.verdict:
            return Status.DIFFERS if self._numbers_differ else Status.AGREES
        earned = self.stated.verdict in EARNED
        return Status.OVERSTATED if earned and self.verdict not in EARNED else Status.UNDERSTATED

    @property
    def changes_verdict(self) -> bool:
        """Whether the facts give another verdict than was attested."""
        return self.status in (Status.OVERSTATED, Status.UNDERSTATED)

    def is_within(self, patients: int) -> bool:
        """Whether the facts' numerator is so near the threshold that so many patients decide."""
        found = margin(self.found, self.rule.threshold) if self.found else None
        return found is not None and -patients <= found < patients

    @property
    def _numbers_differ(self) -> bool:
        stated, found = self.stated, self.found
        if stated is None or found is None:
            return False
        if stated.count is not None:
            return stated.count != found
        if stated.rate is None or found.denominator == 0:
            return stated.rate is not None
        exact = Decimal(found.numerator) / found.denominator
        return exact.quantize(stated.rate) != stated.rate

    @property
    def difference(self) -> float | None:
        """The rate attested less that of the facts, from -1 to 1, six decimals; for showing."""
        stated = self.stated.share if self.stated else None
        if stated is None or self.found is None or not self.found.denominator:
            return None
        return round(float(stated - Decimal(self.found.numerator) / self.found.denominator), 6)

    @property
    def size(self) -> float | None:
        """How large the discrepancy is, in standard units; None where no number was attested."""
        stated, found = self.stated, self.found
        if stated is None or found is None or (stated.count is None and stated.rate is None):
            return None
        return size(stated.share, stated.denominator, found)

    def as_json(self) -> dict[str, object]:
        """Its fields, keys in the order of the documentation."""
        stated, found = self.stated, self.found
        share = stated.share if stated else None
        return {
            "status": self.status.value,
            "measure": spoken(self.rule.measure),
            **reporter_json(self.reporter),
            "attested_denominator": stated.denominator if stated else None,
            "attested_numerator": stated.numerator if stated else None,
            "attested_rate": None if share is None else round(float(share), 6),
            "attested_verdict": stated.verdict.value if stated and stated.verdict else None,
            "denominator": found.denominator if found else None,
            "numerator": found.numerator if found else None,
            "rate": rate_of(found) if found else None,
            "verdict": self.verdict.value if self.verdict else None,
            "threshold": self.rule.threshold.text,
            "difference": self.difference,
            "size": self.size,
            "margin": margin(found, self.rule.threshold) if found else None,
            "line": stated.line if stated else None,
        }


@dataclass(frozen=True)
class ObjectiveCompared:
    """The objective of one reporter: what the attested verdicts come to, and those of the facts."""

    reporter: Reporter
    attested: Verdict
    found: Verdict | None

    @property
    def changes(self) -> bool:
        """Whether the objective comes to something else. Who did not attest every measure of it
        attested nothing of it that could change.
        """
        known = self.found is not None and self.attested is not Verdict.INCOMPLETE
        return known and self.attested is not self.found

    @property
    def is_lost(self) -> bool:
        """Whether it was attested and the facts do not give it."""
        return self.changes and self.attested in EARNED and self.found not in EARNED

    def as_json(self) -> dict[str, object]:
        """Its fields, keys in the order of the documentation."""
        who = reporter_json(self.reporter)
        found = self.found.value if self.found else None
        told = {"attested_verdict": self.attested.value, "verdict": found}
        return {**who, **told, "changes": self.changes}


@dataclass(frozen=True)
class Comparison:
    """Every comparison, what matters most first; and the objectives where the program has one."""

    request: Request
    rows: tuple[Compared, ...]
    objectives: tuple[ObjectiveCompared, ...] = ()

    @property
    def summary(self) -> dict[str, int]:
        """How many rows have each status, and how many objectives change."""
        statuses = [row.status for row in self.rows]
        told = {status.value: statuses.count(status) for status in Status}
        return {**told, "objectives_changed": sum(one.changes for one in self.objectives)}


def compare(card: Scorecard, stated: Sequence[Stated]) -> Comparison:
    """Each line attested beside its result, and each result with patients that nobody attested."""
    by_key = {(one.rule.measure, one.reporter): one for one in stated}
    results = {(one.rule.measure, one.reporter): one for one in card.results}
    rows = [
        *(_compared(one, results.get(key)) for key, one in by_key.items()),
        *(_unattested(one) for key, one in results.items() if _is_missed(key, one, by_key)),
    ]
    objectives = _objectives(card, rows)
    changed = {one.reporter for one in objectives if one.is_lost}
    return Comparison(
        card.request, tuple(sorted(rows, key=lambda row: _place(row, changed))), tuple(objectives)
    )


def _compared(stated: Stated, result: Result | None) -> Compared:
    if result is None:
        return Compared(stated.rule, stated.reporter, stated, None, None)
    verdict = result.judgement.verdict
    if stated.verdict is not Verdict.EXCLUDED:  # an exclusion is a clinician's to claim, or not
        verdict = _without_exclusion(result)
    return Compared(stated.rule, stated.reporter, stated, result.count, verdict)


def _without_exclusion(result: Result) -> Verdict:
    if result.judgement.verdict is not Verdict.EXCLUDED:
        return result.judgement.verdict
    return judge(result.count, result.rule.threshold).verdict


def _unattested(result: Result) -> Compared:
    verdict = result.judgement.verdict
    return Compared(result.rule, result.reporter, None, result.count, verdict)


def _is_missed(
    key: tuple[Measure, Reporter],
    result: Result,
    by_key: Mapping[tuple[Measure, Reporter], Stated],
) -> bool:
    """Somebody who saw nobody had nothing to attest."""
    return key not in by_key and result.count.denominator > 0


def _place(row: Compared, changed: set[Reporter]) -> tuple[object, ...]:
    """What decides the order: see `docs/how-to/compare-attested.md`."""
    return (
        RANK[row.status],
        row.reporter not in changed,
        -(row.size or 0.0),
        row.rule.measure,
        order(row.reporter),
    )


def _objectives(card: Scorecard, rows: Sequence[Compared]) -> list[ObjectiveCompared]:
    """Of every reporter who attested any measure of it; none unless all its measures are asked."""
    if not card.objectives:
        return []
    objective, theirs = card.request.rules.objective, by_reporter(card.results)
    asked = {*map(_measure, card.request.measures)}
    if objective is None or not asked.issuperset(objective.value.measures):
        return []
    found = [
        _objective(objective.value, who, own, theirs.get(who, ()))
        for who, own in _attested_by(rows).items()
    ]
    return sorted(found, key=lambda one: (not one.is_lost, not one.changes, order(one.reporter)))


def _objective(
    rule: ObjectiveRule, who: Reporter, rows: Sequence[Compared], results: Sequence[Result]
) -> ObjectiveCompared:
    attested = {_measure(row.rule): row.stated.verdict for row in rows if row.stated}
    known = {measure: verdict for measure, verdict in attested.items() if verdict is not None}
    facts = {_measure(each.rule): each.judgement.verdict for each in results}
    facts |= {_measure(row.rule): row.verdict for row in rows if row.verdict is not None}
    found = judge_objective(rule, facts).verdict if results else None
    return ObjectiveCompared(who, judge_objective(rule, known).verdict, found)


def _attested_by(rows: Sequence[Compared]) -> Mapping[Reporter, list[Compared]]:
    found: dict[Reporter, list[Compared]] = {}
    for row in rows:
        if row.stated is not None:
            found.setdefault(row.reporter, []).append(row)
    return found


def _measure(rule: MeasureRule) -> Measure:
    return rule.measure
