"""The account of a bulk reading: how many came, how many became facts, why each of the rest not."""

from __future__ import annotations

from collections import Counter

from wellpost.adapters.fhir.bulk.database import statement
from wellpost.adapters.fhir.bulk.judge import Judged
from wellpost.adapters.fhir.bulk.places import Wanted, places_of
from wellpost.adapters.fhir.bulk.stage import Staged
from wellpost.adapters.fhir.reconciliation import Reconciliation
from wellpost.adapters.fhir.records import HELD_IN


def account(staged: Staged, judged: Judged) -> Reconciliation:
    """Every resource that came, once: as what it became or with why it did not."""
    records, numbers = staged.records, judged.people.numbers
    tallied = Counter(records.tallied)
    wanted = list(staged.wanted)
    for step in ("steps/told_repeated", "steps/left_out"):
        for kind, reason, many, firsts in staged.database.run(statement(step)):
            tallied[kind, reason] += many
            wanted.extend(Wanted(kind, reason, one["file"], one["id"]) for one in firsts)
    return Reconciliation(
        came=records.came,
        became=_became(records.came, tallied, judged),
        tallied=dict(tallied),
        left_out=judged.left_out,
        ignored_files=tuple(records.ignored_files),
        made_up_npis=numbers.made_up_npis,
        made_up_tins=numbers.made_up_tins,
        shared_npis=numbers.shared_npis,
        first_places=places_of(wanted, staged.files),
    )


def _became(
    came: dict[str, int], tallied: Counter[tuple[str, str]], judged: Judged
) -> dict[str, int]:
    missing: Counter[str] = Counter(one.resource_type for one in judged.left_out)
    for (kind, _), many in tallied.items():
        missing[kind] += many
    return {kind: many - missing[kind] for kind, many in came.items() if kind in HELD_IN}
