"""What was attested, answered and changed by hand stays: nothing in the application deletes it.

Attestations are kept six years after they were made; whoever empties the table
after that does it as the owner of the database, on purpose. A change by hand may be taken back,
once, and nothing else of it changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import migrations

SAID = {
    "quality_attestation": "an attestation is never changed or deleted",
    "quality_answers": "an answer is never changed or deleted; a new one takes its place",
    "quality_override": "a change by hand is taken back, and never rubbed out",
}
OF_AN_OVERRIDE = (
    "id, npi, practice_id, program, year, starts_on, ends_on, measure, numerator, denominator, "
    "reason, made_at, made_by_id"
)
WHEN = {
    ("attestation_kept", "quality_attestation"): ("DELETE", ""),
    ("answers_unchanged", "quality_answers"): ("UPDATE", ""),
    ("answers_kept", "quality_answers"): ("DELETE", ""),
    ("override_kept", "quality_override"): ("DELETE", ""),
    ("override_unchanged", "quality_override"): (f"UPDATE OF {OF_AN_OVERRIDE}", ""),
    ("override_taken_back", "quality_override"): ("UPDATE", "WHEN (OLD.withdrawn_at IS NOT NULL)"),
}
"""By name and table of a trigger: which deed it refuses, and when."""

FUNCTION = """CREATE OR REPLACE FUNCTION quality_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$"""


def _protecting(vendor: str) -> Iterator[str]:
    if vendor == "postgresql":
        yield FUNCTION
        for table, says in SAID.items():
            yield f"""CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION quality_refuse('{says}')"""
    for (name, table), (deed, when) in WHEN.items():
        start = f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW {when}"
        if vendor == "postgresql":
            yield f"{start} EXECUTE FUNCTION quality_refuse('{SAID[table]}')"
        else:
            yield f"{start} BEGIN SELECT RAISE(ABORT, '{SAID[table]}'); END"


def _lifting(vendor: str) -> Iterator[str]:
    for name, table in WHEN:
        yield f"DROP TRIGGER {name}" + (f" ON {table}" if vendor == "postgresql" else "")
    if vendor == "postgresql":
        for table in SAID:
            yield f"DROP TRIGGER {table}_whole ON {table}"
        yield "DROP FUNCTION quality_refuse()"


def protect(apps: Any, schema_editor: Any) -> None:
    """Put the triggers in place."""
    for statement in _protecting(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def lift(apps: Any, schema_editor: Any) -> None:
    """Undo it."""
    for statement in _lifting(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("quality", "0004_answers")]

    operations = [migrations.RunPython(protect, lift)]
