"""The first tables, in two parts: one file would be too long."""

import uuid

from django.conf import settings
from django.db import migrations, models

KEY = (
    "id",
    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
)
NUMBER = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)

FIRST = [
    migrations.CreateModel(
        name="Answering",
        fields=[
            (
                "practice",
                models.OneToOneField(
                    on_delete=models.CASCADE,
                    primary_key=True,
                    related_name="answering",
                    serialize=False,
                    to="people.practice",
                ),
            ),
            ("automatic", models.BooleanField(default=False)),
            ("automatic_text", models.TextField(blank=True)),
            ("escalate_after_days", models.PositiveSmallIntegerField(default=2)),
            ("unread_after_days", models.PositiveSmallIntegerField(default=7)),
        ],
    ),
    migrations.CreateModel(
        name="InboxPreference",
        fields=[
            (
                "user",
                models.OneToOneField(
                    on_delete=models.CASCADE,
                    primary_key=True,
                    related_name="inbox_preference",
                    serialize=False,
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            ("shortcuts", models.BooleanField(default=True)),
        ],
    ),
    migrations.CreateModel(
        name="Mailing",
        fields=[
            KEY,
            ("sealed", models.BinaryField()),
            ("client_key", models.UUIDField()),
            ("made_at", models.DateTimeField()),
            ("released_at", models.DateTimeField(blank=True, null=True)),
            ("finished_at", models.DateTimeField(blank=True, null=True)),
            (
                "author",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "for_clinician",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="+",
                    to="people.clinician",
                ),
            ),
            (
                "party_key",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="+", to="messaging.partykey"
                ),
            ),
            (
                "practice",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="mailings", to="people.practice"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="MailingRecipient",
        fields=[
            NUMBER,
            ("own", models.BooleanField(default=False)),
            ("refused", models.CharField(blank=True, max_length=300)),
            (
                "mailing",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="recipients", to="routing.mailing"
                ),
            ),
            (
                "message",
                models.ForeignKey(
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="+",
                    to="messaging.message",
                ),
            ),
            (
                "patient",
                models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="people.patient"),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Note",
        fields=[
            KEY,
            ("sealed", models.BinaryField()),
            ("written_at", models.DateTimeField()),
            (
                "author",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "party_key",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="+", to="messaging.partykey"
                ),
            ),
            (
                "thread",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="notes", to="messaging.thread"
                ),
            ),
            (
                "to",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="+",
                    to="people.membership",
                ),
            ),
        ],
        options={
            "ordering": ["written_at", "id"],
        },
    ),
    migrations.CreateModel(
        name="Pool",
        fields=[
            KEY,
            ("name", models.CharField(max_length=80)),
            ("is_open", models.BooleanField(default=True)),
            (
                "practice",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="pools", to="people.practice"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="PoolMember",
        fields=[
            NUMBER,
            ("starts_on", models.DateField()),
            ("ends_on", models.DateField(blank=True, null=True)),
            (
                "membership",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="pools", to="people.membership"
                ),
            ),
            (
                "pool",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="members", to="routing.pool"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Reason",
        fields=[
            KEY,
            (
                "kind",
                models.CharField(
                    choices=[
                        ("refill", "A refill of a medicine"),
                        ("results", "Test results"),
                        ("scheduling", "Appointments"),
                        ("referral", "A referral to another clinician"),
                        ("billing", "A bill or insurance"),
                        ("other", "Something else"),
                        ("own", "Added by the practice"),
                    ],
                    default="own",
                    max_length=20,
                ),
            ),
            ("name", models.CharField(max_length=80)),
            ("answer_within_days", models.PositiveSmallIntegerField(default=2)),
            ("position", models.PositiveSmallIntegerField(default=0)),
            ("is_offered", models.BooleanField(default=True)),
            (
                "pool",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="reasons",
                    to="routing.pool",
                ),
            ),
            (
                "practice",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="reasons", to="people.practice"
                ),
            ),
        ],
        options={
            "ordering": ["position", "name", "id"],
        },
    ),
]
