"""Every consent has its last day; those given before get theirs from today on."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def give_those_there_a_day(apps: Any, schema: Any) -> None:
    """As long as the longest that can be chosen today: nobody loses what they agreed to at once."""
    from wellpost.server.smart.lasting import runs_out_at

    held = apps.get_model("smart", "Connection").objects.filter(ended_at=None)
    for each in held.select_related("patient__practice"):
        until = runs_out_at(each.scope, None, each.patient.practice.time_zone)
        if until is not None:
            each.runs_out_at = until
            each.save(update_fields=["runs_out_at"])


class Migration(migrations.Migration):
    dependencies = [("smart", "0001_initial"), ("clock", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="connection",
            name="runs_out_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(give_those_there_a_day, migrations.RunPython.noop),
    ]
