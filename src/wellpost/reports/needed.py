"""Which tables and columns a whole request asks of the facts."""

from __future__ import annotations

from collections.abc import Mapping

from wellpost.engine.needs import needs
from wellpost.reports.request import Request
from wellpost.rules.model import MeasureRule
from wellpost.rules.policies import checked_ground


def needed(request: Request) -> Mapping[str, frozenset[str]]:
    """For each fact table, the columns that any measure, level or exclusion asks for."""
    asked: dict[str, frozenset[str]] = {}
    for rule in request.measures:
        for level in request.levels:
            found = needs(request.question(rule, level), _shown_by_facts(request, rule))
            for table, columns in found.items():
                asked[table] = asked.get(table, frozenset()) | columns
    return asked


def _shown_by_facts(request: Request, rule: MeasureRule) -> list[str]:
    """The grounds claimed for the measure that facts must show."""
    claimed = (claim.ground for claim in request.claims if claim.measure is rule.measure)
    return [ground for ground in claimed if checked_ground(ground).shown_by == "facts"]
