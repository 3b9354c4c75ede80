"""The other half of the first tables, and their constraints."""

from django.conf import settings
from django.db import migrations, models

from ._tables import KEY, NUMBER

SECOND = [
    migrations.CreateModel(
        name="SavedView",
        fields=[
            KEY,
            ("name", models.CharField(max_length=60)),
            ("query", models.CharField(max_length=500)),
            (
                "practice",
                models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="people.practice"),
            ),
            (
                "user",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={
            "ordering": ["name"],
        },
    ),
    migrations.CreateModel(
        name="Task",
        fields=[
            (
                "thread",
                models.OneToOneField(
                    on_delete=models.CASCADE,
                    primary_key=True,
                    related_name="task",
                    serialize=False,
                    to="messaging.thread",
                ),
            ),
            (
                "priority",
                models.PositiveSmallIntegerField(
                    choices=[(0, "Today"), (1, "Soon"), (2, "Routine")], default=2
                ),
            ),
            ("follow_up_on", models.DateField(blank=True, null=True)),
            (
                "waiting",
                models.CharField(
                    blank=True,
                    choices=[
                        ("", "Nobody"),
                        ("practice", "The practice"),
                        ("patient", "The patient"),
                    ],
                    default="",
                    max_length=10,
                ),
            ),
            ("waiting_since", models.DateTimeField(blank=True, null=True)),
            ("step", models.PositiveSmallIntegerField(default=0)),
            (
                "reading",
                models.CharField(
                    blank=True,
                    choices=[
                        ("", "Not looked at yet"),
                        ("read", "Read"),
                        ("not_read", "Not read"),
                    ],
                    default="",
                    max_length=10,
                ),
            ),
            ("to_look_at", models.BooleanField(default=False)),
            ("automatic_on", models.DateField(blank=True, null=True)),
            (
                "owner",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="tasks",
                    to="people.membership",
                ),
            ),
            (
                "pool",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="tasks",
                    to="routing.pool",
                ),
            ),
            (
                "practice",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="tasks", to="people.practice"
                ),
            ),
            (
                "reason",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="+",
                    to="routing.reason",
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Wording",
        fields=[
            KEY,
            ("name", models.CharField(max_length=80)),
            ("subject", models.CharField(blank=True, max_length=150)),
            ("body", models.TextField()),
            (
                "owner",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=models.CASCADE,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "practice",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="wordings", to="people.practice"
                ),
            ),
        ],
        options={
            "ordering": ["name", "id"],
        },
    ),
    migrations.CreateModel(
        name="Draft",
        fields=[
            KEY,
            ("sealed", models.BinaryField()),
            ("saved_at", models.DateTimeField()),
            (
                "author",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "party_key",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="+", to="messaging.partykey"
                ),
            ),
            (
                "patient",
                models.ForeignKey(
                    null=True, on_delete=models.CASCADE, related_name="+", to="people.patient"
                ),
            ),
            (
                "practice",
                models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="people.practice"),
            ),
            (
                "thread",
                models.ForeignKey(
                    null=True, on_delete=models.CASCADE, related_name="+", to="messaging.thread"
                ),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("thread__isnull", False)),
                    fields=("author", "thread"),
                    name="one_draft_a_thread",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("patient__isnull", False)),
                    fields=("author", "patient"),
                    name="one_draft_a_patient",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("thread__isnull", True), ("patient__isnull", True), _connector="XOR"
                    ),
                    name="draft_in_a_thread_or_to_a_patient",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Hours",
        fields=[
            NUMBER,
            ("weekday", models.PositiveSmallIntegerField()),
            ("opens_at", models.TimeField()),
            ("closes_at", models.TimeField()),
            (
                "practice",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="hours", to="people.practice"
                ),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("practice", "weekday"), name="one_opening_a_weekday"
                ),
                models.CheckConstraint(
                    condition=models.Q(("opens_at__lt", models.F("closes_at"))),
                    name="opens_before_it_closes",
                ),
            ],
        },
    ),
    migrations.AddIndex(
        model_name="mailing",
        index=models.Index(
            condition=models.Q(("finished_at__isnull", True)),
            fields=["released_at"],
            name="mailings_to_do",
        ),
    ),
    migrations.AddConstraint(
        model_name="mailing",
        constraint=models.UniqueConstraint(
            fields=("author", "client_key"), name="one_mailing_a_key"
        ),
    ),
    migrations.AddConstraint(
        model_name="mailingrecipient",
        constraint=models.UniqueConstraint(
            fields=("mailing", "patient"), name="one_message_a_recipient"
        ),
    ),
    migrations.AddConstraint(
        model_name="pool",
        constraint=models.UniqueConstraint(
            condition=models.Q(("is_open", True)),
            fields=("practice", "name"),
            name="one_pool_a_name",
        ),
    ),
    migrations.AddConstraint(
        model_name="savedview",
        constraint=models.UniqueConstraint(
            fields=("user", "practice", "name"), name="one_view_a_name"
        ),
    ),
    migrations.AddIndex(
        model_name="task",
        index=models.Index(
            condition=models.Q(("waiting", "practice")),
            fields=["practice", "waiting_since"],
            name="waits_for_the_practice",
        ),
    ),
    migrations.AddIndex(
        model_name="task",
        index=models.Index(
            condition=models.Q(("reading", ""), ("waiting", "patient")),
            fields=["waiting_since"],
            name="waits_for_the_patient",
        ),
    ),
    migrations.AddIndex(
        model_name="task",
        index=models.Index(
            condition=models.Q(("to_look_at", True)),
            fields=["thread"],
            name="for_an_automatic_answer",
        ),
    ),
    migrations.AddIndex(
        model_name="task",
        index=models.Index(
            condition=models.Q(("follow_up_on__isnull", False)),
            fields=["practice", "follow_up_on"],
            name="to_be_followed_up",
        ),
    ),
    migrations.AddIndex(
        model_name="task",
        index=models.Index(
            condition=models.Q(("priority__lt", 2)),
            fields=["practice", "priority"],
            name="sooner_than_routine",
        ),
    ),
]
