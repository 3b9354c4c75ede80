"""Which tables and columns a question asks of the facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.scope import traverse_scope

from wellpost.engine.question import Question
from wellpost.facts.tables import TABLES
from wellpost.measures.load import considered
from wellpost.terms import Level


def needs(question: Question, grounds: Iterable[str] = ()) -> Mapping[str, frozenset[str]]:
    """For each fact table, the columns that its measure and exclusions ask for."""
    queries = [
        considered("denominator", question.words),
        considered(question.measure, question.words),
        *(considered(f"exclusions/{ground}", question.words) for ground in grounds),
    ]
    asked: dict[str, set[str]] = {"clinicians": {"npi", "tin"}}
    if question.level is Level.VIRTUAL_GROUP:
        asked["virtual_groups"] = {"virtual_group", "tin"}
    for query in queries:
        _collect(query, asked)
    return {name: frozenset(columns) for name, columns in asked.items()}


def _collect(query: exp.Expr, asked: dict[str, set[str]]) -> None:
    for scope in traverse_scope(pushdown_projections(query)):
        if _is_ruled_out(scope.expression):
            continue
        for alias, found in scope.sources.items():
            if isinstance(found, exp.Table) and found.name in TABLES:
                columns = {column.name for column in scope.columns if column.table == alias}
                asked.setdefault(found.name, set()).update(columns)


def _is_ruled_out(query: exp.Expr) -> bool:
    """Whether the policies in force leave the query no row."""
    where = query.args.get("where")
    return where is not None and isinstance(where.this, exp.Boolean) and not where.this.this
