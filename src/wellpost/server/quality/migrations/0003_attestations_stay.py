"""An attestation is written once: neither SQL nor the ORM changes one."""

from __future__ import annotations

from typing import Any

from django.db import migrations

SAYS = "an attestation is never changed"

PROTECT = {
    "sqlite": [
        f"""CREATE TRIGGER attestation_unchanged BEFORE UPDATE ON quality_attestation
            BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION attestation_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation'; END $$""",
        """CREATE TRIGGER attestation_unchanged BEFORE UPDATE ON quality_attestation
            FOR EACH ROW EXECUTE FUNCTION attestation_refuse()""",
    ],
}

LIFT = {
    "sqlite": ["DROP TRIGGER attestation_unchanged"],
    "postgresql": ["DROP TRIGGER attestation_unchanged ON quality_attestation"],
}


def protect(apps: Any, schema_editor: Any) -> None:
    """Put the trigger in place."""
    for statement in PROTECT[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def lift(apps: Any, schema_editor: Any) -> None:
    """Undo it."""
    for statement in LIFT[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("quality", "0002_attestations")]

    operations = [migrations.RunPython(protect, lift)]
