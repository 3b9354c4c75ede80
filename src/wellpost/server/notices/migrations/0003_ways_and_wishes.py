from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def due_when_made(apps: Any, schema_editor: object) -> None:
    """What waits from before this version is due at once."""
    apps.get_model("notices", "Notice").objects.update(due_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_acted_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="notice", name="notices_waiting"),
        migrations.AddField(
            model_name="notice",
            name="channel",
            field=models.CharField(
                choices=[("email", "Email"), ("sms", "Text message")],
                default="email",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="notice", name="address", field=models.CharField(max_length=254)
        ),
        migrations.AddField(
            model_name="notice", name="due_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="notice", name="together", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="notice",
            name="claimed_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="stopped_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="stopped_as",
            field=models.CharField(
                blank=True,
                choices=[
                    ("failed", "Could not be sent"),
                    ("discarded", "Discarded by an administrator"),
                    ("seen", "The person had looked before it was due"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Wishes",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="wishes",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("by_email", models.BooleanField(default=True)),
                ("by_sms", models.BooleanField(default=False)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("phone_shown_at", models.DateTimeField(blank=True, null=True)),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("code_expires_at", models.DateTimeField(blank=True, null=True)),
                ("code_failures", models.PositiveSmallIntegerField(default=0)),
                ("quiet_from", models.TimeField(blank=True, null=True)),
                ("quiet_until", models.TimeField(blank=True, null=True)),
                ("daily_at", models.TimeField(blank=True, null=True)),
                ("time_zone", models.CharField(default="America/New_York", max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Muted",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("thread_id", models.UUIDField()),
                ("muted_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="muted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "thread_id"), name="muted_once")
                ],
            },
        ),
        migrations.RunPython(due_when_made, migrations.RunPython.noop),
    ]
