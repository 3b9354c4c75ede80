"""Reasons for the practices, and tasks for the threads, that were there before."""

from typing import Any

from django.db import migrations, models

USUAL = (
    ("refill", "A refill of a medicine"),
    ("results", "Test results"),
    ("scheduling", "Appointments"),
    ("referral", "A referral to another clinician"),
    ("billing", "A bill or insurance"),
    ("other", "Something else"),
)
BATCH = 1000
PATIENTS = ("patient", "representative")


def give_reasons(apps: Any, schema_editor: Any) -> None:
    reasons = apps.get_model("routing", "Reason")
    for practice in apps.get_model("people", "Practice").objects.all():
        reasons.objects.bulk_create(
            reasons(
                practice=practice,
                kind=kind,
                name=name,
                answer_within_days=practice.answer_within_days,
                position=position,
            )
            for position, (kind, name) in enumerate(USUAL)
        )


def give_tasks(apps: Any, schema_editor: Any) -> None:
    """A thread waits for whom its last word, if it was said here by a person, was not."""
    tasks = apps.get_model("routing", "Task")
    messages = apps.get_model("messaging", "Message").objects.filter(
        sequence=models.F("thread__last_sequence"), thread__state="open", source_id=""
    )
    last = messages.exclude(sender_kind="automated").values_list(
        "thread_id", "thread__practice_id", "sender_kind", "sent_at"
    )
    made = []
    for thread, practice, kind, sent_at in last.iterator(chunk_size=BATCH):
        waiting = "practice" if kind in PATIENTS else "patient"
        made.append(
            tasks(thread_id=thread, practice_id=practice, waiting=waiting, waiting_since=sent_at)
        )
    tasks.objects.bulk_create(made, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("routing", "0001_initial"),
        ("messaging", "0005_thread_threads_by_state"),
        ("people", "0003_emergency_access"),
    ]

    operations = [
        migrations.RunPython(give_reasons, migrations.RunPython.noop),
        migrations.RunPython(give_tasks, migrations.RunPython.noop),
    ]
