"""Settings of the place that holds the key-encryption keys: files of this machine, or AWS KMS."""

from __future__ import annotations

import os

from wellpost.errors import RequestError

__all__ = ["KEY_PROVIDER", "KMS_ADDRESS", "KMS_KEY", "KMS_REGION"]

PLACES = {
    "file": "wellpost.server.messaging.keys.file.FileKeyProvider",
    "aws-kms": "wellpost.server.messaging.keys.kms.KmsKeyProvider",
}


def _place() -> str:
    given = os.environ.get("WELLPOST_KEYS", "").strip() or "file"
    if given not in PLACES:
        raise RequestError(f"WELLPOST_KEYS is {given!r}; write {' or '.join(PLACES)}.")
    return PLACES[given]


KEY_PROVIDER = _place()
KMS_KEY = os.environ.get("WELLPOST_KMS_KEY", "").strip()
KMS_REGION = os.environ.get("WELLPOST_KMS_REGION", "").strip()
KMS_ADDRESS = os.environ.get("WELLPOST_KMS_ADDRESS", "").strip()
