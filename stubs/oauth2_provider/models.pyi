# The parts of django-oauth-toolkit 3.4 that Wellpost builds on; it has no types of its own.
import uuid

from django.db import models

class AbstractApplication(models.Model):
    CLIENT_CONFIDENTIAL: str
    CLIENT_PUBLIC: str
    GRANT_AUTHORIZATION_CODE: str
    RS256_ALGORITHM: str
    client_id = models.CharField(max_length=255)
    client_type = models.CharField(max_length=32)
    client_secret = models.CharField(max_length=255)
    authorization_grant_type = models.CharField(max_length=44)
    redirect_uris = models.TextField()
    name = models.CharField(max_length=255)
    algorithm = models.CharField(max_length=5)
    registration_source = models.CharField(max_length=32)
    class Meta:
        abstract = True

    def redirect_uri_allowed(self, uri: str) -> bool: ...

class AbstractGrant(models.Model):
    code = models.CharField(max_length=255)
    class Meta:
        abstract = True

class AbstractAccessToken(models.Model):
    token_checksum = models.CharField(max_length=64)
    expires = models.DateTimeField()
    scope = models.TextField()
    class Meta:
        abstract = True

class AbstractRefreshToken(models.Model):
    token_checksum = models.CharField(max_length=64)
    token_family = models.UUIDField(null=True)
    revoked = models.DateTimeField(null=True)
    class Meta:
        abstract = True

class AbstractIDToken(models.Model):
    jti = models.UUIDField(default=uuid.uuid4)
    class Meta:
        abstract = True

class ClientSecretField(models.CharField[str, str]): ...
class TokenChecksumField(models.CharField[str, str]): ...
class ResourceJSONField(models.JSONField): ...
