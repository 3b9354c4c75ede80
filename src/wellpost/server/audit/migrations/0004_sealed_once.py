"""Every new row waits to be sealed; what is sealed is written once, as the rows are."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLES = ("audit_sealedrow", "audit_treenode")
SAYS = "what is sealed is never changed or deleted"

WAIT = {
    "sqlite": [
        """CREATE TRIGGER audit_row_waits AFTER INSERT ON audit_auditrow
            BEGIN INSERT INTO audit_waitingrow (row_id) VALUES (NEW.id); END""",
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION audit_wait() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO audit_waitingrow (row_id) VALUES (NEW.id); RETURN NULL; END $$""",
        """CREATE TRIGGER audit_row_waits AFTER INSERT ON audit_auditrow
            FOR EACH ROW EXECUTE FUNCTION audit_wait()""",
    ],
}
QUEUE = "INSERT INTO audit_waitingrow (row_id) SELECT id FROM audit_auditrow"
STOP_WAITING = {
    "sqlite": ["DROP TRIGGER audit_row_waits"],
    "postgresql": ["DROP TRIGGER audit_row_waits ON audit_auditrow", "DROP FUNCTION audit_wait"],
}


def protecting(vendor: str, table: str) -> list[str]:
    """What keeps one table's rows as they are."""
    if vendor == "sqlite":
        return [
            f"""CREATE TRIGGER {table}_{name} BEFORE {deed} ON {table}
                BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"""
            for name, deed in (("unchanged", "UPDATE"), ("kept", "DELETE"))
        ]
    return [
        f"""CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation'; END $$""",
        f"""CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_refuse()""",
        f"""CREATE TRIGGER {table}_all_kept BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM CURRENT_USER, PUBLIC",
    ]


def lifting(vendor: str, table: str) -> list[str]:
    """The same undone."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER {table}_unchanged", f"DROP TRIGGER {table}_kept"]
    return [
        f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER",
        f"DROP TRIGGER {table}_all_kept ON {table}",
        f"DROP TRIGGER {table}_kept ON {table}",
    ]


def protect(apps: Any, schema_editor: Any) -> None:
    """Put the triggers in place, and take the privileges away."""
    for table in TABLES:
        _run(schema_editor, protecting(schema_editor.connection.vendor, table))


def lift(apps: Any, schema_editor: Any) -> None:
    """Undo it."""
    for table in TABLES:
        _run(schema_editor, lifting(schema_editor.connection.vendor, table))


def wait(apps: Any, schema_editor: Any) -> None:
    """Rows wait from now on, and those that are there already."""
    _run(schema_editor, WAIT[schema_editor.connection.vendor])
    schema_editor.execute(QUEUE)


def stop_waiting(apps: Any, schema_editor: Any) -> None:
    """Undo it."""
    _run(schema_editor, STOP_WAITING[schema_editor.connection.vendor])


def _run(schema_editor: Any, statements: list[str]) -> None:
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_sealing")]

    operations = [
        migrations.RunPython(protect, lift),
        migrations.RunPython(wait, stop_waiting),
    ]
