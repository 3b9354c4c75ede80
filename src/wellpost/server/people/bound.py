"""Who is known to the practice's own sign-in."""

from __future__ import annotations

from django.conf import settings

from .models import BoundSubject, User


def came_by_provider(user: User) -> bool:
    """Whether the user signed in by the provider that is configured, ever."""
    issuer = settings.SINGLE_SIGN_ON.issuer
    return bool(issuer) and BoundSubject.objects.filter(user=user, issuer=issuer).exists()


def unbind(user: User) -> int:
    """Forget whom the provider knows the user as: the next time it is found by the address."""
    count, _ = BoundSubject.objects.filter(user=user).delete()
    return count
