"""Statements of DuckDB that make a fact table and fill it from elsewhere."""

from __future__ import annotations

from sqlglot import exp

from wellpost.facts.tables import Kind, Table

NATIVE = {Kind.TEXT: "text", Kind.DAY: "date", Kind.FLAG: "boolean", Kind.SHARE: "double"}
"""The type of each kind of column, as every dialect knows it."""


def creating(table: Table) -> str:
    """CREATE TABLE with the columns of the description."""
    columns = [
        exp.ColumnDef(this=exp.to_identifier(one.name), kind=exp.DataType.build(NATIVE[one.kind]))
        for one in table.columns
    ]
    schema = exp.Schema(this=exp.to_table(table.name), expressions=columns)
    return exp.Create(this=schema, kind="TABLE").sql("duckdb")


def inserting(table: Table) -> str:
    """INSERT of one list for each column, by its name: far quicker in DuckDB than row by row."""
    lists = [
        exp.Unnest(
            expressions=[
                exp.cast(exp.Placeholder(this=one.name), f"{NATIVE[one.kind]}[]", dialect="duckdb")
            ]
        )
        for one in table.columns
    ]
    return exp.insert(exp.select(*lists), table.name).sql("duckdb")
