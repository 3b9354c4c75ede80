import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CHANNELS = [("email", "Email"), ("sms", "Text message"), ("push", "Browser")]
STOPPED = [
    ("failed", "Could not be sent"),
    ("discarded", "Discarded by an administrator"),
    ("seen", "The person had looked before it was due"),
    ("gone", "The person's browser was gone; told by another way"),
]


class Migration(migrations.Migration):
    """Notices in browsers."""

    dependencies = [
        ("notices", "0005_told_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="wishes", name="by_push", field=models.BooleanField(default=False)
        ),
        migrations.AlterField(
            model_name="notice",
            name="channel",
            field=models.CharField(choices=CHANNELS, default="email", max_length=10),
        ),
        migrations.AlterField(
            model_name="notice",
            name="stopped_as",
            field=models.CharField(blank=True, choices=STOPPED, max_length=10),
        ),
        migrations.CreateModel(
            name="PushBrowser",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("endpoint", models.CharField(max_length=1000)),
                ("public_key", models.CharField(max_length=100)),
                ("secret", models.CharField(max_length=30)),
                ("device", models.CharField(blank=True, max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("last_key", models.CharField(blank=True, max_length=40)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="push_browsers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("endpoint",), name="push_browser_once")
                ],
            },
        ),
    ]
