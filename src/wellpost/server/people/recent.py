"""When somebody last showed who they are, in this session."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

from .models import User


def latest_proof(request: HttpRequest) -> float:
    """The moment of the last sign-in or proof, in seconds; 0 for none."""
    if not isinstance(request.user, User):
        return 0.0
    shown = get_authentication_records(request, request.user)
    return max((float(each["at"]) for each in shown), default=0.0)


def proved_within(request: HttpRequest, seconds: float) -> bool:
    """Whether that is so few seconds ago."""
    return time.time() - latest_proof(request) <= seconds
