"""What a search finds, as a Bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from wellpost.adapters.fhir.measure_words import Resource

from .library import base, matching


def found_measures(wanted: Mapping[str, Sequence[str]]) -> Resource:
    """The Measures that every name of `wanted` allows: a comma in a value is an or."""
    values = {
        name: [v for each in given for v in each.split(",")] for name, given in wanted.items()
    }
    found = list(matching(**values))
    asked = f"?{urlencode(wanted, doseq=True)}" if wanted else ""
    bundle: Resource = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": [{"relation": "self", "url": f"{base()}/Measure{asked}"}],
    }
    return bundle | ({"entry": [_entry(each) for each in found]} if found else {})


def _entry(measure: Resource) -> Resource:
    return {
        "fullUrl": f"{base()}/Measure/{measure['id']}",
        "resource": measure,
        "search": {"mode": "match"},
    }
