"""A request written down, so that the very same can be asked again years later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from wellpost.errors import DataRefusedError
from wellpost.reports.attested import Attested, shown
from wellpost.reports.claims import Claim
from wellpost.reports.overrides import from_json
from wellpost.reports.request import Request, ask
from wellpost.terms import Period, spoken


def as_asked(request: Request) -> dict[str, object]:
    """Everything that was asked for, in JSON's terms."""
    return {
        "program": request.rules.name,
        "year": request.rules.year,
        "state": request.rules.state,
        "period": str(request.period),
        "measures": [spoken(rule.measure) for rule in request.measures],
        "levels": [spoken(level) for level in request.levels],
        "policies": dict(request.given),
        "npi": request.npi,
        "tin": request.tin,
        "claims": [f"{spoken(each.measure)}={each.ground}" for each in request.claims],
        "attested_on": str(request.attested_on) if request.attested_on else None,
        "attested": [f"{name}={shown(each)}" for name, each in request.attested.items()],
        "overrides": [each.as_json() for each in request.overrides],
    }


def from_asked(asked: Mapping[str, Any], *, overridden: bool = True) -> Request:
    """The request again, under the rules on the shelf; without its overrides if not `overridden`.

    RequestError where these rules refuse it, DataRefusedError where it cannot be read.
    """
    try:
        return ask(
            asked["program"],
            asked["year"],
            Period.parse(asked["period"]),
            measures=asked["measures"],
            levels=asked["levels"],
            policies=asked["policies"],
            npi=asked["npi"],
            tin=asked["tin"],
            claims=[Claim.parse(each) for each in asked["claims"]],
            state=asked["state"],
            attested=[Attested.parse(each) for each in asked["attested"]],
            attested_on=date.fromisoformat(asked["attested_on"]) if asked["attested_on"] else None,
            overrides=[from_json(each) for each in asked["overrides"]] if overridden else [],
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise DataRefusedError("what was asked for cannot be read from the packet.") from None
