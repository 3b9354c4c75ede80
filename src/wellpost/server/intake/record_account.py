"""What became of every resource that came for the record, by kind and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

WHY: Mapping[str, str] = {
    "messages": "messages are kept sealed among the messages",
    "another_systems_log": "the log of another system is no part of the record",
    "inner_bundle": "a Bundle in a line is not opened; write its entries out",
    "no_patient": "it is about no patient, and nothing that is kept refers to it",
    "several_patients": "it is about several patients, and none may see another's",
    "unknown_patient": "its patient is not in the folder",
    "other_practice": "it belongs to a practice that is not imported",
    "replaced": "the patient's record was merged into another one",
    "follows_nothing": "what it is about is not kept",
    "repeated": "the same resource comes again further on",
    "broken_line": "the line is no FHIR resource",
    "unkeepable": "it is too long, nested too deep, or holds a NUL character",
}
"""Why a resource is not in the record, in words."""


@dataclass
class RecordAccount:
    """`came = kept + left out`, for every kind; one kept by two practices counts once."""

    came: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)

    def leave_out(self, kind: str, why: str) -> None:
        """Count one that is not kept; `why` is a key of WHY."""
        self.left_out[kind, why] += 1

    def adds_up(self) -> bool:
        """Whether every resource is accounted for, exactly once."""
        missing = Counter[str]()
        for (kind, _), many in self.left_out.items():
            missing[kind] += many
        return all(many == self.kept[kind] + missing[kind] for kind, many in self.came.items())

    def sentences(self) -> Iterator[str]:
        """The account in words, a line at a time."""
        yield f"for the record: {self.came.total():,} resources came, {self.kept.total():,} kept"
        for (kind, why), many in sorted(self.left_out.items()):
            yield f"  not in the record: {many:,} {kind}: {WHY[why]}"
