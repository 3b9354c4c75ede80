"""Many rows into a table at once, past the work that Django does for each of them.

Django's `bulk_create` puts the statement together anew for every few hundred rows, which takes
four times as long as the database does: SQLite gets one statement many times, PostgreSQL a COPY.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Model
from psycopg import sql

Row: TypeAlias = Sequence[Any]


def insert_rows(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """INSERT rows of the named columns (`patient_id` for a key), as Python values."""
    named: dict[str, Any] = {each.attname: each for each in model._meta.concrete_fields}
    fields = [named[name] for name in names]
    columns = [str(each.column) for each in fields]
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        _copy(model._meta.db_table, columns, rows)
    else:
        _execute(model._meta.db_table, columns, _adapted(fields, rows))


def _copy(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    driver: Any = connection.connection
    with connection.wrap_database_errors, driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _execute(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Names come from the model alone; every value is bound."""
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - see above
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))


def _adapted(fields: Sequence[Any], rows: Iterable[Row]) -> Iterator[Row]:
    """As SQLite keeps them: identifiers as 32 digits, moments as text."""
    adapters = [_adapter(each) for each in fields]
    for row in rows:
        given = zip(adapters, row, strict=True)
        yield [None if value is None else adapted(value) for adapted, value in given]


def _adapter(field: Any) -> Callable[[Any], Any]:
    kept = field.target_field if field.is_relation else field
    return _ADAPTERS.get(kept.get_internal_type(), _same)


def _same(value: Any) -> Any:
    return value


_ADAPTERS: dict[str, Callable[[Any], Any]] = {
    "UUIDField": lambda value: value.hex,
    "DateTimeField": lambda value: str(value.replace(tzinfo=None)),
}
