"""A source of facts: how each table is SELECTed there, and a way to run a query."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Any

from sqlglot import exp

from wellpost.facts.bad import Bad

Execute = Callable[[str, Mapping[str, object]], Iterator[tuple[Any, ...]]]
"""Runs SQL text with named values and yields rows."""

Locate = Callable[[str, int], str]
"""From a file and a row number (0 is the first) to what a user reads: `encounters.csv:14`."""


@dataclass(frozen=True)
class Held:
    """One table as it lies in its holder, not yet checked.

    `relation` stands in a FROM; `types` gives the native type of each column, lower case;
    `numbered` is the same relation with columns `file_name` and `row_number`, where the holder
    can number rows; `fingerprint` changes when the rows may have changed, None when that cannot
    be told; `tolerant` is the relation without lines that cannot be read at all (CSV) and
    `unreadable` counts those.
    """

    table: str
    label: str
    relation: exp.Expr
    types: Mapping[str, str]
    numbered: exp.Expr | None = None
    locate: Locate | None = None
    fingerprint: str | None = None
    tolerant: exp.Expr | None = None
    unreadable: Callable[[], int] | None = None


@dataclass(frozen=True)
class Prepared:
    """SQL text of one dialect, and the names of the values it takes."""

    sql: str
    names: frozenset[str]


@dataclass
class Source:
    """Facts that queries can be run on.

    `tables` says how each fact table is SELECTed (only tables that exist), columns named and
    typed as in `wellpost.facts.tables`; a day is a DATE, in SQLite ISO text. A holder of another
    kind gives its own `tables` and `execute`; `held` is for holders whose rows must be checked.
    `notices` is what a user should be told once; `found` names what lies in the holder. `percent`
    says how far the query that runs is, None where that is not known. `lost` is what the holder had
    to leave out because it is wrong, so that no table shows it.
    """

    dialect: str
    tables: Mapping[str, exp.Query]
    execute: Execute
    label: str = ""
    held: Mapping[str, Held] = field(default_factory=dict)
    on_close: Callable[[], None] = lambda: None
    notices: list[str] = field(default_factory=list)
    lost: Sequence[Bad] = ()
    found: Sequence[str] = ()
    prepared: dict[Hashable, Prepared] = field(default_factory=dict)
    percent: Callable[[], float | None] = lambda: None
    streamed: Execute | None = None
    """Runs a query whose rows memory may not hold; None where `execute` does so anyway."""

    def run(
        self, query: exp.Expr, values: Mapping[str, object] | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of the query, with the values it names bound to it."""
        return self.run_prepared(self.prepare(query), values or {})

    def stream(self, query: exp.Expr) -> Iterator[tuple[Any, ...]]:
        """The rows of a query of any length, one after another."""
        return (self.streamed or self.execute)(self.prepare(query).sql, {})

    def prepare(self, query: exp.Expr) -> Prepared:
        """The query in the dialect of the source, to be run as often as one likes."""
        names = frozenset(found.name for found in query.find_all(exp.Placeholder))
        sql = query.sql(dialect=self.dialect, comments=False)
        if self.dialect == "postgres":
            sql = re.sub(r"%(?!\()", "%%", sql)  # psycopg takes a lone % for a placeholder
        return Prepared(sql, names)

    def run_prepared(
        self, prepared: Prepared, values: Mapping[str, object]
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of a prepared query, with the values it names bound to it.

        A name that is not among the values is for `execute` to bind: a holder may have its own.
        """
        bound = {name: self._native(values[name]) for name in prepared.names & values.keys()}
        return self.execute(prepared.sql, bound)

    def replace_table(self, name: str, query: exp.Query) -> None:
        """From now on the table is SELECTed like this."""
        self.tables = {**self.tables, name: query}
        self.prepared.clear()

    def _native(self, value: object) -> object:
        """SQLite has no days: it gets ISO text."""
        if self.dialect == "sqlite" and isinstance(value, date):
            return value.isoformat()
        return value

    def has(self, names: Collection[str]) -> bool:
        """Whether every one of these tables is there."""
        return all(name in self.tables for name in names)

    def close(self) -> None:
        """Let go of files and connections."""
        self.on_close()

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
