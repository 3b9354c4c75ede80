"""A query as Spark reads it."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.generators.spark import SparkGenerator


class _WithInside(SparkGenerator):
    """SQLGlot lifts every WITH to the top for old Sparks; two of one name would then collide."""

    EXPRESSIONS_WITHOUT_NESTED_CTES = set()


def spark_text(query: exp.Expr) -> str:
    """The query in Spark's SQL, each WITH left where it stands."""
    return _WithInside(dialect="spark", comments=False).generate(query)
