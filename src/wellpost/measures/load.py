"""The measures' SQL as syntax trees, settled for the policies in force."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sqlglot import exp, parse_one
from sqlglot.optimizer.simplify import simplify

from wellpost.measures.policies import WORDS, settled
from wellpost.measures.shelf import shelf

Words = tuple[tuple[str, str], ...]


def considered(name: str, policies: Mapping[str, str]) -> exp.Select:
    """Every row that the measure considers, with `because`: null when it counts."""
    return _considered(shelf(), name, _words(policies)).copy()


def counting(name: str, policies: Mapping[str, str]) -> exp.Select:
    """Only the rows that count: no condition of `because` holds."""
    return _counting(shelf(), name, _words(policies)).copy()


def sameness(name: str, policies: Mapping[str, str]) -> str:
    """A text that is equal for policies under which the same rows count."""
    return _sameness(shelf(), name, _words(policies))


def by_practice(name: str) -> bool:
    """Whether the measure tells a clinician's TINs apart: its rows then have a `tin`."""
    return any(column.alias_or_name == "tin" for column in _select(_parsed(shelf(), name)).selects)


def text(name: str) -> str:
    """The file as an auditor reads it."""
    return (shelf() / f"{name}.sql").read_text(encoding="utf-8")


def _words(policies: Mapping[str, str]) -> Words:
    """The words that measures know, fit to remember a tree by."""
    words = settled(policies)
    return tuple((name, words[name]) for name in WORDS if name in words)


@cache
def _considered(folder: Path, name: str, words: Words) -> exp.Select:
    tree = _parsed(folder, name).transform(lambda node: _settle(node, dict(words)))
    return _select(simplify(tree))


@cache
def _counting(folder: Path, name: str, words: Words) -> exp.Select:
    query = _considered(folder, name, words).copy()
    because = next(column for column in query.selects if column.alias == "because")
    return _select(simplify(query.where(*_no_reason(because.unalias()))))


@cache
def _sameness(folder: Path, name: str, words: Words) -> str:
    return _counting(folder, name, words).sql()


def _select(tree: exp.Expr) -> exp.Select:
    if not isinstance(tree, exp.Select):
        raise TypeError("a measure file holds one SELECT")
    return tree


@cache
def _parsed(folder: Path, name: str) -> exp.Expr:
    return parse_one((folder / f"{name}.sql").read_text(encoding="utf-8"))


def _settle(node: exp.Expr, policies: Mapping[str, str]) -> exp.Expr:
    """A policy is a word of a closed list; it becomes a literal, so that no engine meets it."""
    if isinstance(node, exp.Placeholder) and node.name in WORDS:
        return exp.Literal.string(policies[node.name])
    return node


def _no_reason(because: exp.Expr) -> list[exp.Expr]:
    """What must hold so that the CASE gives null."""
    if not isinstance(because, exp.Case):
        return [exp.convert(isinstance(because, exp.Null))]
    branches = [exp.not_(branch.this.copy()) for branch in because.args["ifs"]]
    otherwise = because.args.get("default")
    return branches + ([_no_reason(otherwise)[0]] if otherwise else [])
