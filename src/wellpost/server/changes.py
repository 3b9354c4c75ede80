"""What is written by statements compiled once: one row, an UPDATE with slots, or several of them
together, which PostgreSQL takes as one statement, with one way there and back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model, QuerySet
from django.db.models.sql import InsertQuery, UpdateQuery

from .prepared import Slot, given, rows_of, run

Statement = tuple[str, list[Any]]
"""Its SQL, and its values in their order."""


class PreparedUpdate:
    """An UPDATE with slots: of which rows, and what of them. Called, it tells how many it found."""

    def __init__(
        self, build: Callable[[], tuple[QuerySet[Any, Any], Mapping[str, object]]]
    ) -> None:
        self._build = build
        self._of_thread = threading.local()

    def __call__(self, **values: object) -> int:
        """Run it; inside the caller's transaction."""
        sql, its_values = self.statement(values)
        connection = connections[DEFAULT_DB_ALIAS]
        return run(connection, sql, its_values, lambda cursor: int(cursor.rowcount))

    def to(self, **values: object) -> Update:
        """It with its values, to be run with other changes."""
        return Update(self, values)

    def statement(self, values: dict[str, object]) -> Statement:
        """The SQL and what stands in it."""
        connection, (sql, slots) = connections[DEFAULT_DB_ALIAS], self._plan()
        return sql, [given(each, values, connection) for each in slots]

    def _plan(self) -> tuple[str, Sequence[Any]]:
        plan: tuple[str, Sequence[Any]] | None = getattr(self._of_thread, "plan", None)
        if plan is None:
            rows, changes = self._build()
            query: Any = rows.query.chain(UpdateQuery)
            query.add_update_values(changes)
            plan = self._of_thread.plan = query.get_compiler(using=DEFAULT_DB_ALIAS).as_sql()
        return plan


class Update(NamedTuple):
    """A prepared UPDATE and its values."""

    update: PreparedUpdate
    values: dict[str, object]


Change = Model | Update
"""A new row, to be inserted, or an UPDATE."""


def insert(model: Model) -> None:
    """INSERT the new model: what `save(force_insert=True)` does, without signals or compiling."""
    rows = rows_of(connections[DEFAULT_DB_ALIAS], *_statement(model))
    _saved(model, rows[0][0] if model._meta.auto_field else None)


def at_once(*changes: Change) -> None:
    """Make the changes, all or none. None may read what another wrote, and only the last may be of
    a model whose key the database makes.

    PostgreSQL takes them as one statement: the check of a foreign key between them waits for the
    commit, as Django declares it. SQLite takes one after the other.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        _in_one_statement(connection, *changes)
        return
    with transaction.atomic(savepoint=False):
        for each in changes:
            if isinstance(each, Update):
                each.update(**each.values)
            else:
                insert(each)


def _in_one_statement(connection: Any, *changes: Change) -> None:
    *before, (last, its_values) = [_statement(each) for each in changes]
    named = ", ".join(f"change_{place} AS ({sql})" for place, (sql, _) in enumerate(before))
    values = [value for _, given_for in before for value in given_for]
    rows = rows_of(connection, f"WITH {named} {last}" if named else last, [*values, *its_values])
    for each in changes:
        if isinstance(each, Model):
            _saved(each, rows[0][0] if each._meta.auto_field else None)


def _statement(change: Change) -> Statement:
    if isinstance(change, Update):
        return change.update.statement(change.values)
    sql, slots, fields = _inserting(type(change))
    values = {each.attname: each.pre_save(change, add=True) for each in fields}
    connection = connections[DEFAULT_DB_ALIAS]
    return sql, [given(each, values, connection) for each in slots]


def _saved(model: Model, key: object) -> None:
    if made := model._meta.auto_field:
        setattr(model, made.attname, key)
    model._state.adding, model._state.db = False, DEFAULT_DB_ALIAS


@cache
def _inserting(model: type[Model]) -> tuple[str, Sequence[Any], list[Any]]:
    """The statement as Django compiles it, its values, and the fields they are taken from."""
    made = model._meta.auto_field
    fields: list[Any] = [each for each in model._meta.concrete_fields if each is not made]
    sample = model()
    for each in fields:
        setattr(sample, each.attname, Slot(each.attname, each))
    query = InsertQuery(model)
    query.insert_values(fields, [sample])
    compiler: Any = query.get_compiler(using=DEFAULT_DB_ALIAS)
    compiler.returning_fields = [made] if made else None
    sql, slots = compiler.as_sql()[0]
    return sql, slots, fields
