"""Key-encryption keys in AWS KMS, as moto plays it."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from wellpost.errors import RequestError
from wellpost.server.messaging import queries
from wellpost.server.messaging.errors import TamperedError
from wellpost.server.messaging.keys.kms import KmsKeyProvider
from wellpost.server.messaging.keys.opened import opened_keys
from wellpost.server.messaging.keys.provider import KeyProviderError, Wrapped, provider
from wellpost.server.messaging.rotation.holdings import counted
from wellpost.server.messaging.rotation.rewrapping import rotate

REGION = "us-east-1"


@pytest.fixture
def kms(monkeypatch, settings, tmp_path):
    """KMS with an alias that leads to a key."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    settings.HOME = tmp_path
    with mock_aws():
        client = boto3.client("kms", region_name=REGION)
        key = client.create_key()["KeyMetadata"]["KeyId"]
        client.create_alias(AliasName="alias/wellpost", TargetKeyId=key)
        settings.KMS_KEY, settings.KMS_REGION = "alias/wellpost", REGION
        settings.KEY_PROVIDER = "wellpost.server.messaging.keys.kms.KmsKeyProvider"
        yield client
    provider.cache_clear()


def another(client) -> str:
    """A newer key that the alias leads to."""
    key = client.create_key()["KeyMetadata"]["KeyId"]
    client.update_alias(AliasName="alias/wellpost", TargetKeyId=key)
    provider.cache_clear()
    return str(key)


def test_a_secret_comes_back_under_its_context_alone(kms):
    held = KmsKeyProvider()
    wrapped = held.wrap(b"secret", b"context")
    assert b"secret" not in wrapped.data
    assert held.unwrap(wrapped, b"context") == b"secret"
    for wrong, context in ((wrapped, b"other"), (Wrapped(wrapped.key_id, b"x" * 60), b"context")):
        with pytest.raises(TamperedError):
            held.unwrap(wrong, context)


def test_what_one_key_wrapped_does_not_open_as_anothers(kms):
    held = KmsKeyProvider()
    wrapped = held.wrap(b"secret", b"context")
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    with pytest.raises((TamperedError, KeyProviderError)):  # KMS itself says: an incorrect key
        held.unwrap(Wrapped(other, wrapped.data), b"context")


@pytest.mark.parametrize("name", ["alias/other", "arn:aws:kms:x", ""])
def test_a_name_from_the_database_leads_to_no_alias(kms, name):
    with pytest.raises(TamperedError):
        KmsKeyProvider().unwrap(Wrapped(name, b"data"), b"")


def test_the_log_of_aws_learns_nothing(kms, monkeypatch):
    """CloudTrail keeps the encryption context in the clear."""
    held = KmsKeyProvider()
    seen = []
    encrypt = held._client.encrypt
    monkeypatch.setattr(
        held._client, "encrypt", lambda **said: (seen.append(said), encrypt(**said))[1]
    )
    held.wrap(b"secret", b"patient 4711")
    assert list(seen[0]["EncryptionContext"]) == ["wellpost"]
    assert "4711" not in str(seen[0]["EncryptionContext"])


@pytest.mark.django_db
def test_messages_open_and_the_key_is_rotated(kms, first, alice):
    old = provider().key_in_force()
    assert set(counted()) == {old} and len(old) <= 80
    with pytest.raises(RequestError, match="WELLPOST_KMS_KEY"):
        rotate()
    new = another(kms)
    run = rotate()
    assert run.key_id == new and not run.made and set(counted()) == {new}
    kms.disable_key(KeyId=old)
    opened_keys.forget()
    opened = queries.open_thread(first.thread_id, alice.user)
    assert [each.text for each in opened.messages] == ["All values are as they should be."]


@pytest.mark.parametrize(
    ("code", "raised", "says"),
    [
        ("DisabledException", KeyProviderError, r"enabled.*kms:Decrypt"),
        ("AccessDeniedException", KeyProviderError, "AccessDeniedException"),
        ("IncorrectKeyException", TamperedError, "changed after it was sealed"),
        ("InvalidCiphertextException", TamperedError, "changed after it was sealed"),
    ],
)
def test_a_key_that_may_not_be_used_is_no_alarm_and_a_changed_secret_is(
    kms, monkeypatch, code, raised, says
):
    """moto disables no key for Decrypt, so its answers are those of the API's reference."""
    held = KmsKeyProvider()
    wrapped = held.wrap(b"secret", b"")

    def refused(**_):
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "Decrypt")

    monkeypatch.setattr(held._client, "decrypt", refused)
    with pytest.raises(raised, match=says):
        held.unwrap(wrapped, b"")


def test_no_answer_is_no_alarm(kms, monkeypatch):
    held = KmsKeyProvider()
    wrapped = held.wrap(b"secret", b"")

    def silent(**_):
        raise EndpointConnectionError(endpoint_url="https://kms.example.org")

    monkeypatch.setattr(held._client, "decrypt", silent)
    with pytest.raises(KeyProviderError, match="cannot be asked"):
        held.unwrap(wrapped, b"")


def test_without_a_key_named_it_does_not_start(settings):
    settings.KMS_KEY = ""
    with pytest.raises(RequestError, match="WELLPOST_KMS_KEY is empty"):
        KmsKeyProvider()


def test_an_unknown_place_is_refused(monkeypatch):
    from wellpost.server.config import key_store

    monkeypatch.setenv("WELLPOST_KEYS", "vault")
    with pytest.raises(RequestError, match="write file or aws-kms"):
        key_store._place()
