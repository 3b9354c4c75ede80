"""Queries built and compiled once and run many times.

Django puts a query's SQL together anew each time, which for one that joins four tables costs more
than its answer. Sending and reading ask the same few questions each time, so they keep them
compiled, one set a thread, and give only the values. The rows become models as Django's own
iterable does it (django.db.models.query.ModelIterable, 5.2).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    CharField,
    Expression,
    Field,
    ForeignKey,
    Model,
    QuerySet,
    TextField,
    UUIDField,
)
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators

Known = dict[tuple[int, object], Model]
M = TypeVar("M", bound=Model)
T = TypeVar("T")


class Slot(Expression):
    """Stands in a query for a value that is given when it runs."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name, self._as_it_is = name, _as_it_is(field)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A placeholder; `Prepared` puts the value there."""
        return "%s", [self]

    def taken_from(self, values: dict[str, object], connection: Any) -> Any:
        """The value as the database takes it."""
        value = values[self.name]
        if type(value) is self._as_it_is and connection.vendor == "postgresql":
            return value
        return self.output_field.get_db_prep_value(value, connection)


def _as_it_is(field: Field[Any, Any]) -> type | None:
    """Of which type PostgreSQL's driver takes a field's values as they are. Django's asking of the
    field, seventy times a message, is a tenth of sending one.
    """
    while isinstance(field, ForeignKey):
        field = field.target_field
    for kind, taken in ((CharField, str), (TextField, str), (UUIDField, UUID)):
        if isinstance(field, kind):
            return taken
    return None


class Prepared(Generic[M]):
    """A query with slots. Called with a value for each, it gives its models."""

    def __init__(self, build: Callable[[], QuerySet[M, M]]) -> None:
        self._build = build
        self._of_thread = threading.local()

    def __call__(self, **values: object) -> list[M]:
        """Run it; inside the caller's transaction, as any query."""
        connection, plan = connections[DEFAULT_DB_ALIAS], self._plan()
        its_values = [given(each, values, connection) for each in plan.values]
        return list(plan.models(rows_of(connection, plan.sql, its_values)))

    def _plan(self) -> Plan[M]:
        plan: Plan[M] | None = getattr(self._of_thread, "plan", None)
        if plan is None:
            plan = self._of_thread.plan = Plan(self._build())
        return plan


class PreparedRows:
    """The same of a query of `values_list`: called, it gives plain rows."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._of_thread = threading.local()

    def __call__(self, **values: object) -> list[Sequence[Any]]:
        """Run it; inside the caller's transaction, as any query."""
        connection = connections[DEFAULT_DB_ALIAS]
        compiler, sql, slots, converters = self._plan()
        rows = rows_of(connection, sql, [given(each, values, connection) for each in slots])
        return list(compiler.apply_converters(rows, converters)) if converters else rows

    def _plan(self) -> tuple[Any, str, Sequence[Any], Any]:
        plan: tuple[Any, str, Sequence[Any], Any] | None = getattr(self._of_thread, "plan", None)
        if plan is None:
            compiler: Any = self._build().query.get_compiler(using=DEFAULT_DB_ALIAS)
            sql, slots = compiler.as_sql()
            converters = compiler.get_converters([each[0] for each in compiler.select])
            plan = self._of_thread.plan = (compiler, sql, slots, converters)
        return plan


class PreparedOfMany(Generic[T]):
    """A query about several of something: `build` is given how many slots each list has.

    `kind`: Prepared, which gives models, or PreparedRows.
    """

    def __init__(
        self, kind: Callable[[Callable[[], Any]], Callable[..., list[T]]], build: Callable[..., Any]
    ) -> None:
        self._kind, self._build = kind, build
        self._of_size: dict[tuple[int, ...], Callable[..., list[T]]] = {}

    def __call__(self, lists: Mapping[str, Sequence[object]], **values: object) -> list[T]:
        """Run it for what stands in the lists; none where one of them is empty."""
        if not all(lists.values()):
            return []
        sizes = {name: _size(len(each)) for name, each in lists.items()}
        held = self._of_size.get(tuple(sizes.values()))
        if held is None:
            held = self._of_size[tuple(sizes.values())] = self._kind(lambda: self._build(**sizes))
        for name, each in lists.items():
            padded = [*each, *repeat(each[-1], sizes[name] - len(each))]
            values |= {f"{name}_{place}": one for place, one in enumerate(padded)}
        return held(**values)


def slots(name: str, field: Field[Any, Any], count: int) -> list[Any]:
    """The slots of a list, for the right side of an `in`."""
    return [Slot(f"{name}_{place}", field) for place in range(count)]


def _size(count: int) -> int:
    """The next power of two: few statements are kept, and the last value fills what is left."""
    return 1 << (count - 1).bit_length()


class Plan(Generic[M]):
    """What Django's compiler worked out of a query."""

    def __init__(self, query: QuerySet[M, M]) -> None:
        self.compiler = query.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self.sql, self.values = self.compiler.as_sql()
        select, info = self.compiler.select, self.compiler.klass_info
        self.model, own = info["model"], info["select_fields"]
        self.start, self.end = own[0], own[-1] + 1
        self.names = [each[0].target.attname for each in select[self.start : self.end]]
        populators: Any = get_related_populators  # its stubs are those of a later Django
        self.related = populators(info, select, DEFAULT_DB_ALIAS)
        self.converters = self.compiler.get_converters([each[0] for each in select])
        self.annotations = self.compiler.annotation_col_map.items()

    def models(self, rows: Sequence[Any]) -> Iterator[M]:
        """Each row as its model, what was joined set on it."""
        converted = self.compiler.apply_converters(rows, self.converters)
        known: Known = {}
        for row in converted if self.converters else rows:
            made = _model(self.model, self.names, row[self.start : self.end])
            _join(self.related, row, made, known)
            for name, place in self.annotations:
                setattr(made, name, row[place])
            yield made


def _join(related: Sequence[Any], row: Any, made: Model, known: Known) -> None:
    """Set on a model what stands beside it in its row; what stands beside several is made once
    (a page of messages has one thread, one patient and one practice).
    """
    for each in related:
        key = row[each.cols_start + each.pk_idx]
        place = (id(each), getattr(key, "int", key))  # a UUID's own hash and == are slow
        joined = known.get(place)
        if joined is None and key is not None:
            data = row[each.cols_start : each.cols_end]
            joined = known[place] = _model(each.model_cls, each.init_list, data)
            _join(each.related_populators, row, joined, known)
        each.local_setter(made, joined)
        if joined is not None:
            each.remote_setter(joined, made)


def _model(kind: type[M], names: Sequence[str], values: Sequence[Any]) -> M:
    """As `Model.from_db` makes it of a row, without the signals that nobody here listens to: they
    and the setting of each field by its descriptor take longer than all else. What is not named
    is deferred.
    """
    made = kind.__new__(kind)
    made.__dict__.update(zip(names, values, strict=True))
    state = made._state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    return made


def rows_of(connection: Any, sql: str, values: list[Any]) -> list[Any]:
    """The rows that a statement gives; none where it gives none."""
    return run(connection, sql, values, _fetched)


def _fetched(cursor: Any) -> list[Any]:
    """The rows, where there can be any. psycopg would build its description for that alone."""
    result = getattr(cursor, "pgresult", None)
    answered = cursor.description if result is None else result.nfields
    return list(cursor.fetchall()) if answered else []


def run(connection: Any, sql: str, values: list[Any], answer: Callable[[Any], T]) -> T:
    """On PostgreSQL as a prepared statement, which is planned once: planning costs more than
    the answer. Where statements are watched (tests, DEBUG), by Django's cursor, which tells.
    """
    if connection.vendor != "postgresql" or connection.queries_logged:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return answer(cursor)
    return cast(T, connection.run_prepared(sql, values, answer))


def given(value: Any, values: dict[str, object], connection: Any) -> Any:
    """A value as it stands in a compiled statement, or what was given for its slot."""
    return value.taken_from(values, connection) if isinstance(value, Slot) else value
