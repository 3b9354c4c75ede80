"""Who a session is of, by one prepared statement: every page asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef, Q, QuerySet, UUIDField

from wellpost.server.prepared import Prepared, Slot

from .models import Membership, Representative, User


def _users() -> QuerySet[User]:
    """With whether they ever worked anywhere (`has_worked`) or were to represent anybody
    (`has_represented`): for most patients, who did neither, no page needs to ask again.
    """
    held = Membership.objects.filter(Q(user=OuterRef("pk")) | Q(clinician__user=OuterRef("pk")))
    users = User.objects.filter(pk=Slot("user", UUIDField()))
    represented = Representative.objects.filter(user=OuterRef("pk"))
    return users.annotate(has_worked=Exists(held), has_represented=Exists(represented))


_USERS = Prepared(_users)


class ByAddress(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """django-allauth's way to sign in by email address."""

    def _authenticate_by_email(self, email: str, password: str) -> Any:
        """By the account's own address, with one question whether or not anybody has it."""
        user = User.objects.filter(email__iexact=email.strip()).first()
        return self._check_password(user, password)

    def get_user(self, user_id: UUID | str) -> Any:
        """The user of that id who may sign in, or None."""
        found = _USERS(user=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
