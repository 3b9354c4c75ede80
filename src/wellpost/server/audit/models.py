"""One row for every deed. No foreign keys: a row outlives what it speaks of."""

from __future__ import annotations

import uuid

from django.db import models


class AuditRow(models.Model):
    """Who did what, to which patient's data, when (ASTM E2147; 45 CFR 170.315(d)(2)).

    Holds identifiers and counts only; never a name, a text, a code or a date of birth.
    """

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(default=uuid.uuid4, unique=True)
    recorded_at = models.DateTimeField(db_index=True)
    deed = models.CharField(max_length=60, db_index=True)
    outcome = models.CharField(max_length=20, default="done")
    actor_id = models.CharField(max_length=40, blank=True, db_index=True)
    actor_kind = models.CharField(max_length=20, blank=True)
    on_behalf_of = models.CharField(max_length=40, blank=True)
    practice_id = models.CharField(max_length=40, blank=True, db_index=True)
    patient_id = models.CharField(max_length=40, blank=True, db_index=True)
    target_kind = models.CharField(max_length=40, blank=True)
    target_id = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=40, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]


class WaitingRow(models.Model):
    """A row of the audit that is not in its tree yet. The database itself makes it, with the row,
    so that none is forgotten, whatever order transactions end in; the sealer takes it away.
    """

    row_id = models.BigIntegerField(primary_key=True)


class SealedRow(models.Model):
    """The place of a row in the tree of its practice, or of the server, and its leaf's hash."""

    row_id = models.BigIntegerField(primary_key=True)
    tree = models.CharField(max_length=40)
    place = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tree", "place"], name="one_row_a_place"),
        ]


class TreeNode(models.Model):
    """The root of a full subtree of 2^level leaves, the last of them `last`.

    Every fourth level is kept: the others are sixteen hashes away.
    """

    tree = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()
    last = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tree", "last", "level"], name="one_node_a_place"),
        ]
