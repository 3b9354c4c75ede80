"""Files from home, sealed piece by piece, and the imports of files that devices write."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from wellpost.server.people.models import Patient, Practice, Representative


class HomeFile(models.Model):
    """A file (or words) from home, sealed under a key of its own.

    The key is wrapped by a key-encryption key of the key provider, outside the database. Name,
    type by content and hash stand sealed in `note`. `dropped_at`: its content was let go, which
    happens to device files once their readings are here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="home_files")
    wrapping_key_id = models.CharField(max_length=80)
    wrapped_key = models.BinaryField()
    note_nonce = models.BinaryField()
    note_sealed = models.BinaryField()
    size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)


class HomeFileChunk(models.Model):
    """64 KiB of a file, sealed with its place."""

    file = models.ForeignKey(HomeFile, on_delete=models.CASCADE, related_name="chunks")
    position = models.PositiveIntegerField()
    nonce = models.BinaryField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "position"], name="one_home_chunk_a_place"),
        ]


class BatchState(models.TextChoices):
    """Where an import stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"


class ImportBatch(models.Model):
    """One import of a device's file. It can be interrupted at any moment and run again.

    `form` is the kind of file; `bytes_read` of `bytes_in_all` (as stored, packed or not) tells
    how far it is. `added` readings are new, `known` were here already, `left_out` are of kinds
    that are not kept, `refused` could not be right. `alive_at` is renewed while it runs: one
    that stopped is taken up again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="home_imports")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    representative = models.ForeignKey(
        Representative, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file = models.ForeignKey(HomeFile, on_delete=models.PROTECT, related_name="imports")
    form = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.WAITING)
    received_at = models.DateTimeField()
    alive_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    bytes_in_all = models.PositiveBigIntegerField()
    bytes_read = models.PositiveBigIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    says = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "received_at"])]
