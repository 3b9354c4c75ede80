"""A subject-list report in one resource, as the operation returns it: every report inside it."""

from __future__ import annotations

from collections.abc import Sequence

from wellpost.adapters.fhir.measure_words import Resource
from wellpost.engine.membership import Member

EMPTY = "http://terminology.hl7.org/CodeSystem/list-empty-reason"


def self_contained(
    report: Resource, individuals: Sequence[Resource], members: Sequence[Member]
) -> Resource:
    """The report with the individual ones contained, and each list saying whom it leaves out.

    `members` are all who were counted; those without an individual report are another practice's.
    """
    totals = {
        "initial-population": len(members),
        "denominator": len(members),
        "numerator": sum(each.in_numerator for each in members),
    }
    contained = [
        _list(each, totals) if each["resourceType"] == "List" else each
        for each in report["contained"]
    ]
    return report | {"contained": [*contained, *map(_bare, individuals)]}


def _bare(report: Resource) -> Resource:
    """As a contained resource: without narrative, and with nothing contained of its own."""
    return {key: value for key, value in report.items() if key not in ("text", "contained")}


def _list(made: Resource, totals: dict[str, int]) -> Resource:
    entries = [_entry(each) for each in made.get("entry", [])]
    left_out = totals[made["id"].removesuffix("-list")] - len(entries)
    changed = made | ({"entry": entries} if entries else {})
    if left_out:
        changed["note"] = [{"text": _left_out(left_out)}]
    if left_out and not entries:
        changed["emptyReason"] = {"coding": [{"system": EMPTY, "code": "withheld"}]}
    return changed


def _entry(entry: Resource) -> Resource:
    """A reference to what is contained, for one to what lies beside it in a bundle."""
    inside = entry["item"]["reference"].removeprefix("urn:uuid:")
    return {"item": {"reference": f"#{inside}"}}


def _left_out(number: int) -> str:
    patients = "1 patient" if number == 1 else f"{number} patients"
    return f"{patients} of other practices counted and not listed."
