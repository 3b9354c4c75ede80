"""Give many files one name in the database, so that no query has to list them."""

from __future__ import annotations

from sqlglot import exp

from wellpost.facts.duck import Duck
from wellpost.facts.files import Files


def named(duck: Duck, table: str, files: Files, relation: exp.Expr) -> exp.Expr:
    """What stands in a FROM for the relation: itself, or a name where the files are many.

    Small files are read now, once: a query that opens thousands of them takes longer to open
    than to count. DataRefusedError when one of them cannot be read.
    """
    if not files.are_many:
        return relation
    name = f"files_of_{table}"
    kind = "TABLE" if files.are_small else "VIEW"
    query = exp.select("*").from_(relation.copy())
    duck.run(exp.Create(this=exp.to_table(name), kind=kind, expression=query).sql("duckdb"))
    return exp.to_table(name)


def columns_of(duck: Duck, relation: exp.Expr) -> dict[str, str]:
    """The columns of the relation and their native types, lower case."""
    query = exp.select("*").from_(relation.copy()).limit(0)
    return duck.describe(query.sql("duckdb"))
