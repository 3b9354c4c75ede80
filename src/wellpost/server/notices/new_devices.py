"""Telling somebody that they, or somebody else, signed in where they never did before.

ASVS 5.0, 6.3.5. The letter names no device and no place: an address can be read by others.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from wellpost.server.people.known_devices import known_device
from wellpost.server.people.models import User

from .actions import Kind, tell

JUST_MADE = timedelta(hours=1)
"""Whoever has just made their account knows that they signed in."""


@receiver(user_logged_in)
def signed_in_somewhere(request: HttpRequest, user: User, **_: Any) -> None:
    """Tell the owner of the account, where this browser is not one of theirs."""
    is_new = timezone.now() - user.joined_at < JUST_MADE
    if not is_new and known_device(request, user.email) is None:
        tell(users=[user.pk], kind=Kind.NEW_DEVICE)
