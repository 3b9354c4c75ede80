"""Small pictures of attached ones, sealed as they are, and shown within the page itself.

A page carries them as data, so that looking at a conversation is one opening of its keys and one
row of the record, however many pictures it has.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Mapping
from uuid import UUID

from .associated_data import VERSION, encode
from .envelope import EpochKeys, Sealed, seal, unseal
from .models import AttachmentThumbnail


def store_thumbnails(pictures: Mapping[UUID, bytes], keys: EpochKeys) -> None:
    """Seal and keep the pictures by attachment (empty: none), in the caller's transaction."""
    rows = [_sealed(attachment, data, keys) for attachment, data in pictures.items() if data]
    if rows:
        AttachmentThumbnail.objects.bulk_create(rows)


def sealed_thumbnails(attachments: Collection[UUID]) -> dict[UUID, Sealed]:
    """Those kept of these attachments, still sealed; no statement where there are none."""
    if not attachments:
        return {}
    rows = AttachmentThumbnail.objects.filter(attachment__in=attachments)
    return {each.attachment_id: Sealed(bytes(each.nonce), bytes(each.sealed)) for each in rows}


def shown(attachment: UUID, sealed: Sealed, keys: EpochKeys) -> str:
    """The picture as an address that a page can show; TamperedError when it was changed."""
    data = unseal(keys.attachment_key(attachment), sealed, _bound(attachment), "attachment")
    return f"data:image/jpeg;base64,{b64encode(data).decode()}"


def _sealed(attachment: UUID, data: bytes, keys: EpochKeys) -> AttachmentThumbnail:
    made = seal(keys.attachment_key(attachment), data, _bound(attachment))
    return AttachmentThumbnail(attachment_id=attachment, nonce=made.nonce, sealed=made.data)


def _bound(attachment: UUID) -> bytes:
    return encode("wellpost", VERSION, "thumbnail", attachment)
