"""Key-encryption keys in AWS KMS: they never leave it; it wraps and unwraps, and keeps its log.

Each secret (at most 4096 bytes) goes through Encrypt and Decrypt with an encryption context, which
AWS writes into CloudTrail in the clear: it holds the hash of what the secret is bound to, nothing
else. The key is named by WELLPOST_KMS_KEY: an id, ARN or alias of this account and region.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.conf import settings

from wellpost.errors import RequestError

from ..errors import TamperedError
from .provider import KeyProviderError, Wrapped

LOOKED_UP_SECONDS = 60
"""How long an alias that was pointed at another key may go unnoticed."""
CHANGED = {"InvalidCiphertextException", "IncorrectKeyException"}


class KmsKeyProvider:
    """Wraps under the key that WELLPOST_KMS_KEY names; whatever KMS wrapped, it unwraps."""

    def __init__(self) -> None:
        if not settings.KMS_KEY:
            raise RequestError(
                "WELLPOST_KMS_KEY is empty; with WELLPOST_KEYS=aws-kms give the id, ARN or alias "
                "of a symmetric key."
            )
        self._in_force: tuple[float, str] = (0.0, "")

    def key_in_force(self) -> str:
        """The id of the key that the setting names now."""
        until, key_id = self._in_force
        if until < time.monotonic():
            with _answered(settings.KMS_KEY):
                said = self._client.describe_key(KeyId=settings.KMS_KEY)
            key_id = str(said["KeyMetadata"]["KeyId"])
            self._in_force = time.monotonic() + LOOKED_UP_SECONDS, key_id
        return key_id

    def renew(self) -> str:
        """Keys are made in KMS, by who may do so there."""
        raise RequestError(
            f"Everything is wrapped under the key {self.key_in_force()} of AWS KMS. To put another "
            "one in force, make it there, name it in WELLPOST_KMS_KEY (or point the alias at it), "
            "start the server again, and run this command again."
        )

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        """The secret as KMS encrypted it."""
        key_id = self.key_in_force()
        with _answered(key_id):
            said = self._client.encrypt(
                KeyId=key_id, Plaintext=secret, EncryptionContext=_hashed(context)
            )
        return Wrapped(key_id, bytes(said["CiphertextBlob"]))

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """The secret again."""
        if not wrapped.key_id.replace("-", "").isalnum():
            raise TamperedError("key")
        with _answered(wrapped.key_id):
            said = self._client.decrypt(
                KeyId=wrapped.key_id,
                CiphertextBlob=bytes(wrapped.data),
                EncryptionContext=_hashed(context),
            )
        if str(said["KeyId"]).rpartition("/")[2] != wrapped.key_id:
            raise TamperedError("key")
        return bytes(said["Plaintext"])

    @cached_property
    def _client(self) -> Any:
        """One client for all threads (boto3 says that clients may be shared so)."""
        try:
            import boto3
        except ImportError:
            raise RequestError(
                "WELLPOST_KEYS is aws-kms, which needs boto3: pip install 'wellpost[aws]'."
            ) from None
        session = boto3.session.Session(region_name=settings.KMS_REGION or None)
        return session.client("kms", endpoint_url=settings.KMS_ADDRESS or None)


@contextmanager
def _answered(key_id: str) -> Iterator[None]:
    """What KMS refuses, in words: a changed secret is an alarm, all else a matter of the key."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as refusal:
        code = refusal.response.get("Error", {}).get("Code", "")
        if code in CHANGED:
            raise TamperedError("key") from None
        raise KeyProviderError(
            f"AWS KMS refuses the key {key_id}: {code}. Messages open again once the key is "
            "enabled and this server may use it (kms:DescribeKey, kms:Encrypt, kms:Decrypt)."
        ) from None
    except BotoCoreError as fault:
        raise KeyProviderError(
            f"AWS KMS cannot be asked ({type(fault).__name__}); messages open again once it can. "
            "Check WELLPOST_KMS_REGION, the credentials of this machine, and its network."
        ) from None


def _hashed(context: bytes) -> dict[str, str]:
    return {"wellpost": base64.b64encode(hashlib.sha256(context).digest()).decode()}
