"""What the chart holds of the same kind: to be seen beside what came from home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from wellpost.errors import RequestError
from wellpost.server.people.models import Patient, User
from wellpost.server.records.bodies import resource_of
from wellpost.server.records.models import ResourceToken
from wellpost.server.records.queries import charted

from .kinds import Kind, Part
from .units import converted

LATEST = 60


@dataclass(frozen=True)
class ChartValue:
    """A reading of the chart, in the kind's own unit."""

    at: datetime
    value: Decimal
    second: Decimal | None


def chart_values(by: User, patient: Patient, kind: Kind) -> list[ChartValue]:
    """The latest readings of the kind in the chart, the oldest of them first; for READ_CHART.

    Those in units that cannot be turned into the kind's own are left out.
    """
    codes = {kind.code, *kind.same, *(code for code, _display in kind.coarser)}
    codes |= {part.code for part in kind.parts}
    coded = ResourceToken.objects.filter(kind="Observation", parameter="code", code__in=codes)
    found = charted(patient, by, kinds=["Observation"]).exclude(occurred_at=None)
    rows = found.filter(pk__in=coded.values("resource"))[:LATEST]
    values = [_value(row.occurred_at, resource_of(row), kind) for row in rows if row.occurred_at]
    return [each for each in reversed(values) if each is not None]


def _value(at: datetime, resource: Mapping[str, Any], kind: Kind) -> ChartValue | None:
    try:
        numbers = [_number(resource, part, kind) for part in kind.parts]
    except (KeyError, TypeError, ValueError, ArithmeticError, RequestError):
        return None  # another shape or unit: the record shows it, this picture cannot
    return ChartValue(at, numbers[0], numbers[1] if len(numbers) > 1 else None)


def _number(resource: Mapping[str, Any], part: Part, kind: Kind) -> Decimal:
    holder = resource if len(kind.parts) == 1 else _component(resource, part)
    quantity = holder["valueQuantity"]
    return converted(Decimal(str(quantity["value"])), str(quantity["code"]), kind)


def _component(resource: Mapping[str, Any], part: Part) -> Mapping[str, Any]:
    for each in resource["component"]:
        if any(coding.get("code") == part.code for coding in each["code"]["coding"]):
            found: Mapping[str, Any] = each
            return found
    raise KeyError(part.code)
