from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from 0003: PostgreSQL alters no table whose rows the same transaction changed."""

    dependencies = [("notices", "0003_ways_and_wishes")]

    operations = [
        migrations.AlterField(model_name="notice", name="due_at", field=models.DateTimeField()),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", True), ("stopped_at__isnull", True)),
                fields=["due_at"],
                name="notices_due",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("stopped_as", "failed")),
                fields=["stopped_at"],
                name="notices_failed",
            ),
        ),
    ]
