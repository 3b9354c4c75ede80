"""Who a session is of: every page asks. Read along with the session, or by one statement."""

from __future__ import annotations

from contextvars import ContextVar
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
    return User.objects.filter(pk=Slot("user", UUIDField())).annotate(**standing("pk"))


def standing(user: str) -> dict[str, Exists]:
    """The two, of the user in that column."""
    them = OuterRef(user)
    held = Membership.objects.filter(Q(user=them) | Q(clinician__user=them))
    represented = Representative.objects.filter(user=them)
    return {"has_worked": Exists(held), "has_represented": Exists(represented)}


_USERS = Prepared(_users)

brought: ContextVar[User | None] = ContextVar("brought", default=None)
"""The user that the session just read belongs to, until it is asked for."""


class ByAddress(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """django-allauth's way to sign in by email address."""

    def _authenticate_by_email(self, email: str, password: str) -> Any:
        """By the account's own address, with one question whether or not anybody has it."""
        user = User.objects.filter(email__iexact=email.strip()).first()
        return self._check_password(user, password)

    def get_user(self, user_id: UUID | str) -> Any:
        """The user of that id who may sign in, or None."""
        held = brought.get()
        brought.set(None)
        found = [held] if held and held.pk == user_id else _USERS(user=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
