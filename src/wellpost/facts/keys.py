"""Rows that share a key and contradict each other."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from wellpost.facts.source import Held, Source
from wellpost.facts.tables import Table

NO_CONTRADICTION = "stands there more than once with different content"
HASHES = {"duckdb": "HASH", "spark": "XXHASH64"}
"""The function that makes one number of 64 bits of many columns, in the dialects that have one."""


def suspects(source: Source, held: Held, table: Table) -> bool:
    """Whether the exact search is worth its time: some first compare hashes.

    Hashes of keys alone, which most often are all different, then of whole rows.
    """
    if not table.key or not all(name in held.types for name in table.key):
        return False
    if source.dialect not in HASHES:
        return True
    content = _hash([name for name in table.names if name in held.types], source.dialect)
    differs = exp.Min(this=content).neq(exp.Max(this=content.copy()))
    steps = (exp.Count(this=exp.Star()) > 1, differs)
    return all(_is_any(source, held, table, having) for having in steps)


def _is_any(source: Source, held: Held, table: Table, having: exp.Expr) -> bool:
    """Whether the condition holds for the rows of any key."""
    same = exp.select("1").from_(held.relation.copy()).group_by(_hash(table.key, source.dialect))
    return next(source.run(same.having(having).limit(1)), None) is not None


def _hash(names: Iterable[str], dialect: str) -> exp.Expr:
    """One number for the columns. Spark passes nulls over, so it is told where they stand."""
    columns: list[exp.Expr] = [exp.column(name, quoted=True) for name in names]
    if dialect == "spark":
        columns += [column.copy().is_(exp.null()) for column in columns]
    return exp.Anonymous(this=HASHES[dialect], expressions=columns)


def contradicting(held: Held, table: Table, rows: exp.Expr) -> exp.Select:
    """Keys of good rows that stand for more than one content, with `rows_of`, how many rows."""
    columns = [exp.column(name, quoted=True) for name in table.names if name in held.types]
    key = [exp.column(name, quoted=True) for name in table.key]
    contents = (
        exp.select(*columns, "COUNT(*) AS copies")
        .from_(rows.copy())
        .where("fault IS NULL")
        .group_by(*columns)
    )
    return (
        exp.select(*key, "SUM(copies) AS rows_of")
        .from_(contents.subquery("contents"))
        .group_by(*key)
        .having("COUNT(*) > 1")
    )
