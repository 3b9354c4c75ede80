"""Open facts on Spark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from wellpost.facts.reading import reading
from wellpost.facts.source import Held, Prepared, Source
from wellpost.facts.spark.address import read_address
from wellpost.facts.spark.catalog import hold_tables
from wellpost.facts.spark.folder import hold_folder, name_of
from wellpost.facts.spark.running import run
from wellpost.facts.spark.session import start
from wellpost.facts.spark.text import spark_text
from wellpost.facts.tables import TABLES

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass
class SparkSource(Source):
    """Facts on Spark."""

    def prepare(self, query: exp.Expr) -> Prepared:
        """The query as Spark reads it."""
        names = frozenset(found.name for found in query.find_all(exp.Placeholder))
        return Prepared(spark_text(query), names)


def open_spark(where: str, folder: str | None = None) -> Source:
    """The facts of a folder of Parquet that the Spark at `where` reads, or of its catalog.

    `where` is `local[*]`, `spark://host:7077`, `sc://host:15002`, `yarn` or `k8s://…`; with
    `#DATABASE` behind it that database's tables are meant. RequestError for an address that cannot
    be right and where Java or PySpark is missing, DataRefusedError when nothing answers there.
    """
    address = read_address(where)
    started = start(address)
    try:
        if folder is not None:
            held, found, label = (*hold_folder(started.session, folder), name_of(folder))
        else:
            held, found = hold_tables(started.session, address.database)
            label = address.shown
        return source_of(started.session, held, label, found, started.stop)
    except BaseException:
        started.stop()
        raise


def source_of(
    session: SparkSession,
    held: Mapping[str, Held],
    label: str,
    found: list[str],
    stop: object = None,
) -> Source:
    """The facts that a session holds so."""
    return SparkSource(
        dialect="spark",
        tables={name: reading(one, TABLES[name], "spark") for name, one in held.items()},
        execute=lambda sql, values: run(session, sql, values),
        label=label,
        held=held,
        on_close=stop if callable(stop) else lambda: None,
        found=found,
    )
