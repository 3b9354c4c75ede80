from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Of two notices made in one instant by two processes, one stays."""

    dependencies = [
        ("notices", "0004_due"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="follows",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("acted_at__isnull", True)),
                fields=("user", "kind", "channel", "follows"),
                name="notices_once",
            ),
        ),
    ]
