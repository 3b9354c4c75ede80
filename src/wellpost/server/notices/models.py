"""Notices that wait to be sent, were sent, or could not be; and how people wish to be told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """By which way. A further one is a carrier more in the setting NOTICE_CARRIERS."""

    EMAIL = "email", _("Email")
    SMS = "sms", _("Text message")
    PUSH = "push", _("Browser")


class Stopped(models.TextChoices):
    """Why a notice is not sent any more, though it never was."""

    FAILED = "failed", _("Could not be sent")
    DISCARDED = "discarded", _("Discarded by an administrator")
    SEEN = "seen", _("The person had looked before it was due")
    GONE = "gone", _("The person's browser was gone; told by another way")


class Notice(models.Model):
    """That something waits, for one person, by one way. Never what: no name, text or subject.

    `acted_at` is when the person came and looked; until then no second one is made for a day.
    `follows`: when the last one before it that was not acted on was made (1970: there was none),
    so that two made in one instant by two processes follow the same, and one of them stays; None
    where each is kept.
    `due_at`: not sent before; moved on after each failure. `together`: sent in one letter with
    the others of the day. `claimed_until`: some process is sending it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="notices"
    )
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    address = models.CharField(max_length=254)
    kind = models.CharField(max_length=40)
    follows = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    together = models.BooleanField(default=False)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    acted_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_as = models.CharField(max_length=10, choices=Stopped, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "channel", "follows"],
                name="notices_once",
                condition=Q(acted_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "kind"],
                name="notices_not_acted_on",
                condition=Q(acted_at__isnull=True),
            ),
            models.Index(
                fields=["due_at"],
                name="notices_due",
                condition=Q(sent_at__isnull=True, stopped_at__isnull=True),
            ),
            models.Index(
                fields=["stopped_at"], name="notices_failed", condition=Q(stopped_as="failed")
            ),
        ]


class Wishes(models.Model):
    """How somebody wishes to be told. Without a row: by email, at once, at any hour.

    `by_push` holds as long as there is a browser of theirs that shows notices.
    `phone` is written to from `phone_shown_at` on, when a code sent there was typed here. Quiet
    hours and `daily_at` (None: at once) are by the clock of `time_zone`.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.PROTECT, related_name="wishes"
    )
    by_email = models.BooleanField(default=True)
    by_sms = models.BooleanField(default=False)
    by_push = models.BooleanField(default=False)
    phone = models.CharField(max_length=20, blank=True)
    phone_shown_at = models.DateTimeField(null=True, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    code_failures = models.PositiveSmallIntegerField(default=0)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    daily_at = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=60, default="America/New_York")


class PushBrowser(models.Model):
    """A browser in which somebody asked to be shown notices, as its push service knows it.

    `public_key` and `secret` (base64url) are what it made to be written to; `last_key` is the
    notice it was sent last, `device` the browser in words, `signed_in_at` when the sign-in began
    in which it was asked for: it ends with that, when that is ended from elsewhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="push_browsers"
    )
    endpoint = models.CharField(max_length=1000)
    public_key = models.CharField(max_length=100)
    secret = models.CharField(max_length=30)
    device = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    last_key = models.CharField(max_length=40, blank=True)
    signed_in_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint"], name="push_browser_once")]


class Muted(models.Model):
    """Somebody asked not to be told of one conversation. It shows in their inbox all the same."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="muted"
    )
    thread_id = models.UUIDField()
    muted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "thread_id"], name="muted_once"),
        ]
