"""The server's own database as a source of facts, over Django's connection."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from wellpost.facts.source import Prepared, Source
from wellpost.server.people.models import Practice
from wellpost.terms import Period

from .mapping import tables

DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}
ALWAYS = Period(date.min, date.max)
"""Whoever ever belonged to a practice."""

NOBODY = UUID(int=0)
"""A practice that is none."""

PREPARED: Mapping[bool, dict[Hashable, Prepared]] = {False: {}, True: {}}
"""Queries made before, for all practices and for one: a process has one kind of database."""


@dataclass
class ServerSource(Source):
    """Facts of the server; `own` are the values that its tables name besides the question's."""

    own: Mapping[str, object] = field(default_factory=dict)

    def run_prepared(
        self, prepared: Prepared, values: Mapping[str, object]
    ) -> Iterator[tuple[Any, ...]]:
        """The rows, with the question's values and the source's own bound."""
        return super().run_prepared(prepared, {**self.own, **values})


def server_source(
    practice: Practice | None = None,
    roster: Period | None = None,
    *,
    asked_by: Practice | None = None,
) -> Source:
    """The facts of one practice, or of all of them.

    With `roster`, `clinicians` holds those who belonged to a practice, or saw somebody there, on
    a day of it; without, everybody who ever did. `asked_by` is whose broadband data are used
    where the facts are those of all; without it there are none.
    """
    dialect = DIALECTS[connection.vendor]
    asks, days = practice or asked_by, roster or ALWAYS
    own: dict[str, object] = {
        "roster_start": days.start,
        "roster_end": days.end,
        "first_year": days.start.year,
        "last_year": days.end.year,
        "asked_by": asks.pk if asks else NOBODY,
    }
    if practice is not None:
        own["practice_id"] = practice.pk
    return ServerSource(
        dialect=dialect,
        tables=tables(dialect, one_practice=practice is not None),
        execute=_execute,
        label="the server",
        prepared=PREPARED[practice is not None],
        own=own,
    )


def _execute(sql: str, values: Mapping[str, object]) -> Iterator[tuple[Any, ...]]:
    if connection.vendor == "sqlite":
        return _on_sqlite(sql, values)
    return _on_postgresql(sql, values)


def _on_sqlite(sql: str, values: Mapping[str, object]) -> Iterator[tuple[Any, ...]]:
    """Past Django's own cursor, which would turn `:name` into its own way of naming values."""
    connection.ensure_connection()
    bound = {name: _as_stored(value) for name, value in values.items()}
    for row in connection.connection.execute(sql, bound):
        yield tuple(_as_fact(value) for value in row)


def _as_stored(value: object) -> object:
    """SQLite keeps an identifier as 32 hexadecimal digits and a day as ISO text."""
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if isinstance(value, date) else value


def _as_fact(value: object) -> object:
    """A day as ISO text, whether Django's converter met it on the way or not."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value


def _on_postgresql(sql: str, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(values))
        yield from cursor.fetchall()
