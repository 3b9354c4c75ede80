"""Every story is told to every engine; some also to every way of holding facts."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.worlds import databases
from tests.worlds.databases import Database
from tests.worlds.holders import ENGINES as HOLDERS
from tests.worlds.holders import holder
from tests.worlds.world import World

ENGINES = ["duckdb", "sqlite", "postgres"]
if os.environ.get("HYPOTHESIS_PROFILE") == "nightly":
    ENGINES.append("on_spark")  # seconds a story; tests/spark tells some of them in every run


@pytest.fixture(scope="session")
def duckdb() -> Database:
    """DuckDB in memory."""
    return databases.duck()


@pytest.fixture(scope="session")
def sqlite() -> Database:
    """SQLite in memory."""
    return databases.lite()


@pytest.fixture(scope="session")
def postgres(postgresql: str) -> Database:
    """A PostgreSQL server."""
    return databases.postgresql(postgresql)


@pytest.fixture(scope="session")
def on_spark(spark: Any) -> Any:
    """Spark with one thread."""
    from tests.worlds.spark import SparkDatabase  # few runs want what it imports

    return SparkDatabase(spark)


@pytest.fixture(params=ENGINES)
def world(request: pytest.FixtureRequest) -> World:
    """An empty world, held by one engine after the other."""
    database: Database = request.getfixturevalue(request.param)
    return World(database.hold)


@pytest.fixture(params=HOLDERS)
def held_world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """An empty world, held as a practice may hold it: CSV, Parquet, an SQLite file, PostgreSQL."""
    return World(holder(request.param, tmp_path, lambda: request.getfixturevalue("postgresql")))
