"""Proves that no row was altered or taken out: reads everything again and holds it against the
checkpoints. Its memory does not grow with the number of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from django.db.models import Exists, OuterRef

from wellpost.errors import DataRefusedError
from wellpost.ledger.notes import Note, check
from wellpost.ledger.rows import FIELDS, hash_of_row
from wellpost.ledger.tree import Frontier

from .checkpoints import checkpoints
from .models import AuditRow, SealedRow, TreeNode, WaitingRow
from .trees import is_kept, size_of

TOGETHER = 1000
"""Rows read in one statement."""

FIRST = -(2**62)
Progress = Callable[[int], None]
Kept = tuple[int, int, bytes | memoryview]


class Difference(NamedTuple):
    """What is not as it was sealed; `row_id` the first row concerned, where it can be told."""

    row_id: int | None
    says: str


@dataclass(frozen=True)
class TreeReport:
    """One tree, read again. `signed` of its `rows` stand under the last of the `checkpoints`."""

    tree: str
    rows: int
    checkpoints: int
    signed: int
    difference: Difference | None


@dataclass(frozen=True)
class Unsealed:
    """Rows in no tree: those that wait for the sealer, and those that do not, the first named."""

    waiting: int
    strays: int
    first_stray: int | None


class _FoundError(Exception):
    """Ends the reading of a tree at its first difference."""

    def __init__(self, row_id: int | None, says: str) -> None:
        self.difference = Difference(row_id, says)


class Leaf(NamedTuple):
    """A place of the tree, and the row that stands there, if it is still on record."""

    place: int
    row_id: int
    hash: bytes
    row: Mapping[str, Any] | None


def verify_tree(
    tree: str,
    keys: Sequence[ec.EllipticCurvePublicKey],
    place: Path,
    progress: Progress = lambda rows: None,
) -> TreeReport:
    """Read the rows of a tree again and hold them against the checkpoints in the folder."""
    reading = Reading(tree, keys, place, progress)
    try:
        reading.to_the_end()
        difference = None
    except _FoundError as found:
        difference = found.difference
    except DataRefusedError as refused:
        difference = Difference(None, str(refused))
    size = reading.frontier.size
    return TreeReport(tree, size, reading.checkpoints, reading.signed, difference)


def unsealed(practice_id: str | None = None) -> Unsealed:
    """Rows in no tree; of one practice, or of all."""
    rows = AuditRow.objects.filter(~Exists(SealedRow.objects.filter(pk=OuterRef("pk"))))
    if practice_id is not None:
        rows = rows.filter(practice_id=practice_id)
    waits = Exists(WaitingRow.objects.filter(pk=OuterRef("pk")))
    strays = rows.filter(~waits).order_by("pk")
    first = strays.values_list("pk", flat=True).first()
    return Unsealed(rows.filter(waits).count(), strays.count(), first)


class Reading:
    """One tree, read leaf by leaf beside its nodes and its checkpoints."""

    def __init__(
        self,
        tree: str,
        keys: Sequence[ec.EllipticCurvePublicKey],
        place: Path,
        progress: Progress,
    ) -> None:
        self.tree, self.keys, self.progress = tree, keys, progress
        self.frontier, self.checkpoints, self.signed = Frontier(), 0, 0
        self._end = size_of(tree)  # what is sealed while we read is for the next time
        self._notes = checkpoints(tree, place)
        self._nodes = _nodes(tree, self._end)
        self._note: Note | None = None
        self._stretch: int | None = None  # the first row after the last good checkpoint

    def to_the_end(self) -> None:
        """Every leaf, node and checkpoint; _FoundError at the first that differs."""
        self._next_note()
        for leaf in _leaves(self.tree, self._end):
            self._stretch = leaf.row_id if self._stretch is None else self._stretch
            self._check_leaf(leaf)
            self._grow(leaf)
            self._check_notes()
            self.progress(1)
        self._check_the_end()

    def _check_leaf(self, leaf: Leaf) -> None:
        if leaf.place != self.frontier.size:
            says = f"place {self.frontier.size:,} of the tree, before this row, was taken out"
            raise _FoundError(leaf.row_id, says)
        if leaf.row is None:
            raise _FoundError(leaf.row_id, "was sealed and has been taken out of the record")
        if hash_of_row(leaf.row) != leaf.hash:
            raise _FoundError(
                leaf.row_id, "is not what was sealed: the row or its seal was changed"
            )

    def _grow(self, leaf: Leaf) -> None:
        for node, data in self.frontier.append(leaf.hash):
            if is_kept(node) and next(self._nodes, None) != (node.level, node.last, data):
                raise _FoundError(self._stretch, self._up_to("the tree's own hash keeps"))

    def _check_notes(self) -> None:
        while self._note and self._note.checkpoint.size <= self.frontier.size:
            signed = self._note.checkpoint
            if signed.size < self.frontier.size:
                raise DataRefusedError(
                    f"the checkpoint at size {signed.size:,} stands after a larger one; the file "
                    "of checkpoints was changed."
                )
            if self.frontier.root() != signed.root:
                raise _FoundError(self._stretch, self._up_to("the checkpoint there signs"))
            self.checkpoints, self.signed = self.checkpoints + 1, signed.size
            self._stretch = None
            self._next_note()

    def _up_to(self, what: str) -> str:
        return (
            f"or one after it, up to place {self.frontier.size:,}, was changed with its seal: it "
            f"is not what {what} (up to place {self.signed:,} everything is as it was signed)"
        )

    def _check_the_end(self) -> None:
        if next(self._nodes, None) is not None:
            raise _FoundError(None, "the tree has a hash over rows that it does not have")
        if self._note and self._note.checkpoint.size > size_of(self.tree):
            size = self._note.checkpoint.size
            raise _FoundError(
                None, f"the checkpoint at size {size:,} signs more rows than there are: "
                f"{size - self.frontier.size:,} were taken out at the end",
            )  # fmt: skip
        if self.frontier.size and not self.checkpoints:
            raise _FoundError(None, "there is no checkpoint to hold the rows against")

    def _next_note(self) -> None:
        self._note = next(self._notes, None)
        if self._note:
            check(self._note, self.keys)
            if self._note.checkpoint.tree != self.tree:
                raise DataRefusedError("a checkpoint of another practice stands among these.")


def _leaves(tree: str, end: int) -> Iterator[Leaf]:
    after = FIRST
    while some := _some_leaves(tree, after, end):
        rows = AuditRow.objects.filter(pk__in=[each[1] for each in some]).values(*FIELDS)
        held = {row["id"]: row for row in rows}
        for place, row_id, data in some:
            yield Leaf(place, row_id, bytes(data), held.get(row_id))
        after = some[-1][0]


def _some_leaves(tree: str, after: int, end: int) -> list[Kept]:
    found = SealedRow.objects.filter(tree=tree, place__gt=after, place__lt=end).order_by("place")
    return list(found.values_list("place", "row_id", "hash")[:TOGETHER])


def _nodes(tree: str, end: int) -> Iterator[tuple[int, int, bytes]]:
    """The kept nodes in the order in which a growing tree makes them: (level, last, hash)."""
    after = FIRST
    held = TreeNode.objects.filter(tree=tree, last__lt=end).order_by("last", "level")
    while some := list(held.filter(last__gt=after).values_list("level", "last", "hash")[:TOGETHER]):
        whole = _without_a_cut_group(some)
        yield from ((level, last, bytes(data)) for level, last, data in whole)
        after = whole[-1][1]


def _without_a_cut_group(some: list[Kept]) -> list[Kept]:
    """Nodes that end at one leaf are read together."""
    if len(some) < TOGETHER:
        return some
    return [each for each in some if each[1] != some[-1][1]] or some
