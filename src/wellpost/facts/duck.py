"""DuckDB as facts are read with it: within limits, stopped cleanly, complaining in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from wellpost.errors import RequestError
from wellpost.facts.complaints import SPILT, in_our_words
from wellpost.facts.resources import Resources, resources
from wellpost.facts.scratch import Scratch, scratch

ROWS_AT_ONCE = 10_000


@dataclass
class Duck:
    """A database in memory, with what it may take and where it spills."""

    connection: duckdb.DuckDBPyConnection
    limits: Resources
    spill: Scratch | None = None
    running: duckdb.DuckDBPyConnection | None = None

    def execute(self, sql: str, values: Mapping[str, object]) -> Iterator[tuple[Any, ...]]:
        """Rows in batches, each query on a cursor of its own so that two may be read at a time."""
        cursor = self.connection.cursor()
        self.running = cursor
        try:
            for setting in ("enable_progress_bar_print = false", "enable_progress_bar = true"):
                cursor.execute(f"SET {setting}")
            cursor.execute(sql, dict(values) or None)
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield from rows
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None
        except duckdb.Error as error:
            raise in_our_words(error, self.limits) from None
        except RuntimeError as error:
            if "interrupted" in str(error).lower():
                raise KeyboardInterrupt from None
            raise
        finally:
            self.running = None
            cursor.close()

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a short answer."""
        return list(self.execute(sql, values or {}))

    def describe(self, sql: str) -> dict[str, str]:
        """The columns that the query gives and their types, lower case."""
        try:
            described = self.connection.execute(sql).description or []
        except duckdb.Error as error:
            raise in_our_words(error, self.limits) from None
        return {str(name): str(kind).lower() for name, kind, *_ in described}

    def percent(self) -> float | None:
        """How far the query that runs now is, where DuckDB can tell."""
        running = self.running
        try:
            done = running.query_progress() if running is not None else -1
        except duckdb.Error:  # closed just now
            return None
        return done if 0 < done <= 100 else None

    def close(self) -> None:
        """Let go of the database and of what was spilt."""
        self.connection.close()
        if self.spill:
            self.spill.close()


def open_duck() -> Duck:
    """A new database that keeps to the limits of `wellpost.facts.resources`."""
    limits = resources()
    spill = spilling(limits)
    config: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "temp_directory": str(spill.path),
    }
    if limits.memory is not None:
        config["memory_limit"] = f"{limits.memory}B"
    return Duck(duckdb.connect(config=config), limits, spill)


def spilling(limits: Resources, prefix: str = SPILT) -> Scratch:
    """A folder that only its owner may read: what is spilt names patients. RequestError when none
    can be made.
    """
    try:
        return scratch(limits.spill_folder, prefix)
    except OSError as error:
        raise RequestError(
            f"{limits.spill_folder} cannot take what does not fit in memory: {error.strerror}; "
            "name another folder with --spill."
        ) from None
