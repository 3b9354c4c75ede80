"""Who can sign in, where they are, and who they are elsewhere."""

from __future__ import annotations

import uuid
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    """Makes users; the email address is the name one signs in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user with this address (kept in lower case) and password."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """The user of an address, however it is written."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who can sign in. What they may do follows from their roles elsewhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_an_address")]

    def __str__(self) -> str:
        return self.name


class SignIn(AbstractBaseSession):
    """A session: somebody signed in on one device, or (no `user`) a visitor. Gone when it ends.

    The times are real ones, also where the clock of a demo is set. Who came by the practice's own
    sign-in has digests of their subject and session there, by which it ends them.
    """

    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="sign_ins"
    )
    device = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    subject_there = models.CharField(max_length=64, blank=True, default="", db_index=True)
    session_there = models.CharField(max_length=64, blank=True, default="", db_index=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that the setting SESSION_ENGINE names."""
        return import_module(settings.SESSION_ENGINE).SessionStore


class WantedReset(models.Model):
    """Somebody asked for a new password for this address, whether or not anybody has it here."""

    address = models.EmailField()
    asked_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)


class BoundSubject(models.Model):
    """Whom the practice's own sign-in (OpenID Connect) knows a user as: its issuer's subject."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="bound_subjects")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    bound_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="a_subject_is_one_user"),
            models.UniqueConstraint(fields=["issuer", "user"], name="a_user_is_one_subject"),
        ]
