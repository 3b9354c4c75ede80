"""The Merkle tree of RFC 6962, section 2.1, with SHA-256: roots, and proofs of O(log n) hashes.

A tree is never held whole. A *node* (level, place) is the root of the full subtree over the leaves
place * 2^level to (place + 1) * 2^level - 1; a leaf's hash is the node (0, index). Whoever keeps
the nodes can give the root and the proofs of the tree at every size it ever had.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import NamedTuple

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Node(NamedTuple):
    """The root of a full subtree: over 2^level leaves, the place-th of that size."""

    level: int
    place: int

    @property
    def last(self) -> int:
        """The index of the last leaf under it; the node exists from that leaf on."""
        return ((self.place + 1) << self.level) - 1


class Span(NamedTuple):
    """The leaves from `start` up to, not including, `end`: a node of the recursion in RFC 6962,
    which is a full subtree, or the ragged right edge of the tree."""

    start: int
    end: int


HashOf = Callable[[Node], bytes]
"""Gives the hash of a node that exists."""


def leaf_hash(data: bytes) -> bytes:
    """MTH({d(0)}) = SHA-256(0x00 || d(0))."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: what is needed to add leaves and to tell the root."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if len(hashes) != size.bit_count():
            raise ValueError(f"{len(hashes)} hashes; a tree of {size} has {size.bit_count()}.")
        self.size = size
        self._hashes = list(hashes)

    def append(self, leaf: bytes) -> Iterator[tuple[Node, bytes]]:
        """Add a leaf's hash; gives the nodes above it that are full now, the lowest first."""
        self._hashes.append(leaf)
        self.size += 1
        level, place = 0, self.size - 1
        full = []
        while place & 1:
            right, left = self._hashes.pop(), self._hashes.pop()
            level, place = level + 1, place >> 1
            self._hashes.append(node_hash(left, right))
            full.append((Node(level, place), self._hashes[-1]))
        return iter(full)

    def root(self) -> bytes:
        """MTH of all leaves so far."""
        return _folded(self._hashes)


def nodes_of(span: Span) -> list[Node]:
    """The full subtrees, the largest first, that make up a span; it starts where one may start."""
    start, length, nodes = span.start, span.end - span.start, []
    while length:
        level = length.bit_length() - 1
        nodes.append(Node(level, start >> level))
        start, length = start + (1 << level), length - (1 << level)
    return nodes


def hash_of_span(span: Span, hash_of: HashOf) -> bytes:
    """MTH of the leaves of a span."""
    return _folded([hash_of(each) for each in nodes_of(span)])


def inclusion_spans(index: int, size: int) -> list[Span]:
    """PATH(index, D[size]) of RFC 6962, 2.1.1: whose hashes prove the leaf, the lowest first."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}.")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(Span(middle, end))
            end = middle
        else:
            path.append(Span(start, middle))
            start = middle
    return path[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """PROOF(old, D[new]) of RFC 6962, 2.1.2: whose hashes prove that the tree only grew."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} did not grow from one of {old}.")
    start, end, whole, path = 0, new, True, []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(Span(middle, end))
            end = middle
        else:
            path.append(Span(start, middle))
            start, whole = middle, False
    return ([] if whole else [Span(start, end)]) + path[::-1]


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that the path leads to from the leaf (RFC 9162, 2.1.3.2); None: no such path."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for each in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_hash(each, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, each)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def is_consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the path proves that the new tree begins with the old one (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new or old == new:
        return 0 < old == new and not path and old_root == new_root
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not hashes:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(each, before), node_hash(each, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, each)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _split(length: int) -> int:
    """The largest power of two smaller than the length."""
    return 1 << ((length - 1).bit_length() - 1)


def _folded(hashes: Sequence[bytes]) -> bytes:
    """Full subtrees, the largest first, as one root."""
    return (
        reduce(lambda right, left: node_hash(left, right), hashes[::-1]) if hashes else EMPTY_ROOT
    )
