"""Shares of encounters that a program checks, on a scorecard where the facts know of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wellpost.engine.checks import Checked, checked
from wellpost.facts.sources import Source
from wellpost.reports.reporters import reporter_json
from wellpost.reports.request import Request
from wellpost.rules.dated import Dated
from wellpost.rules.model import CheckRule
from wellpost.terms import spoken


@dataclass(frozen=True)
class CheckResult:
    """One reporter's share, and whether it is enough. What is not known does not speak for it."""

    rule: Dated[CheckRule]
    found: Checked

    @property
    def passes(self) -> bool:
        """Whether `100 * so >= at_least * encounters`."""
        return 100 * self.found.so >= self.rule.value.at_least * self.found.encounters

    def as_json(self) -> dict[str, object]:
        """The check, whose it is, the numbers, what is asked and whether they are enough."""
        return {
            "check": spoken(self.rule.value.name),
            **reporter_json(self.found.reporter),
            "encounters": self.found.encounters,
            "certified": self.found.so,
            "unknown": self.found.encounters - self.found.known,
            "threshold": self.rule.value.text,
            "passes": self.passes,
        }


def check_results(source: Source, request: Request) -> Iterator[CheckResult]:
    """The program's check for every level and reporter asked for."""
    rule = request.rules.check
    if rule is None or not request.measures:
        return
    for level in request.levels:
        question = request.question(request.measures[0], level)
        for found in checked(source, rule.value.name, question):
            yield CheckResult(rule, found)
