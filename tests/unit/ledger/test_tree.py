"""The tree against RFC 6962's own words and the vectors every log checks itself with."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellpost.ledger.tree import (
    EMPTY_ROOT,
    Frontier,
    Span,
    consistency_spans,
    hash_of_span,
    inclusion_spans,
    is_consistent,
    leaf_hash,
    node_hash,
    nodes_of,
    root_of_inclusion,
)

# The eight leaves, roots and paths of the Certificate Transparency project's own tests.
LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
GROWTH = {
    (1, 1): [],
    (1, 8): PATHS[(0, 8)],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def plain_root(leaves):
    """MTH as RFC 6962, 2.1, defines it, with everything at hand."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(plain_root(leaves[:half]), plain_root(leaves[half:]))


def made(count):
    return [leaf_hash(b"row %d" % number) for number in range(count)]


def grown(leaves):
    """The tree's nodes and its root at every size."""
    frontier, nodes, roots = Frontier(), {}, [EMPTY_ROOT]
    for index, leaf in enumerate(leaves):
        nodes[0, index] = leaf
        nodes |= dict(frontier.append(leaf))
        roots.append(frontier.root())
    return nodes, roots


def hashes(spans, nodes):
    return [hash_of_span(each, nodes.__getitem__) for each in spans]


@pytest.fixture(scope="module")
def known():
    return grown([leaf_hash(bytes.fromhex(each)) for each in LEAVES])


def test_the_roots_of_the_known_tree(known):
    assert [each.hex() for each in known[1][1:]] == ROOTS


@pytest.mark.parametrize("asked", PATHS)
def test_the_paths_of_the_known_tree(known, asked):
    assert [each.hex() for each in hashes(inclusion_spans(*asked), known[0])] == PATHS[asked]


@pytest.mark.parametrize("asked", GROWTH)
def test_the_growth_of_the_known_tree(known, asked):
    assert [each.hex() for each in hashes(consistency_spans(*asked), known[0])] == GROWTH[asked]


@given(st.integers(0, 300))
def test_the_root_is_that_of_the_definition(size):
    _, roots = grown(made(size))
    assert roots[-1] == plain_root(made(size))


@given(st.data())
def test_every_proof_of_inclusion_holds_and_none_of_another_leaf(data):
    size = data.draw(st.integers(1, 300))
    index, other = (data.draw(st.integers(0, size - 1)) for _ in range(2))
    leaves = made(size)
    nodes, roots = grown(leaves)
    path = hashes(inclusion_spans(index, size), nodes)
    assert root_of_inclusion(leaves[index], index, size, path) == roots[size]
    assert root_of_inclusion(leaf_hash(b"forged"), index, size, path) != roots[size]
    if other != index:
        assert root_of_inclusion(leaves[index], other, size, path) != roots[size]
    assert root_of_inclusion(leaves[index], index, size, [*path, path[-1] if path else b""]) is None
    if path:
        assert root_of_inclusion(leaves[index], index, size, path[:-1]) is None
        assert root_of_inclusion(leaves[index], index, size, altered(path, data)) != roots[size]


@given(st.data())
def test_every_proof_of_growth_holds_and_none_of_another_tree(data):
    new = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, new))
    nodes, roots = grown(made(new))
    path = hashes(consistency_spans(old, new), nodes)
    assert is_consistent(old, new, roots[old], roots[new], path)
    assert not is_consistent(old, new, roots[old], leaf_hash(b"forged"), path)
    assert not is_consistent(old, new, leaf_hash(b"forged"), roots[new], path)
    assert not is_consistent(old, new, roots[old], roots[new], [*path, roots[old]])
    if path:
        assert not is_consistent(old, new, roots[old], roots[new], path[:-1])
        assert not is_consistent(old, new, roots[old], roots[new], altered(path, data))


def altered(path, data):
    place = data.draw(st.integers(0, len(path) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = bytearray(path[place])
    changed[bit // 8] ^= 1 << bit % 8
    return [*path[:place], bytes(changed), *path[place + 1 :]]


@given(st.integers(1, 2**40), st.data())
def test_a_proof_has_no_more_hashes_than_the_tree_has_levels(size, data):
    index = data.draw(st.integers(0, size - 1))
    assert len(inclusion_spans(index, size)) <= (size - 1).bit_length()
    for span in inclusion_spans(index, size):
        nodes = nodes_of(span)
        assert sum(1 << each.level for each in nodes) == span.end - span.start
        assert nodes[-1].last == span.end - 1


def test_what_there_is_not_has_no_proof():
    with pytest.raises(ValueError, match="no leaf 8 in a tree of 8"):
        inclusion_spans(8, 8)
    with pytest.raises(ValueError, match="did not grow"):
        consistency_spans(9, 8)
    assert root_of_inclusion(leaf_hash(b""), 3, 3, []) is None
    assert not is_consistent(0, 3, EMPTY_ROOT, leaf_hash(b""), [])
    with pytest.raises(ValueError, match="a tree of 3 has 2"):
        Frontier(3, [b""])


def test_a_frontier_goes_on_from_what_is_kept():
    nodes, roots = grown(made(21))
    kept = [nodes[each] for each in nodes_of(Span(0, 13))]
    frontier = Frontier(13, kept)
    assert frontier.root() == roots[13]
    for leaf in made(21)[13:]:
        frontier.append(leaf)
    assert frontier.root() == roots[21]
