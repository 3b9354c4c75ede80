"""The measures' SQL as syntax trees, settled for the policies in force."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from sqlglot import exp, parse_one
from sqlglot.optimizer.simplify import simplify

from wellpost.measures.policies import POLICIES

EXCLUSIONS = ("no_office_visits", "county_without_broadband")


def considered(name: str, policies: Mapping[str, str]) -> exp.Select:
    """Every row that the measure considers, with `because`: null when it counts."""
    settled = _parsed(name).transform(lambda node: _settle(node, policies))
    return _select(simplify(settled))


def counting(name: str, policies: Mapping[str, str]) -> exp.Select:
    """Only the rows that count: no condition of `because` holds."""
    query = considered(name, policies)
    because = next(column for column in query.selects if column.alias == "because")
    return _select(simplify(query.where(*_no_reason(because.unalias()))))


def text(name: str) -> str:
    """The file as an auditor reads it."""
    return files("wellpost.measures").joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _select(tree: exp.Expr) -> exp.Select:
    if not isinstance(tree, exp.Select):
        raise TypeError("a measure file holds one SELECT")
    return tree


@cache
def _parsed(name: str) -> exp.Expr:
    return parse_one(text(name))


def _settle(node: exp.Expr, policies: Mapping[str, str]) -> exp.Expr:
    """A policy is a word of a closed list; it becomes a literal, so that no engine meets it."""
    if isinstance(node, exp.Placeholder) and node.name in POLICIES:
        return exp.Literal.string(policies[node.name])
    return node


def _no_reason(because: exp.Expr) -> list[exp.Expr]:
    """What must hold so that the CASE gives null."""
    if not isinstance(because, exp.Case):
        return [exp.convert(isinstance(because, exp.Null))]
    branches = [exp.not_(branch.this.copy()) for branch in because.args["ifs"]]
    otherwise = because.args.get("default")
    return branches + ([_no_reason(otherwise)[0]] if otherwise else [])
