"""One small Spark for all tests of a run, and its tables, filled anew for each story or example."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
from pyspark.sql import SparkSession
from sqlglot import exp

from tests.worlds.holders import Rows
from wellpost.facts.source import Held, Source
from wellpost.facts.spark.opening import source_of
from wellpost.facts.spark.settings import ALWAYS, ON_THIS_MACHINE, QUIET
from wellpost.facts.tables import TABLES, Kind, Table

ARROW = {
    Kind.TEXT: pa.string(),
    Kind.DAY: pa.date32(),
    Kind.FLAG: pa.bool_(),
    Kind.SHARE: pa.float64(),
}
NAMES = {Kind.TEXT: "text", Kind.DAY: "date", Kind.FLAG: "boolean", Kind.SHARE: "double"}
SMALL = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xss4m",
}
"""For facts of a dozen rows it costs more to prepare for many than to go through them."""


def small_session() -> SparkSession:
    """Spark with one thread. Whatever opens a Spark in this process from now on is given it."""
    builder = SparkSession.builder.master("local[1]").appName("tests")
    for name, value in {**QUIET, **ON_THIS_MACHINE, **ALWAYS, **SMALL}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


class SparkDatabase:
    """A source on Spark whose rows change from story to story."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session.newSession()
        self._filled: dict[str, list[Any]] = {}
        self.fill({})
        held = {name: _held(table) for name, table in TABLES.items()}
        self.source = source_of(self._session, held, "Spark", list(TABLES))

    def hold(self, rows: Rows) -> Source:
        """The source, with these rows and no others, which need no check."""
        self.fill(rows)
        self.source.held = {}
        return self.source

    def fill(self, rows: Rows) -> None:
        """These rows and no others."""
        for name, table in TABLES.items():
            told = [dict(row) for row in rows.get(name, [])]
            if self._filled.get(name) != told:
                frame = self._session.createDataFrame(_arrow(table, told))
                frame.createOrReplaceTempView(name)
                self._filled[name] = told


def _arrow(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    columns = {
        column.name: pa.array(
            [_value(column.kind, row.get(column.name)) for row in rows], ARROW[column.kind]
        )
        for column in table.columns
    }
    return pa.table(columns)


def _value(kind: Kind, value: Any) -> Any:
    if value is None or value == "":
        return None
    if kind is Kind.DAY:
        return date.fromisoformat(value)
    if kind is Kind.FLAG:
        return value in (True, "true")
    return float(value) if kind is Kind.SHARE else value


def _held(table: Table) -> Held:
    types = {column.name: NAMES[column.kind] for column in table.columns}
    return Held(table.name, table.name, exp.to_table(table.name), types)
