"""Threads, their epochs and keys, messages, attachments, receipts. All content is ciphertext."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wellpost.server.people.models import (
    Clinician,
    Membership,
    Patient,
    Practice,
    Representative,
)


class PartyKind(models.TextChoices):
    """Who holds a key: a patient's record, a representative, a practice."""

    PATIENT = "patient"
    REPRESENTATIVE = "representative"
    PRACTICE = "practice"


class PartyKey(models.Model):
    """A party's key pair; the private key wrapped by a key-encryption key of the key provider."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party_kind = models.CharField(max_length=20, choices=PartyKind)
    party_id = models.UUIDField()
    suite = models.PositiveSmallIntegerField()
    public_key = models.BinaryField()
    wrapped_private_key = models.BinaryField()
    wrapping_key_id = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party_kind", "party_id"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_key_in_force_a_party",
            ),
        ]


class ThreadState(models.TextChoices):
    """Open; resolved (the patient may still write, which reopens); locked."""

    OPEN = "open", _("Open")
    RESOLVED = "resolved", _("Resolved")
    LOCKED = "locked", _("Locked")


class Thread(models.Model):
    """One topic between one patient (and representatives) and one practice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="threads")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="threads")
    state = models.CharField(max_length=10, choices=ThreadState, default=ThreadState.OPEN)
    started_at = models.DateTimeField()
    last_message_at = models.DateTimeField(db_index=True)
    last_sequence = models.PositiveIntegerField(default=0)
    # The epoch in force: each new one seals the subject anew.
    subject_epoch = models.PositiveIntegerField(default=1)
    subject_nonce = models.BinaryField()
    subject_sealed = models.BinaryField()
    # Its keys were destroyed at the end of the time it had to be kept; the rows stay and count.
    destruction = models.ForeignKey(
        "Destruction", null=True, blank=True, on_delete=models.PROTECT, related_name="destroyed"
    )

    class Meta:
        indexes = [
            models.Index(fields=["practice", "-last_message_at"]),
            models.Index(fields=["patient", "-last_message_at"]),
            models.Index(fields=["practice", "-started_at", "id"]),
            models.Index(
                fields=["practice", "state", "-last_message_at", "-id"], name="threads_by_state"
            ),
        ]


class Participant(models.Model):
    """Somebody of the practice with a role on the thread."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="participants")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "membership"], name="one_role_a_thread"),
        ]


class Coverage(models.Model):
    """Somebody of the practice is away between two days, and a colleague answers meanwhile."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="coverages")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="away")
    covered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="covering")
    starts_on = models.DateField()
    ends_on = models.DateField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class Epoch(models.Model):
    """A stretch of a thread under one random key; a new one when a party leaves."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="epochs")
    number = models.PositiveIntegerField()
    suite = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    reason = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="one_epoch_a_number"),
        ]


class KeyWrap(models.Model):
    """An epoch's key, wrapped for one party by HPKE (RFC 9180)."""

    epoch = models.ForeignKey(Epoch, on_delete=models.PROTECT, related_name="wraps")
    party_key = models.ForeignKey(PartyKey, on_delete=models.PROTECT, related_name="wraps")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["epoch", "party_key"], name="one_wrap_a_party"),
        ]


class SenderKind(models.TextChoices):
    """Who wrote, as the measures ask it."""

    CLINICIAN = "clinician"
    STAFF = "staff"
    AUTOMATED = "automated"
    PATIENT = "patient"
    REPRESENTATIVE = "representative"


class Addressee(models.TextChoices):
    """To whom, as the measures ask it."""

    PATIENT = "patient"
    REPRESENTATIVE = "representative"
    CLINICIAN = "clinician"


class Message(models.Model):
    """One message, never edited. `clinician` is the one who takes part: the author, the one
    staff write for, or the one addressed. `sent_on` is the practice's local day. `sender` is
    empty for what was written elsewhere and imported (`source_system`, `source_id`), and for
    what the practice answers by itself (automated).
    `request_digest` tells whether a repeated `client_key` asks for the same message again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="messages")
    epoch = models.ForeignKey(Epoch, on_delete=models.PROTECT, related_name="messages")
    sequence = models.PositiveIntegerField()
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sender_kind = models.CharField(max_length=20, choices=SenderKind)
    representative = models.ForeignKey(
        Representative, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    clinician = models.ForeignKey(
        Clinician, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_to = models.CharField(max_length=20, choices=Addressee)
    addressed_to = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField()
    sent_on = models.DateField(db_index=True)
    in_reply_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    content_type = models.CharField(max_length=60)
    nonce = models.BinaryField()
    sealed = models.BinaryField()
    client_key = models.CharField(max_length=64)
    request_digest = models.BinaryField(default=b"")
    source_system = models.CharField(max_length=200, blank=True)
    source_id = models.CharField(max_length=200, blank=True)
    retracted_at = models.DateTimeField(null=True, blank=True)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    class Meta:
        ordering = ["thread", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "sequence"], name="one_message_a_place"),
            models.UniqueConstraint(
                fields=["sender", "client_key"], name="one_message_a_client_key"
            ),
            models.UniqueConstraint(
                fields=["source_system", "source_id"],
                condition=~models.Q(source_id=""),
                name="one_message_an_identifier",
            ),
        ]


class Attachment(models.Model):
    """A file of a message. Its name, type and hash stand sealed in the message itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    size = models.PositiveBigIntegerField()


class AttachmentChunk(models.Model):
    """64 KiB of an attachment, sealed with its place."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="chunks")
    position = models.PositiveIntegerField()
    nonce = models.BinaryField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attachment", "position"], name="one_chunk_a_place"),
        ]


class Receipt(models.Model):
    """That a person opened a message. Unread is what has no receipt; it is never stored apart."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="receipts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "user"], name="one_receipt_a_reader"),
        ]
