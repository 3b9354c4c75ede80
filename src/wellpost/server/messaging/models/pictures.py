"""Small pictures of attached ones."""

from __future__ import annotations

from django.db import models

from .conversations import Attachment


class AttachmentThumbnail(models.Model):
    """A small JPEG of a picture, sealed under the attachment's own key."""

    attachment = models.OneToOneField(
        Attachment, primary_key=True, on_delete=models.CASCADE, related_name="thumbnail"
    )
    nonce = models.BinaryField()
    sealed = models.BinaryField()
