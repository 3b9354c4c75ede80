"""Which tables and columns a whole request asks of the facts."""

from __future__ import annotations

from collections.abc import Mapping

from wellpost.engine.needs import needs
from wellpost.reports.request import Request
from wellpost.rules.policies import checked_ground


def needed(request: Request) -> Mapping[str, frozenset[str]]:
    """For each fact table, the columns that any measure, level or exclusion asks for."""
    grounds = [
        claim.ground for claim in request.claims if checked_ground(claim.ground).shown_by == "facts"
    ]
    asked: dict[str, frozenset[str]] = {}
    for rule in request.measures:
        for level in request.levels:
            for table, columns in needs(request.question(rule, level), grounds).items():
                asked[table] = asked.get(table, frozenset()) | columns
    return asked
