"""A consistent copy of the database, and a database made from one.

SQLite: its online backup, which people at work do not notice. PostgreSQL: COPY of every table in
one REPEATABLE READ transaction, so that all tables are of one moment; no program of PostgreSQL's
is needed, so none can be of another version. A PostgreSQL is restored by making the tables with
our own migrations, up to those of the backup, and COPY back: it works into any later PostgreSQL.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from wellpost.errors import RequestError

from .archive import Part, file_blocks, gathered

SQLITE_PART = "database.sqlite3"
TABLE = "table/"
SEQUENCES = "sequences.json"
PASSING = frozenset({"wellpost_cache", "django_session", "people_signin"})
"""What a backup leaves out: limits of attempts, and who is signed in just now."""


def applied_migrations() -> list[str]:
    """All that the database had, as app.name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def sqlite_parts(home: Path) -> Iterator[Part]:
    """The database as one file. A copy stands in the home, for its owner alone, meanwhile."""
    handle, name = tempfile.mkstemp(prefix="backup-", suffix=".sqlite3", dir=home)
    os.close(handle)
    copy = Path(name)
    try:
        _copy_sqlite(copy)
        yield SQLITE_PART, file_blocks(copy)
    finally:
        copy.unlink()


def _copy_sqlite(copy: Path) -> None:
    here = f"{Path(connection.settings_dict['NAME']).resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(here, uri=True)) as held,
        closing(sqlite3.connect(copy, isolation_level=None)) as to,
    ):
        held.backup(to)
        for table in PASSING & set(connection.introspection.table_names()):
            to.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of our own
        to.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read within is as it was at one moment. SQLite's online backup is so itself."""
    if connection.vendor == "sqlite":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def postgresql_parts() -> Iterator[Part]:
    """Every table, as COPY writes it, and where each sequence stands; within `one_moment`."""
    with connection.cursor() as cursor:
        for table in [each for each in _tables(cursor) if each not in PASSING]:
            yield f"{TABLE}{table}", _copied_out(table)
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
        )
        yield SEQUENCES, iter([json.dumps(dict(cursor.fetchall())).encode()])


def is_empty() -> bool:
    """Whether the database holds no table."""
    return not connection.introspection.table_names()


def make_tables(migrations: Iterable[str]) -> None:
    """Every table as the migrations named leave it, and no row."""
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, _, name in (each.partition(".") for each in migrations)}
    graph = executor.loader.graph
    ends = [
        node
        for node in graph.nodes
        if node in wanted and not any(child.key in wanted for child in _children(graph, node))
    ]
    executor.migrate(ends)
    call_command("createcachetable", verbosity=0)


def remove_tables() -> None:
    """Every table and function of a database that was empty before."""
    with transaction.atomic(), connection.cursor() as cursor:
        for each in _tables(cursor):
            cursor.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(each)))
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = "
            "current_schema()::regnamespace AND pg_get_userbyid(proowner) = current_user"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION IF EXISTS {name} CASCADE")


def copy_in(parts: Iterable[Part]) -> None:
    """Fill the tables. Triggers rest meanwhile: what they would add is in the backup itself."""
    with transaction.atomic(), connection.cursor() as cursor:
        here = _tables(cursor)
        for each in here:
            cursor.execute(_triggers(each, "DISABLE"))
        if filled := [each for each in here if _has_rows(cursor, each)]:
            cursor.execute(
                sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, filled)))
            )
        for name, data in parts:
            if name == SEQUENCES:
                _set_sequences(cursor, json.loads(b"".join(data)))
            elif name.startswith(TABLE):
                _copy_one_in(cursor, name.removeprefix(TABLE), here, data)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for each in here:
            cursor.execute(_triggers(each, "ENABLE"))


def _copy_one_in(cursor: Any, table: str, here: list[str], data: Iterator[bytes]) -> None:
    if table not in here:
        raise RequestError(f"the backup holds a table {table} that its version does not have.")
    columns = json.loads(next(data))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with cursor.copy(statement) as copy:
        for some in data:
            copy.write(some)


def _copied_out(table: str) -> Iterator[bytes]:
    """First the columns, as JSON; then the rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            [f'"{table}"'],
        )
        columns = [name for (name,) in cursor.fetchall()]
        yield json.dumps(columns).encode()
        statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with cursor.copy(statement) as copy:
            yield from gathered(bytes(each) for each in copy)


def _tables(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    )
    return [name for (name,) in cursor.fetchall()]


def _has_rows(cursor: Any, table: str) -> bool:
    """Whether a migration put some there; the audit, which nobody may empty, has none."""
    cursor.execute(sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(table)))
    return bool(cursor.fetchone()[0])


def _triggers(table: str, verb: str) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(table), sql.SQL(verb))


def _set_sequences(cursor: Any, held: dict[str, int | None]) -> None:
    for name, last in held.items():
        if last is not None:
            cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{name}"', last])


def _children(graph: Any, node: tuple[str, str]) -> list[Any]:
    """Those of the same app: an app's last wanted migration is where to migrate it to."""
    return [each for each in graph.node_map[node].children if each.key[0] == node[0]]
