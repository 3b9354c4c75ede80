"""Rows of the audit are written once: neither SQL nor the ORM changes or deletes one."""

from __future__ import annotations

from typing import Any

from django.db import migrations

SAYS = "audit rows are never changed or deleted"

PROTECT = {
    "sqlite": [
        f"""CREATE TRIGGER audit_row_unchanged BEFORE UPDATE ON audit_auditrow
            BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
        f"""CREATE TRIGGER audit_row_kept BEFORE DELETE ON audit_auditrow
            BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation'; END $$""",
        """CREATE TRIGGER audit_row_kept BEFORE UPDATE OR DELETE ON audit_auditrow
            FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_rows_kept BEFORE TRUNCATE ON audit_auditrow
            FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
        "REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditrow FROM CURRENT_USER, PUBLIC",
    ],
}

LIFT = {
    "sqlite": ["DROP TRIGGER audit_row_unchanged", "DROP TRIGGER audit_row_kept"],
    "postgresql": [
        "GRANT UPDATE, DELETE, TRUNCATE ON audit_auditrow TO CURRENT_USER",
        "DROP TRIGGER audit_rows_kept ON audit_auditrow",
        "DROP TRIGGER audit_row_kept ON audit_auditrow",
    ],
}


def protect(apps: Any, schema_editor: Any) -> None:
    """Put the triggers in place, and take the privileges away."""
    for statement in PROTECT[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def lift(apps: Any, schema_editor: Any) -> None:
    """Undo it."""
    for statement in LIFT[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(protect, lift)]
