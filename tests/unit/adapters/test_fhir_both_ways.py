"""The reading of a state and the plain one: a folder gives the same facts and the same account."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings

from tests.unit.adapters.fhir_worlds import ALWAYS, folders
from tests.unit.adapters.folders import Resource, communication, encounter, patient, write
from wellpost.adapters.fhir import facts_of, read
from wellpost.adapters.fhir.bulk import open_bulk
from wellpost.adapters.fhir.reconciliation import Reconciliation
from wellpost.adapters.fhir.rows import rows_of

Facts = Mapping[str, Counter[tuple[Any, ...]]]


ONE_ID: list[Resource] = [
    encounter("e1", subject=subject)
    for subject in (
        {"reference": "Group/alice"},
        {"type": "Patient", "display": "Alice"},
        None,
        {"reference": "Patient/alice"},
        {"reference": "alice"},
        {"identifier": {"value": "a"}},
        {"identifier": {"value": "a"}, "type": "Patient"},
        {"reference": "RelatedPerson/amir"},
        {"display": "Alice"},
    )
]
"""An encounter again and again, of somebody else, of nobody, or of the same in other words."""

MERGED: list[Resource] = [
    patient("bob", link=[{"type": "replaced-by", "other": {"identifier": {"value": "a"}}}]),
    *(
        encounter("e2", subject=subject)
        for subject in (
            {"reference": "Patient/bob"},
            {"identifier": {"value": "a"}},
            {"reference": "Patient/cara"},
            {"reference": "Patient/bob"},
            {"reference": "Patient/gone"},
            {"reference": "Patient/alice"},
        )
    ),
]
"""An encounter again and again, of Alice, whose record as Bob was merged, and of others between."""

WRITTEN_BY_NOBODY: list[Resource] = [
    communication("m5", "", "Practitioner/chen", subject={"reference": "Patient/bob"})
    | {"sender": {"type": "Patient", "display": "Li Chen"}}
]
"""A message about Bob from a patient who is not said."""


def plainly(folder: Path) -> tuple[Facts, Reconciliation]:
    """Facts and account by the plain reading."""
    facts = facts_of(read(folder))
    return {name: Counter(rows) for name, rows in rows_of(facts).items()}, facts.reconciliation


def in_bulk(folder: Path) -> tuple[Facts, Reconciliation]:
    """Facts and account by DuckDB."""
    source, account = open_bulk(folder)
    with source:
        return {name: Counter(source.run(query)) for name, query in source.tables.items()}, account


def said(account: Reconciliation) -> Mapping[str, Any]:
    """What an account says, without the places."""
    return {
        "came": dict(account.came),
        "became": {kind: many for kind, many in account.became.items() if many},
        "left out": {kind: dict(account.by_reason(kind)) for kind in account.came},
        "not read": sorted(account.ignored_files),
        "shared": account.shared_npis,
    }


@settings(max_examples=max(settings.default.max_examples // 4, 5))
@given(made=folders())
@example(made={"a.ndjson": [*ALWAYS, *ONE_ID]})
@example(made={"a.ndjson": [*ALWAYS, *MERGED]})
@example(made={"a.ndjson": [*ALWAYS, *WRITTEN_BY_NOBODY]})
def test_both_readings_agree(made: Mapping[str, list[Resource]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "deep").mkdir()
        for name, resources in made.items():
            write(folder / Path(name).parent, *resources, name=Path(name).name)
        (facts, account), (bulk_facts, bulk_account) = plainly(folder), in_bulk(folder)
    assert bulk_facts == facts
    assert said(bulk_account) == said(account)
    assert bulk_account.adds_up()
    assert account.adds_up()
