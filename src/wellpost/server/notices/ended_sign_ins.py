"""Where a sign-in was ended from elsewhere, no notice is shown any more: the device may be lost."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from wellpost.server.people.models import User
from wellpost.server.people.signals import sign_ins_ended

from .push.browsers import end_with_sign_ins


@receiver(sign_ins_ended)
def end_push(
    user: User, ended: Collection[datetime] | None, kept: datetime | None, **_: Any
) -> None:
    """In the transaction that ends them."""
    end_with_sign_ins(user, ended, kept)
