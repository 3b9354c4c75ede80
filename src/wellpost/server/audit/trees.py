"""The trees as the database keeps them: how large each is, its hashes, roots and paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from django.db.models import Max, Q

from wellpost.ledger.tree import (
    Frontier,
    Node,
    Span,
    consistency_spans,
    hash_of_span,
    inclusion_spans,
    node_hash,
    nodes_of,
)

from .models import SealedRow, TreeNode

SERVER = "server"
"""The tree of the rows that belong to no practice."""

KEPT_LEVELS = 4
"""Nodes of every fourth level are kept."""


def tree_of(practice_id: str) -> str:
    """The tree in which a practice's rows stand."""
    return practice_id or SERVER


def trees() -> list[str]:
    """Every tree that has a row."""
    return list(SealedRow.objects.order_by("tree").values_list("tree", flat=True).distinct())


def size_of(tree: str) -> int:
    """How many rows stand in the tree."""
    last = SealedRow.objects.filter(tree=tree).aggregate(last=Max("place"))["last"]
    return 0 if last is None else last + 1


def frontier_of(tree: str) -> Frontier:
    """The right edge of the tree as it is."""
    size = size_of(tree)
    nodes = nodes_of(Span(0, size))
    found = hashes_of(tree, nodes)
    return Frontier(size, [found[each] for each in nodes])


def root_at(tree: str, size: int) -> bytes:
    """The root the tree had at that size."""
    span = Span(0, size)
    return hash_of_span(span, hashes_of(tree, nodes_of(span)).__getitem__)


def path_to(tree: str, place: int, size: int) -> list[bytes]:
    """The hashes that prove the row at that place, in the tree of that size."""
    return _hashes_over(tree, inclusion_spans(place, size))


def path_between(tree: str, old: int, new: int) -> list[bytes]:
    """The hashes that prove that the tree of size `new` begins with that of size `old`."""
    return _hashes_over(tree, consistency_spans(old, new))


def _hashes_over(tree: str, spans: list[Span]) -> list[bytes]:
    found = hashes_of(tree, [node for span in spans for node in nodes_of(span)])
    return [hash_of_span(span, found.__getitem__) for span in spans]


def hashes_of(tree: str, nodes: Iterable[Node]) -> dict[Node, bytes]:
    """The hash of each node, in two statements. KeyError where the tree has no such node."""
    wanted = list(dict.fromkeys(nodes))
    kept = _stored(tree, {each for node in wanted for each in _down_to_kept(node)})
    return {node: _hash(node, kept) for node in wanted}


def is_kept(node: Node) -> bool:
    """Whether the node has a row of its own."""
    return node.level % KEPT_LEVELS == 0


def _hash(node: Node, kept: dict[Node, bytes]) -> bytes:
    """From the kept nodes below it, two by two."""
    found = [kept[each] for each in _down_to_kept(node)]
    return reduce(_paired, range(node.level % KEPT_LEVELS), found)[0]


def _paired(hashes: list[bytes], _: int) -> list[bytes]:
    return [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]


def _down_to_kept(node: Node) -> list[Node]:
    down = node.level % KEPT_LEVELS
    first = node.place << down
    return [Node(node.level - down, first + each) for each in range(1 << down)]


def _stored(tree: str, nodes: set[Node]) -> dict[Node, bytes]:
    places = [each.place for each in nodes if each.level == 0]
    found = SealedRow.objects.filter(tree=tree, place__in=places)
    leaves = found.values_list("place", "hash")
    held = {Node(0, place): bytes(data) for place, data in leaves}
    return held | dict(_stored_nodes(tree, nodes))


def _stored_nodes(tree: str, nodes: set[Node]) -> Iterator[tuple[Node, bytes]]:
    by_place = {(each.level, each.last): each for each in nodes if each.level}
    asked = Q(pk__in=[])
    for level in {level for level, _ in by_place}:
        asked |= Q(level=level, last__in=[last for held, last in by_place if held == level])
    found = TreeNode.objects.filter(asked, tree=tree).values_list("level", "last", "hash")
    for level, last, data in found if by_place else ():
        yield by_place[level, last], bytes(data)
