from django.db import migrations, models


class Migration(migrations.Migration):
    """What was resolved once it was written is looked at as well."""

    dependencies = [
        ("messaging", "0007_attachment_thumbnail"),
        ("people", "0006_resets_and_subjects"),
        ("routing", "0003_when_a_task_changed"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="task", name="waits_for_the_patient"),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("reading", ""), ("waiting__in", ["patient", ""])),
                fields=["waiting_since"],
                name="perhaps_not_read",
            ),
        ),
    ]
