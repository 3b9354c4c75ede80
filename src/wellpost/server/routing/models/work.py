"""What is done about conversations: tasks, notes, drafts, lists written to."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wellpost.server.messaging.associated_data import Value
from wellpost.server.messaging.models import Message, Thread
from wellpost.server.people.models import Clinician, Membership, Patient, Practice

from .sealed import SealedText
from .settings import Pool, Reason

USER = settings.AUTH_USER_MODEL


class Priority(models.IntegerChoices):
    """How soon it must be looked at."""

    URGENT = 0, _("Today")
    SOON = 1, _("Soon")
    ROUTINE = 2, _("Routine")


class Waiting(models.TextChoices):
    """For whose word a conversation waits."""

    NOBODY = "", _("Nobody")
    PRACTICE = "practice", _("The practice")
    PATIENT = "patient", _("The patient")


class Reading(models.TextChoices):
    """Whether the patient's side opened what the practice wrote last."""

    UNKNOWN = "", _("Not looked at yet")
    READ = "read", _("Read")
    NOT_READ = "not_read", _("Not read")


class Task(models.Model):
    """Who looks after a thread, by when; for whom it waits and since when (FHIR Task).

    `step`: how far what waits for the practice was escalated. `reading`: whether the patient's
    side read what the practice wrote last (empty: not looked at yet). `to_look_at`: written by
    the patient's side, and not yet looked at for an automatic answer; `automatic_on`: the local
    day of the last such answer. `changed_at`: when somebody wrote, decided or arranged last (empty
    for what was there before this was kept).
    """

    thread = models.OneToOneField(
        Thread, primary_key=True, on_delete=models.CASCADE, related_name="task"
    )
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="tasks")
    reason = models.ForeignKey(
        Reason, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pool = models.ForeignKey(
        Pool, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    owner = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.ROUTINE)
    follow_up_on = models.DateField(null=True, blank=True)
    waiting = models.CharField(max_length=10, choices=Waiting, default="", blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    reading = models.CharField(max_length=10, choices=Reading, default="", blank=True)
    to_look_at = models.BooleanField(default=False)
    automatic_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["practice", "waiting_since"],
                condition=Q(waiting="practice"),
                name="waits_for_the_practice",
            ),
            models.Index(
                fields=["waiting_since"],
                condition=Q(waiting__in=["patient", ""], reading=""),
                name="perhaps_not_read",
            ),
            models.Index(
                fields=["thread"], condition=Q(to_look_at=True), name="for_an_automatic_answer"
            ),
            models.Index(
                fields=["practice", "follow_up_on"],
                condition=Q(follow_up_on__isnull=False),
                name="to_be_followed_up",
            ),
            models.Index(
                fields=["practice", "priority"],
                condition=Q(priority__lt=2),
                name="sooner_than_routine",
            ),
        ]


class Note(SealedText):
    """What those of the practice write to each other about a thread; never the patient's to see.

    `to`: the colleague to whom the thread was passed with it.
    """

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "id"]

    def place(self) -> tuple[Value, ...]:
        """What stands beside the text and must never change."""
        return (self.thread_id, self.author_id, self.to_id, self.written_at)


class Draft(SealedText):
    """What its author alone has begun to write: in a thread, or to a patient."""

    author = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, null=True, on_delete=models.CASCADE, related_name="+")
    patient = models.ForeignKey(Patient, null=True, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "thread"],
                condition=Q(thread__isnull=False),
                name="one_draft_a_thread",
            ),
            models.UniqueConstraint(
                fields=["author", "patient"],
                condition=Q(patient__isnull=False),
                name="one_draft_a_patient",
            ),
            models.CheckConstraint(
                condition=Q(thread__isnull=True) ^ Q(patient__isnull=True),
                name="draft_in_a_thread_or_to_a_patient",
            ),
        ]

    def place(self) -> tuple[Value, ...]:
        """What stands beside the text and must never change."""
        return (self.author_id, self.thread_id, self.patient_id)


class SavedView(models.Model):
    """A way to look at the inbox, kept under a name by one user."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "practice", "name"], name="one_view_a_name")
        ]


class InboxPreference(models.Model):
    """How a user works with the inbox."""

    user = models.OneToOneField(
        USER, primary_key=True, on_delete=models.CASCADE, related_name="inbox_preference"
    )
    shortcuts = models.BooleanField(default=True)


class Mailing(SealedText):
    """One text written to a list of patients: a thread for each. Subject and text are sealed."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="mailings")
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    for_clinician = models.ForeignKey(
        Clinician, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    client_key = models.UUIDField()
    made_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "client_key"], name="one_mailing_a_key")
        ]
        indexes = [
            models.Index(
                fields=["released_at"], condition=Q(finished_at__isnull=True), name="mailings_to_do"
            )
        ]

    def place(self) -> tuple[Value, ...]:
        """What stands beside the text and must never change."""
        return (self.practice_id, self.author_id, self.client_key)


class MailingRecipient(models.Model):
    """One patient of the list. `own`: its writer looked at this one and sends it as their own;
    otherwise the message is an automated one. `refused`: why it could not be sent.
    """

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="recipients")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    own = models.BooleanField(default=False)
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    refused = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailing", "patient"], name="one_message_a_recipient")
        ]
