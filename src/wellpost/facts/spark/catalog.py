"""Tables and views of Spark's catalog that carry the names of the fact tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from wellpost.errors import RequestError
from wellpost.facts.source import Held
from wellpost.facts.spark.types import native_types
from wellpost.facts.tables import TABLES

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def hold_tables(session: SparkSession, database: str) -> tuple[dict[str, Held], list[str]]:
    """The fact tables there, and the names of all; an empty `database` is the current one."""
    if database and not session.catalog.databaseExists(database):
        raise RequestError(f"Spark knows no database {database}.")
    names = sorted(each.name for each in session.catalog.listTables(database or None))
    held = {name: _hold(session, name, database) for name in TABLES if name in names}
    return held, names


def _hold(session: SparkSession, name: str, database: str) -> Held:
    relation = exp.to_table(f"{database}.{name}" if database else name, dialect="spark")
    frame = session.table(relation.sql("spark"))
    return Held(name, f"{database}.{name}".lstrip("."), relation, native_types(frame))
