"""What an import did: how many rows of each kind are new, changed, as they were, and left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Rows of one kind, counted by what became of them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        return f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} as they were"


@dataclass
class ImportReport:
    """The account of an import. `left_out` is (what, why) to how many; `account` the reader's."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    left_out: dict[tuple[str, str], int] = field(default_factory=dict)
    account: list[str] = field(default_factory=list)
    withdrawn: int = 0

    def of(self, kind: str) -> Tally:
        """The tally of a kind of rows, made at its first use."""
        return self.tallies.setdefault(kind, Tally())

    def leave_out(self, kind: str, why: str, many: int = 1) -> None:
        """Count rows that were not imported."""
        if many:
            self.left_out[kind, why] = self.left_out.get((kind, why), 0) + many

    @property
    def new(self) -> int:
        """How many rows were made, of all kinds."""
        return sum(tally.new for tally in self.tallies.values())

    @property
    def changed(self) -> int:
        """How many rows were changed, of all kinds."""
        return sum(tally.changed for tally in self.tallies.values()) + self.withdrawn

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """The tallies as plain numbers, for the audit row."""
        return {kind: vars(tally).copy() for kind, tally in self.tallies.items()}

    def sentences(self) -> Iterator[str]:
        """The account in words, a line at a time; it counts people and names none."""
        yield from self.account
        for kind, tally in self.tallies.items():
            yield f"{kind}: {tally}"
        if self.withdrawn:
            yield f"visits that the source took back: {self.withdrawn:,}"
        for (kind, why), many in sorted(self.left_out.items()):
            yield f"not imported: {many:,} {kind}: {why}"
        yield f"in all: {self.new:,} new, {self.changed:,} changed"
