"""How many resources came, how many became facts, and why each of the rest did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wellpost.adapters.fhir.datatypes import Place
from wellpost.adapters.fhir.mapping import FAULTS, REASONS
from wellpost.adapters.fhir.records import LeftOut
from wellpost.facts.bad import Bad

_PLACES_SAID = 3


@dataclass(frozen=True)
class Reconciliation:
    """The account of one reading, by FHIR type; `came = became + left out`, for every type.

    `tallied` are those left out in bulk by (type, reason), `left_out` those with their place;
    `first_places` are where the first of those in bulk stand, as far as that was looked for.
    """

    came: Mapping[str, int]
    became: Mapping[str, int]
    tallied: Mapping[tuple[str, str], int]
    left_out: tuple[LeftOut, ...]
    ignored_files: tuple[str, ...] = ()
    made_up_npis: int = 0
    made_up_tins: int = 0
    shared_npis: int = 0
    first_places: Mapping[tuple[str, str], tuple[Place, ...]] = field(default_factory=dict)

    def by_reason(self, resource_type: str) -> Mapping[str, int]:
        """How many of a type were left out for each reason."""
        found = Counter(one.reason for one in self.left_out if one.resource_type == resource_type)
        for (kind, reason), many in self.tallied.items():
            if kind == resource_type:
                found[reason] += many
        return dict(sorted(found.items()))

    def places(self, resource_type: str, reason: str) -> tuple[Place, ...]:
        """Where those left out for a reason stand (of those tallied in bulk the first few)."""
        one_by_one = tuple(
            one.place
            for one in self.left_out
            if (one.resource_type, one.reason) == (resource_type, reason)
        )
        return one_by_one + self.first_places.get((resource_type, reason), ())

    def adds_up(self) -> bool:
        """Whether every resource that came is accounted for, exactly once."""
        return all(
            many == self.became.get(kind, 0) + sum(self.by_reason(kind).values())
            for kind, many in self.came.items()
        )

    def sentences(self) -> Iterator[str]:
        """The account in words, a line at a time; it counts people and names none."""
        for kind, many in sorted(self.came.items()):
            yield f"{kind}: {many:,} came, {self.became.get(kind, 0):,} taken"
            yield from (f"  left out {line}" for line in self.reasons_of(kind))
        if self.made_up_npis or self.made_up_tins:
            yield (
                f"made-up identifiers: {self.made_up_npis:,} NPIs, {self.made_up_tins:,} TINs "
                "(no report of these numbers may leave the house)"
            )
        if self.shared_npis:
            yield (
                f"NPIs carried by differently named practitioners: {self.shared_npis:,} "
                "(an NPI is one person's, so they count as one clinician)"
            )
        if self.ignored_files:
            yield f"files not read: {', '.join(self.ignored_files)}"

    def faults(self) -> Iterator[Bad]:
        """What was left out because it is wrong, with how many and the first places."""
        for kind, came in sorted(self.came.items()):
            for reason, many in self.by_reason(kind).items():
                if reason in FAULTS:
                    were = "was" if many == 1 else "were"
                    left = f"{kind}: {many:,} of {came:,} {were} left out"
                    told = f"{left}: {REASONS[reason]}{self._where(kind, reason, many)}."
                    yield Bad(kind, REASONS[reason], many, told)

    def reasons_of(self, kind: str) -> Iterator[str]:
        """For each reason how many of a type it left out, the reason, and the first places."""
        for reason, many in self.by_reason(kind).items():
            yield f"{many:,}: {REASONS[reason]}{self._where(kind, reason, many)}"

    def _where(self, kind: str, reason: str, many: int) -> str:
        places = ", ".join(map(str, self.places(kind, reason)[:_PLACES_SAID]))
        return f" ({places}{', …' if many > _PLACES_SAID else ''})" if places else ""
