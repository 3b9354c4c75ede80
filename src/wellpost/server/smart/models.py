"""Apps, what each practice decided of them, and what patients let them do."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractApplication,
    AbstractGrant,
    AbstractIDToken,
    AbstractRefreshToken,
)

from wellpost.server.people.models import Patient, Practice


class App(AbstractApplication):
    """A program that somebody registered. It may read nothing before a practice approves it.

    What it says of itself (`name`, `website`, `privacy_page`, `contact`) nobody has checked.
    """

    website = models.CharField(max_length=500, blank=True)
    privacy_page = models.CharField(max_length=500, blank=True)
    contact = models.CharField(max_length=320, blank=True)
    registered_at = models.DateTimeField()

    class Meta(AbstractApplication.Meta):
        ordering = ["registered_at", "id"]

    @property
    def can_keep_a_secret(self) -> bool:
        """Whether it runs where nobody else reads its secret: a confidential client."""
        return bool(self.client_type == self.CLIENT_CONFIDENTIAL)


class Decision(models.TextChoices):
    """What a practice decided of an app; without a row it has not decided."""

    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Approval(models.Model):
    """What a practice decided of an app, last; its patients can connect it while it is approved."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="approvals")
    decision = models.CharField(max_length=10, choices=Decision)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "app"], name="one_decision_a_practice_and_app"
            ),
        ]


class Ending(models.TextChoices):
    """Why a connection ended."""

    PERSON = "person", _("Ended by the patient's side")
    PRACTICE = "practice", _("The practice withdrew its approval")
    APP = "app", _("The app gave its access back")
    MISUSE = "misuse", _("Something used twice that can be used once")


class Connection(models.Model):
    """One consent: the user lets the app read one patient's record, within `scope`.

    `began_at` is when the app took it up; one that no app took up gives nothing. `counted_on` is
    the local day of the last portal action that stands for its reads. `code_digest` is the SHA-256
    of the code it began with, by which a second use is known. `runs_out_at` was fixed with the
    consent; nothing is read after it. One for an hour or a session has none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="connections")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="connections"
    )
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="connections")
    scope = models.TextField()
    agreed_at = models.DateTimeField()
    runs_out_at = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    counted_on = models.DateField(null=True, blank=True)
    code_digest = models.CharField(max_length=64, blank=True, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=10, choices=Ending, blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "ended_at"])]

    @property
    def practice_id(self) -> uuid.UUID:
        """The practice that keeps the record."""
        return self.patient.practice_id


class Grant(AbstractGrant):
    """A code that waits to be turned into tokens, once, within a minute."""

    connection = models.ForeignKey(
        Connection, null=True, on_delete=models.CASCADE, related_name="grants"
    )


class AccessToken(AbstractAccessToken):
    """A key to one record, for an hour; only its digest is kept."""

    connection = models.ForeignKey(
        Connection, null=True, on_delete=models.CASCADE, related_name="access_tokens"
    )


class RefreshToken(AbstractRefreshToken):
    """What an access token is renewed with, once; only its digest is kept."""

    connection = models.ForeignKey(
        Connection, null=True, on_delete=models.CASCADE, related_name="refresh_tokens"
    )


class IDToken(AbstractIDToken):
    """That an app was told who signed in."""
