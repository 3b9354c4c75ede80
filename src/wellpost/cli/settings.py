"""What stands above and below every table: what was asked, the policies, the law cited."""

from __future__ import annotations

from collections.abc import Mapping

from wellpost.reports.request import Request
from wellpost.rules.model import MeasureRule
from wellpost.terms import spoken


def heading(request: Request) -> str:
    """Program, year and period in a line."""
    attested = f", attested on {request.attested_on}" if request.attested_on else ""
    days = f"{request.period.days} days"
    return f"{request.rules.name} {request.rules.year}, {request.period} ({days}){attested}"


def notes(request: Request) -> list[str]:
    """The policies in force and the rule behind each measure."""
    settled = (f"{name}={_value(value)}" for name, value in request.policies_in_force().items())
    return [f"policies: {', '.join(settled)}", *map(cited, request.measures)]


def cited(rule: MeasureRule) -> str:
    """A measure, its threshold, and the law's words with their source."""
    return f"{spoken(rule.measure)}: {rule.threshold.text}; {rule.cite}: {rule.says}"


def _value(value: str | Mapping[str, str]) -> str:
    if isinstance(value, str):
        return value
    return " ".join(f"{name}:{each}" for name, each in value.items())
